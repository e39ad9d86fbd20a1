import Chunking
import Inspection
import Primitives
import Testing

@Suite struct ChunkerTests {
  private let chunker = Chunker(parser: nil)

  private func chunks(_ text: String, target: Int = 1500) -> [Chunk] {
    let bytes = Array(text.utf8)
    return Chunker(parser: nil, targetByteCount: target).chunks(of: bytes.span, in: .plainText)
  }

  /// What must hold of every file's chunks, told in the plainest way.
  private func expectWhole(_ chunks: [Chunk], of bytes: [UInt8], target: Int = 1500, _ note: Comment? = nil) {
    var position = 0
    var line = 1
    for chunk in chunks {
      #expect(chunk.bytes.lowerBound == position, note)
      #expect(chunk.lines.lowerBound == line, note)
      #expect(!chunk.bytes.isEmpty, note)
      if chunk.bytes.lowerBound > 0 { #expect(bytes[chunk.bytes.lowerBound - 1] == 10, note) }
      var count = bytes[chunk.bytes].reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
      if bytes[chunk.bytes.upperBound - 1] != 10 { count += 1 }
      position = chunk.bytes.upperBound
      line += count
      #expect(chunk.lines.upperBound == line - 1, note)
      let ink = bytes[chunk.bytes].reduce(0) { $0 + ($1 > 32 ? 1 : 0) }
      if chunk.lines.count > 1, bytes[chunk.bytes].split(separator: 10).filter({ $0.contains { $0 > 32 } }).count > 1 {
        #expect(ink <= 2 * target, note)
      }
    }
    #expect(position == bytes.count, note)
  }

  @Test func `an empty file has no chunks`() {
    #expect(chunks("").isEmpty)
  }

  @Test func `a small file is one chunk`() {
    #expect(chunks("one\ntwo\n\nthree") == [Chunk(bytes: 0..<14, lines: 1...4)])
    #expect(chunks("one\ntwo\n") == [Chunk(bytes: 0..<8, lines: 1...2)])
    #expect(chunks("\n") == [Chunk(bytes: 0..<1, lines: 1...1)])
    #expect(chunks(" \n\n\t") == [Chunk(bytes: 0..<4, lines: 1...3)])
  }

  @Test func `lines count by newlines whatever else ends them`() {
    let crlf = Array(String(repeating: "a line of some length\r\n", count: 300).utf8)
    let parts = chunker.chunks(of: crlf.span, in: .plainText)
    #expect(parts.count > 1)
    expectWhole(parts, of: crlf)
    let cr = Array(String(repeating: "a line of some length\r", count: 300).utf8)
    #expect(chunker.chunks(of: cr.span, in: .plainText) == [Chunk(bytes: 0..<cr.count, lines: 1...1)])
  }

  @Test func `random bytes are covered line by line`() {
    let alphabets: [[UInt8]] = [
      Array(0...255), [10], [10, 32], [10, 13, 97], [10, 97, 98, 123, 125, 40, 41], [0, 10, 200, 255],
      Array("#=-*\n A{}e\t".utf8),
    ]
    for seed in 0..<140 {
      var random = SeededRandom(seed: UInt64(seed))
      let alphabet = alphabets[seed % alphabets.count]
      let count = Int.random(in: 1...12_000, using: &random)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
      let target = [64, 300, 1500][seed % 3]
      let parts = Chunker(parser: nil, targetByteCount: target).chunks(of: bytes.span, in: .plainText)
      expectWhole(parts, of: bytes, target: target, "seed \(seed)")
    }
  }

  @Test func `a line of many megabytes is a chunk of its own`() {
    var bytes = Array("first\n".utf8)
    bytes += [UInt8](repeating: 97, count: 20_000_000)
    bytes += Array("\nlast\n".utf8)
    let parts = chunker.chunks(of: bytes.span, in: .plainText)
    #expect(parts.map(\.lines) == [1...1, 2...2, 3...3])
  }

  @Test func `text is cut between its paragraphs and before its headings`() {
    var text = ""
    for section in 1...8 {
      text += "## Section \(section)\n\n"
      for _ in 0..<4 { text += String(repeating: "Some words about it. ", count: 10) + "\n" }
      text += "\n"
    }
    let bytes = Array(text.utf8)
    let parts = chunks(text)
    #expect(parts.count >= 4)
    for part in parts { #expect(bytes[part.bytes].starts(with: Array("## Section".utf8))) }
  }

  @Test func `indented blocks stay together`() {
    var text = ""
    for name in 1...30 {
      text += "block \(name) {\n" + String(repeating: "    some statement here;\n", count: 20) + "}\n"
    }
    let bytes = Array(text.utf8)
    for part in chunks(text) { #expect(bytes[part.bytes].starts(with: Array("block".utf8))) }
  }
}
