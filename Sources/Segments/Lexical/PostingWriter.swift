import Kernels

/// Writes posting lists: chunk numbers, ascending, each with the code of its term's frequency.
///
/// A list of n postings is n / 128 full blocks and a tail of the other n % 128:
///
/// | bytes | what |
/// |---|---|
/// | 4, 2, 1, 1 for each full block | last chunk, byte count of the block, largest frequency code, smallest length |
/// | the blocks | see below |
/// | for each posting of the tail | varint: 4 x gap + code |
///
/// A gap is a chunk number less the one before it, less 1. The number before the first is -1.
///
/// | bytes of a block | what |
/// |---|---|
/// | 1 | b: the bits of a gap |
/// | 1 | how many gaps have more bits |
/// | 1 | 3 low bits, c: the bits of a code; the others: how many codes have more |
/// | 16 b | the low bits of the gaps (`PostingKernels.pack`) |
/// | 16 c | the low bits of the codes |
/// | for each gap with more bits | u8 its place, varint the bits above b |
/// | for each code with more bits | u8 its place, u8 the bits above c |
struct PostingWriter {
  static let blockSize = 128
  static let headerByteCount = 8

  private var gaps: [UInt32] = Array(repeating: 0, count: blockSize)
  private var codes: [UInt32] = Array(repeating: 0, count: blockSize)
  private var packed: [UInt8] = Array(repeating: 0, count: 16 * 32)
  private var blocks: [UInt8] = []

  /// Appends a list to `output`. `lengths` holds the length code of every chunk.
  mutating func append(
    chunks: Span<UInt32>, codes: Span<UInt8>, lengths: Span<UInt8>, to output: inout [UInt8]
  ) {
    let fullCount = chunks.count / Self.blockSize
    var next: UInt32 = 0
    blocks.removeAll(keepingCapacity: true)
    for block in 0..<fullCount {
      let range = block * Self.blockSize..<(block + 1) * Self.blockSize
      let start = blocks.count
      var largestCode: UInt8 = 0
      var smallestLength = UInt8.max
      for i in range {
        let index = i - range.lowerBound
        gaps[index] = chunks[i] - next
        next = chunks[i] + 1
        self.codes[index] = UInt32(codes[i])
        largestCode = max(largestCode, codes[i])
        smallestLength = min(smallestLength, lengths[Int(chunks[i])])
      }
      appendBlock()
      output.append(number: next - 1)
      output.append(number: UInt16(blocks.count - start))
      output.append(largestCode)
      output.append(smallestLength)
    }
    output.append(contentsOf: blocks)
    for i in (fullCount * Self.blockSize)..<chunks.count {
      output.append(varint: Int(chunks[i] - next) << 2 | Int(codes[i]))
      next = chunks[i] + 1
    }
  }

  private mutating func appendBlock() {
    let gapBits = Self.bestBits(gaps.span, exceptionLimit: 255)
    let codeBits = Self.bestBits(codes.span, exceptionLimit: 31)
    let start = blocks.count
    blocks.append(UInt8(gapBits))
    blocks.append(0)
    blocks.append(0)
    Self.appendPacked(gaps, bits: gapBits, &packed, to: &blocks)
    Self.appendPacked(codes, bits: codeBits, &packed, to: &blocks)
    var largeGaps = 0
    if gapBits < 32 {
      for i in 0..<Self.blockSize where gaps[i] >> UInt32(gapBits) != 0 {
        blocks.append(UInt8(i))
        blocks.append(varint: Int(gaps[i] >> UInt32(gapBits)))
        largeGaps += 1
      }
    }
    var largeCodes = 0
    for i in 0..<Self.blockSize where codes[i] >> UInt32(codeBits) != 0 {
      blocks.append(UInt8(i))
      blocks.append(UInt8(codes[i] >> UInt32(codeBits)))
      largeCodes += 1
    }
    blocks[start + 1] = UInt8(largeGaps)
    blocks[start + 2] = UInt8(codeBits | largeCodes << 3)
  }

  private static func appendPacked(
    _ numbers: [UInt32], bits: Int, _ packed: inout [UInt8], to blocks: inout [UInt8]
  ) {
    PostingKernels.pack(numbers, bits: bits, to: &packed)
    blocks.append(packed.span.extracting(first: 16 * bits))
  }

  /// The number of bits with which `numbers` take the fewest bytes, the larger ones kept apart.
  private static func bestBits(_ numbers: Span<UInt32>, exceptionLimit: Int) -> Int {
    // How many numbers have each number of bits.
    var counts: InlineArray<33, Int> = .init(repeating: 0)
    var most = 0
    for i in numbers.indices {
      let bits = 32 - numbers[i].leadingZeroBitCount
      counts[bits] += 1
      most = max(most, bits)
    }
    var best = most
    var bestCost = 16 * most
    var exceptions = 0
    var cost = 0
    var bits = most - 1
    while bits >= 0 {
      exceptions += counts[bits + 1]
      if exceptions > exceptionLimit { break }
      cost = 16 * bits
      for k in (bits + 1)..<(most + 1) { cost += counts[k] * (1 + (k - bits + 6) / 7) }
      if cost < bestCost { (best, bestCost) = (bits, cost) }
      bits -= 1
    }
    return best
  }
}
