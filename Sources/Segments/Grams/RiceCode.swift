/// Ascending numbers as Rice codes of their gaps: what the files of a gram are kept in. Close to the entropy of a list,
/// and as good for lists of two as for long ones.
///
/// A bit stream, the lowest bit of each byte first. For each 32 numbers, of the last fewer:
///
/// | bits | what |
/// |---|---|
/// | 5 | k |
/// | for each number | its gap >> k zeros and a one, then the lowest k bits of the gap |
///
/// A gap is a number less the one before it, less 1. The number before the first is -1.
enum RiceCode {
  static let blockSize = 32
  private static let parameterBits = 5
  private static let largestParameter = 24

  /// Appends `numbers`, which ascend, to `output`, up to a whole byte.
  static func append(_ numbers: Span<UInt32>, to output: inout [UInt8]) {
    var writer = BitWriter()
    var next: UInt32 = 0
    var start = 0
    while start < numbers.count {
      let end = min(numbers.count, start + blockSize)
      let parameter = parameter(of: numbers.extracting(start..<end), from: next)
      writer.append(UInt64(parameter), parameterBits, to: &output)
      for i in start..<end {
        let gap = UInt64(numbers[i] - next)
        next = numbers[i] + 1
        var quotient = Int(gap >> UInt64(parameter))
        while quotient > 31 {
          writer.append(0, 31, to: &output)
          quotient -= 31
        }
        writer.append(1 << UInt64(quotient), quotient + 1, to: &output)
        writer.append(gap & (1 << UInt64(parameter) - 1), parameter, to: &output)
      }
      start = end
    }
    writer.finish(&output)
  }

  /// The one that takes the fewest bits, or one close to it.
  private static func parameter(of numbers: Span<UInt32>, from next: UInt32) -> Int {
    let count = UInt32(numbers.count)
    let mean = (numbers[numbers.count - 1] &- next) / count
    // Lists come in clusters: more often than not it is below that of the mean.
    var best = min(largestParameter, UInt32.bitWidth - mean.leadingZeroBitCount)
    var bestCost = cost(of: numbers, from: next, best)
    while best > 0 {
      let cost = cost(of: numbers, from: next, best - 1)
      if cost > bestCost { break }
      bestCost = cost
      best -= 1
    }
    return best
  }

  private static func cost(of numbers: Span<UInt32>, from first: UInt32, _ parameter: Int) -> Int {
    var sum: UInt32 = 0
    var next = first
    for i in numbers.indices {
      sum &+= (numbers[i] &- next) &>> UInt32(parameter)
      next = numbers[i] &+ 1
    }
    return Int(sum) + numbers.count * parameter
  }

  /// Calls `body` with `count` numbers of `bytes`, all below `limit`. False, after some of them perhaps, where the
  /// bytes do not hold that.
  @inline(__always)
  static func forEach(_ count: Int, below limit: Int, in bytes: Span<UInt8>, _ body: (UInt32) -> Void) -> Bool {
    var position = 0
    let end = 8 * bytes.count
    var next = 0
    var rest = count
    while rest > 0 {
      guard position + parameterBits <= end else { return false }
      let parameter = Int(bytes.bits(at: position) & 31)
      position += parameterBits
      guard parameter <= largestParameter else { return false }
      let mask: UInt64 = 1 << UInt64(parameter) - 1
      for _ in 0..<min(rest, blockSize) {
        var window = bytes.bits(at: position)
        var quotient = window.trailingZeroBitCount
        if quotient > 31 {
          // Longer than a window has room for beside the bits below.
          quotient = 0
          while window & 0x7FFF_FFFF == 0 {
            guard position + 31 < end else { return false }
            quotient += 31
            position += 31
            window = bytes.bits(at: position)
          }
          let last = window.trailingZeroBitCount
          quotient += last
          position += last + 1
          window >>= UInt64(last + 1)
        } else {
          position += quotient + 1
          window >>= UInt64(quotient + 1)
        }
        position += parameter
        next += quotient << parameter + Int(window & mask)
        guard position <= end, next < limit else { return false }
        body(UInt32(truncatingIfNeeded: next))
        next += 1
      }
      rest -= min(rest, blockSize)
    }
    return true
  }

  private struct BitWriter {
    private var pending: UInt64 = 0
    private var pendingCount = 0

    init() {}

    /// Appends the lowest `count` bits, at most 32, of `bits`, which has no others.
    @inline(__always)
    mutating func append(_ bits: UInt64, _ count: Int, to output: inout [UInt8]) {
      pending |= bits << UInt64(pendingCount)
      pendingCount += count
      while pendingCount >= 8 {
        output.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        pendingCount -= 8
      }
    }

    mutating func finish(_ output: inout [UInt8]) {
      if pendingCount > 0 { output.append(UInt8(truncatingIfNeeded: pending)) }
      (pending, pendingCount) = (0, 0)
    }
  }
}

extension Span<UInt8> {
  /// At least 57 bits from the bit at `position` on, the lowest first; zeros behind the end.
  @inline(__always)
  fileprivate func bits(at position: Int) -> UInt64 {
    let offset = position >> 3
    if offset <= count - 8 {
      return UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
        >> UInt64(position & 7)
    }
    return lastBits(at: position)
  }

  @inline(never)
  private func lastBits(at position: Int) -> UInt64 {
    var bits: UInt64 = 0
    var offset = position >> 3
    var shift: UInt64 = 0
    while offset < count {
      bits |= UInt64(self[offset]) << shift
      offset += 1
      shift += 8
    }
    return bits >> UInt64(position & 7)
  }
}
