import Kernels
import Primitives
import Testing

/// The grams of a text, beside a plain loop over it.
@Suite struct GramKernelTests {
  /// Of the letters a to c.
  private static let table = GramKernels.Table(
    [9, 3, 1].flatMap { factor in
      (0..<256).map { 97..<100 ~= $0 ? UInt32(($0 - 97) * factor) : GramKernels.Table.none }
    }, limit: 27)

  private static func expected(_ text: [UInt8]) -> [Int] {
    var grams: Set<Int> = []
    for i in text.indices {
      let three = text[i...].prefix(3).map { Int($0) - 97 }
      if three.count == 3, three.allSatisfy({ (0..<3).contains($0) }) { grams.insert(three.reduce(0) { $0 * 3 + $1 }) }
    }
    return grams.sorted()
  }

  private static func numbers(_ gaps: [UInt8]) -> [Int] {
    var numbers: [Int] = []
    var next = 0
    var gap = 0
    var shift = 0
    for byte in gaps {
      gap |= Int(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 {
        numbers.append(next + gap)
        next += gap + 1
        (gap, shift) = (0, 0)
      }
    }
    return numbers
  }

  @Test(arguments: 1...40)
  func `grams are those that a plain loop finds`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for count in [0, 1, 2, 3, 4, 5, 8, 63, 64, 200] {
      let text = (0..<count).map { _ in
        Int.random(in: 0..<8, using: &random) == 0
          ? UInt8.random(in: 0...255, using: &random) : UInt8.random(in: 97...99, using: &random)
      }
      #expect(Self.numbers(GramKernels.gaps(of: text.span, Self.table)) == Self.expected(text), "\(text)")
    }
  }

  @Test func `large gaps take more bytes`() {
    var entries = [UInt32](repeating: GramKernels.Table.none, count: 3 * 256)
    for (byte, number) in [(97, UInt32(0)), (98, 127), (99, 256), (100, 16_384 + 257), (101, 2_000_000)] {
      entries[byte] = number
    }
    (entries[256 + 32], entries[512 + 32]) = (0, 0)
    let table = GramKernels.Table(entries, limit: 1 << 21)
    let text = Array("e  d  c  b  a  ".utf8)
    #expect(Self.numbers(GramKernels.gaps(of: text.span, table)) == [0, 127, 256, 16_641, 2_000_000])
  }

  @Test func `zeros are seen wherever they are`() {
    for count in [0, 1, 15, 16, 64, 65, 300] {
      var text = [UInt8](repeating: 1, count: count)
      let before = GramKernels.holdsNull(text.span)
      text.append(0)
      let after = GramKernels.holdsNull(text.span)
      #expect(!before && after)
    }
  }
}
