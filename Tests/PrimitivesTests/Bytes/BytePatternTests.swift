import Primitives
import TestSupport
import Testing

@Suite struct BytePatternTests {
  /// The slow twin.
  private func offsets(of pattern: [UInt8], in text: [UInt8]) -> [Int] {
    guard !pattern.isEmpty, pattern.count <= text.count else { return [] }
    return (0...(text.count - pattern.count)).filter { text[$0..<($0 + pattern.count)].elementsEqual(pattern) }
  }

  @Test func `occurrences are those of a comparison at every offset`() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<2000 {
      // Few letters, so that beginnings repeat.
      let text = (0..<random.next(upTo: 40)).map { _ in UInt8(ascii: "a") + UInt8(random.next(upTo: 2)) }
      let pattern = (0..<random.next(upTo: 7)).map { _ in UInt8(ascii: "a") + UInt8(random.next(upTo: 2)) }
      for searched in [BytePattern(pattern), BytePattern(pattern, longestCompared: 0)] {
        var found: [Int] = []
        let last = searched.offset(in: text.span, ignoresCase: false) { start, end in
          #expect(end - start == pattern.count)
          found.append(start)
          return false
        }
        #expect(last == nil && found == offsets(of: pattern, in: text))
        #expect(searched.offset(in: text.span, ignoresCase: true) { _, _ in true } == found.first)
      }
    }
  }

  @Test func `capitals of a text count as small letters where case is ignored`() {
    let text = Array("a ReTRY".utf8)
    for longestCompared in [0, 64] {
      let pattern = BytePattern(Array("retry".utf8), longestCompared: longestCompared)
      #expect(pattern.offset(in: text.span, ignoresCase: true) { _, _ in true } == 2)
      #expect(pattern.offset(in: text.span, ignoresCase: false) { _, _ in true } == nil)
    }
  }
}
