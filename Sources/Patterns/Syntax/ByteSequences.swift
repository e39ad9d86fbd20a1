/// How UTF-8 spells the scalars of a set whose spellings have the same length: one of `first`, and behind it what any
/// of `rest` has.
struct ByteSequences: Hashable {
  var first: [ClosedRange<UInt8>]
  var rest: [ByteSequences]

  /// The alternatives of each length that there is, in ascending order.
  static func of(_ set: ScalarSet) -> [[ByteSequences]] {
    let limits: [UInt32] = [0, 0x80, 0x800, 0x10000, 0x110000]
    var all: [[ByteSequences]] = []
    for length in 1...4 {
      var spellings: [[ClosedRange<UInt8>]] = []
      for range in set.ranges {
        let lower = max(range.lowerBound, limits[length - 1])
        let upper = min(range.upperBound, limits[length] - 1)
        if lower <= upper { split(lower, upper, length, &spellings) }
      }
      if !spellings.isEmpty { all.append(joined(spellings)) }
    }
    return all
  }

  /// The bytes of the scalars of a range, as sequences of ranges of bytes.
  private static func split(_ lower: UInt32, _ upper: UInt32, _ length: Int, _ all: inout [[ClosedRange<UInt8>]]) {
    for i in 1..<max(1, length) {
      let mask: UInt32 = 1 << (6 * UInt32(i)) - 1
      guard lower & ~mask != upper & ~mask else { continue }
      if lower & mask != 0 {
        split(lower, lower | mask, length, &all)
        return split((lower | mask) + 1, upper, length, &all)
      }
      if upper & mask != mask {
        split(lower, (upper & ~mask) - 1, length, &all)
        return split(upper & ~mask, upper, length, &all)
      }
    }
    let (start, end) = (bytes(of: lower, length), bytes(of: upper, length))
    all.append(zip(start, end).map { $0...$1 })
  }

  private static func bytes(of scalar: UInt32, _ length: Int) -> [UInt8] {
    if length == 1 { return [UInt8(scalar)] }
    let marks: [UInt8] = [0, 0, 0xC0, 0xE0, 0xF0]
    return (0..<length).map { i in
      let bits = UInt8(truncatingIfNeeded: scalar >> (6 * UInt32(length - 1 - i)))
      return i == 0 ? marks[length] | bits : 0x80 | bits & 0x3F
    }
  }

  /// The same, with what is alike in them only once.
  private static func joined(_ spellings: [[ClosedRange<UInt8>]]) -> [ByteSequences] {
    guard let one = spellings.first else { return [] }
    if one.count == 1 { return [ByteSequences(first: spellings.map { $0[0] }, rest: [])] }
    var groups: [(first: ClosedRange<UInt8>, rest: [[ClosedRange<UInt8>]])] = []
    for spelling in spellings {
      if groups.last?.first == spelling[0] {
        groups[groups.count - 1].rest.append(Array(spelling.dropFirst()))
      } else {
        groups.append((spelling[0], [Array(spelling.dropFirst())]))
      }
    }
    var order: [[ByteSequences]] = []
    var firsts: [[ByteSequences]: [ClosedRange<UInt8>]] = [:]
    for group in groups {
      let rest = joined(group.rest)
      if firsts[rest] == nil { order.append(rest) }
      firsts[rest, default: []].append(group.first)
    }
    return order.map { ByteSequences(first: firsts[$0] ?? [], rest: $0) }
  }
}
