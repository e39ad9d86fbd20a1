import Kernels
import Primitives
import Testing

/// What text kernels find, beside a plain loop or a list written out here.
@Suite struct TextKernelTests {
  @Test func `lines begin after line breaks`() {
    var random = SeededRandom(seed: 3)
    for count in [0, 1, 2, 63, 64, 65, 127, 128, 1000] {
      for density in [0, 1, 5, 40] {
        let text = (0..<count).map { _ in
          density > 0 && Int.random(in: 0..<density, using: &random) == 0 ? UInt8(ascii: "\n") : UInt8(ascii: "x")
        }
        var expected: [UInt32] = [0]
        for (i, byte) in text.enumerated() where byte == UInt8(ascii: "\n") { expected.append(UInt32(i + 1)) }
        if expected.last != UInt32(count) { expected.append(UInt32(count)) }
        #expect(lineStarts(of: text.span) == expected)
        #expect(lineBreakCount(in: text.span) == text.count { $0 == UInt8(ascii: "\n") })
      }
    }
  }

  @Test func `most of a text is rejected`() {
    var prefilter = TrigramPrefilter()
    prefilter.insert("retry")
    prefilter.insert("io")
    var offsets = ByteBitmap()
    let text = Array("the reader rests; Retry(io) unretried IORetry portio".utf8)
    prefilter.find(in: text.span, &offsets)
    var found: [Int] = []
    while let offset = offsets.first(from: (found.last ?? -1) + 1) { found.append(offset) }
    #expect(found == [18, 24, 38, 40])
  }
}
