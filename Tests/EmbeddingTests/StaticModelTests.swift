import Disk
import Embedding
import Primitives
import Testing

@Suite struct StaticModelTests {
  private let text = Array("func openSocket(host: String) { retry(3); HTTPConnection.open(host) }".utf8)

  @Test func `a vector is the same to the last bit on every machine and in every version`() throws {
    let model = try StaticModel.builtIn()
    let vector = try model.embed(text.span, pieces: [text.indices], path: "Sources/Net/Socket.swift")
    let bytes = vector.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } }
    #expect(ContentHash(of: bytes.span).description == "33f7bcdba5bd615f8663978cc952e956")
  }

  @Test func `vectors do not depend on the instance, nor on what was embedded before`() throws {
    let (first, second) = (try StaticModel.builtIn(), try StaticModel.builtIn())
    var random = SeededRandom(seed: 8)
    let bytes = randomBytes(20_000, &random)
    let pieces = stride(from: 0, to: 20_000, by: 1000).map { $0..<($0 + 1000) }
    let together = try first.embed(bytes.span, pieces: pieces, path: "a/b.c")
    let backwards = try second.embed(bytes.span, pieces: pieces.reversed(), path: "a/b.c")
    for number in pieces.indices {
      let mirrored = pieces.count - 1 - number
      #expect(together[(number * 256)..<(number * 256 + 256)] == backwards[(mirrored * 256)..<(mirrored * 256 + 256)])
    }
  }

  @Test func `many threads share one model`() async throws {
    let model = try StaticModel.builtIn()
    let text = text
    let expected = try model.embed(text.span, pieces: [text.indices], path: "x.c")
    let expectedQuery = try model.embed(query: "open a socket")
    let agree = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask {
          for _ in 0..<50 {
            guard try model.embed(text.span, pieces: [text.indices], path: "x.c") == expected,
              try model.embed(query: "open a socket") == expectedQuery
            else { return false }
          }
          return true
        }
      }
      return try await group.reduce(true) { $0 && $1 }
    }
    #expect(agree)
  }

  @Test func `a text that says nothing has a vector of zeros, unless its path says something`() throws {
    let model = try StaticModel.builtIn()
    let silent = Array("{ 日本 123456 } \u{0}\n".utf8)
    let zeros = [Float](repeating: 0, count: 256)
    #expect(try model.embed(silent.span, pieces: [silent.indices, 0..<0], path: ".x") == zeros + zeros)
    #expect(try model.embed(query: " ") == zeros)
    #expect(try model.embed(silent.span, pieces: [], path: "socket.c").isEmpty)
    let named = try model.embed(silent.span, pieces: [silent.indices], path: "socket.c")
    #expect(abs(named.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
  }

  @Test func `words do not reach over the ends of a piece`() throws {
    let model = try StaticModel.builtIn()
    let joined = Array("parseHeader".utf8)
    let halves = try model.embed(joined.span, pieces: [0..<3, 3..<11], path: "")
    let (first, second) = (Array("par".utf8), Array("seHeader".utf8))
    #expect(try halves[..<256] == model.embed(first.span, pieces: [first.indices], path: "")[...])
    #expect(try Array(halves[256...]) == model.embed(second.span, pieces: [second.indices], path: ""))
  }

  @Test func `a question is nearer to the code that answers it than to other code`() throws {
    let model = try StaticModel.builtIn()
    let query = try model.embed(query: "how is a network connection retried")
    let other = Array("struct Matrix { float determinant(); void transpose(); }".utf8)
    func similarity(_ text: [UInt8]) throws -> Float {
      zip(query, try model.embed(text.span, pieces: [text.indices], path: "")).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(try similarity(text) > similarity(other) + 0.1)
  }

  @Test func `similarities of pieces are the dot products of their vectors`() throws {
    let model = try StaticModel.builtIn()
    let vector = try model.embed(query: "open a connection again")
    var names = PieceGroups()
    func add(_ text: String) {
      names.text.append(contentsOf: text.utf8)
      names.ends.append(names.text.count)
    }
    func endFile(_ path: FilePath) { names.groups.append((path, names.ends.count)) }
    for text in ["openSocket ", "HTTPConnection.open retry ", "", "open open open größe  x ", "é", "123456 "] {
      add(text)
    }
    endFile("Sources/Net/Socket.swift")
    // Longer than what is looked at in one go, words and runs of digits among it that are themselves.
    add(String(repeating: "closeSocket ", count: 400))
    add(String(repeating: "word", count: 1000) + " ")
    add(String(repeating: "9", count: 5000) + " retry ")
    endFile("")
    endFile("net/socket/retry.c")
    add("socket9 ")
    endFile("net/open/socket/socket.c")
    var expected: [Float] = []
    for group in names.groups {
      let pieces = (expected.count..<group.pieceEnd).map { ($0 == 0 ? 0 : names.ends[$0 - 1])..<names.ends[$0] }
      let vectors = try model.embed(names.text.span, pieces: pieces, path: group.path)
      for k in pieces.indices {
        expected.append((0..<vector.count).reduce(Float(0)) { $0 + vectors[k * vector.count + $1] * vector[$1] })
      }
    }
    // The second time over a table that knows other texts.
    for _ in 0..<2 {
      let found = try model.similarities(of: names, to: vector)
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-5) }
    }
  }
}
