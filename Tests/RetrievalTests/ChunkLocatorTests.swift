import Chunking
import Primitives
import Retrieval
import Segments
import Testing

@Suite struct ChunkLocatorTests {
  private let lines = ["a\n", "b\n", "def f\n", "  x\n", "end\n", "z\n"]

  private func stored(_ lines: [String], _ range: ClosedRange<Int>) -> StoredChunk {
    let bytes = lines.map { Array($0.utf8) }
    let start = bytes[..<(range.lowerBound - 1)].joined().count
    let own = Array(bytes[(range.lowerBound - 1)..<range.upperBound].joined())
    return StoredChunk(
      file: 0, chunk: Chunk(bytes: start..<(start + own.count), lines: range), contentHash: ChunkHash(of: own.span))
  }
  private func text(_ lines: [String]) -> SourceText { SourceText(Array(lines.joined().utf8)) }

  @Test func `an unchanged chunk is where it was`() throws {
    let found = try #require(ChunkLocator.locate(stored(lines, 3...5), in: text(lines)))
    #expect(found.lines == 3...5 && !found.hasMoved)
  }

  @Test func `a chunk is found where it has moved`() throws {
    let down = try #require(ChunkLocator.locate(stored(lines, 3...5), in: text(["n\n", "m\n"] + lines)))
    #expect(down.lines == 5...7 && down.hasMoved)
    let up = try #require(ChunkLocator.locate(stored(lines, 3...5), in: text(Array(lines.dropFirst(2)))))
    #expect(up.lines == 1...3 && up.hasMoved)
  }

  @Test func `of two copies the nearer is taken`() throws {
    let copies = ["q\n"] + lines + Array(repeating: "pad\n", count: 20) + lines
    let found = try #require(ChunkLocator.locate(stored(lines, 3...5), in: text(copies)))
    #expect(found.lines == 4...6)
  }

  @Test func `a changed chunk is gone`() {
    var changed = lines
    changed[3] = "  y\n"
    #expect(ChunkLocator.locate(stored(lines, 3...5), in: text(changed)) == nil)
    #expect(ChunkLocator.locate(stored(lines, 3...5), in: text([])) == nil)
    #expect(ChunkLocator.locate(stored(lines, 3...5), in: text(["a\n"])) == nil)
  }

  @Test func `the end of a file without a newline is a line`() throws {
    let open = ["a\n", "b"]
    let found = try #require(ChunkLocator.locate(stored(open, 2...2), in: text(["x\n", "a\n", "b"])))
    #expect(found.lines == 3...3)
  }

  @Test func `lines that only end otherwise are found where they are`() throws {
    let forms: [(String, [String])] = [
      ("LF", lines), ("CRLF", lines.map { $0.dropLast() + "\r\n" }),
      ("LF, open", lines.dropLast() + ["z"]),
      ("CRLF, open", lines.dropLast().map { $0.dropLast() + "\r\n" } + ["z"]),
    ]
    for (old, oldLines) in forms {
      for (new, newLines) in forms {
        for range in [1...1, 3...5, 5...6, 1...6] {
          let inPlace = ChunkLocator.locate(stored(oldLines, range), in: text(newLines))
          #expect(inPlace?.lines == range && inPlace?.hasMoved == false, "\(old) to \(new), \(range)")
          let below = ChunkLocator.locate(stored(oldLines, range), in: text(["n\r\n"] + newLines))
          #expect(below?.lines == range.lowerBound + 1...range.upperBound + 1, "\(old) to \(new), \(range)")
          #expect(below?.hasMoved == true)
        }
      }
    }
  }

  @Test func `other lines with other ends are gone`() {
    var changed: [String] = lines.map { $0.dropLast() + "\r\n" }
    changed[3] = "  y\r\n"
    #expect(ChunkLocator.locate(stored(lines, 3...5), in: text(changed)) == nil)
    // As many bytes, cut into lines at another place.
    #expect(ChunkLocator.locate(stored(["ab\n", "c\n"], 1...2), in: text(["a\r\n", "bc\r\n"])) == nil)
  }

  @Test func `lines that moved at random are found, and only true copies`() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<500 {
      let old = (0..<30).map { _ in "\("abc".randomElement(using: &random)!)\n" }
      let from = Int.random(in: 1...28, using: &random)
      let chunk = stored(old, from...Int.random(in: from...30, using: &random))
      var new = old
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        new.insert("new\n", at: Int.random(in: 0...new.count, using: &random))
      }
      let wanted = Array(old[(chunk.chunk.lines.lowerBound - 1)..<chunk.chunk.lines.upperBound])
      // The slow twin: compares the lines themselves at every place.
      let places = (0...max(0, new.count - wanted.count)).filter { Array(new[$0...].prefix(wanted.count)) == wanted }
      let found = ChunkLocator.locate(chunk, in: text(new))
      #expect((found == nil) == places.isEmpty)
      if let found { #expect(places.contains(found.lines.lowerBound - 1)) }
    }
  }

  @Test func `hostile ranges are no chunk`() {
    for range in [0..<0, 5..<900, Int.max - 2..<Int.max] {
      let chunk = StoredChunk(
        file: 0, chunk: Chunk(bytes: range, lines: 1...max(1, min(range.count, 4))),
        contentHash: ChunkHash(bits: 1))
      #expect(ChunkLocator.locate(chunk, in: text(lines)) == nil)
    }
  }
}
