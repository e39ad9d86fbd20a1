import JSONRPC
import Primitives
import Testing

@Suite struct LineSplitterTests {
  /// The lines of `bytes`, fed in pieces of the sizes that `sizes` gives in turn.
  private func lines(_ bytes: [UInt8], sizes: [Int], limit: Int = 100) -> [LineSplitter.Line] {
    var splitter = LineSplitter(limit: limit)
    var lines: [LineSplitter.Line] = []
    var start = 0
    var turn = 0
    while start < bytes.count {
      let end = min(bytes.count, start + max(1, sizes[turn % sizes.count]))
      splitter.add(Array(bytes[start..<end])) { lines.append($0) }
      (start, turn) = (end, turn + 1)
    }
    splitter.finish { lines.append($0) }
    return lines
  }

  private func whole(_ text: String) -> LineSplitter.Line { .whole(Array(text.utf8)) }

  @Test func `lines end with a newline, the last one with the stream; blank ones are none`() {
    let found = lines(Array("a\r\n\n  \r\nbc\nd".utf8), sizes: [100])
    #expect(found == [whole("a"), whole("bc"), whole("d")])
  }

  @Test func `a line that is too long is told once, and the next one is read`() {
    let text = String(repeating: "x", count: 101) + "\n" + String(repeating: "y", count: 100) + "\nz\n"
    for size in [1, 7, 64, 1_000] {
      #expect(
        lines(Array(text.utf8), sizes: [size]) == [.tooLong, whole(String(repeating: "y", count: 100)), whole("z")])
    }
    #expect(lines(Array(String(repeating: "x", count: 500).utf8), sizes: [50]) == [.tooLong])
  }

  @Test(arguments: 0..<50)
  func `how the stream is cut into pieces changes nothing`(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let alphabet = Array("ab\n\r {}\u{E9}".utf8)
    let bytes = (0..<400).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
    let sizes = (0..<9).map { _ in Int(random.next() % 40) + 1 }
    #expect(lines(bytes, sizes: sizes, limit: 20) == lines(bytes, sizes: [bytes.count], limit: 20))
  }
}
