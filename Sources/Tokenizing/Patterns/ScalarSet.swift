/// A set of Unicode scalars, as a pattern names it: `[^\s\p{L}]`.
struct ScalarSet: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<UInt32>] = []
  /// One bit for each general category.
  private var categories: UInt32 = 0
  private var hasSpaces = false
  private var hasNonSpaces = false
  private var others: [ScalarSet] = []
  private var isInverted = false
  /// Membership of the ASCII scalars, known beforehand.
  private var ascii: [Bool] = []

  static func scalar(_ scalar: UInt32) -> ScalarSet {
    var set = ScalarSet()
    set.insert(scalar...scalar)
    set.finish()
    return set
  }

  mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

  mutating func insertSpaces(inverted: Bool) { if inverted { hasNonSpaces = true } else { hasSpaces = true } }

  mutating func insert(_ set: ScalarSet) { others.append(set) }

  /// - Parameter name: a general category, `Lu`, or the letter of a group of them, `L`. False if there is none.
  mutating func insert(category name: String, inverted: Bool) -> Bool {
    var mask: UInt32 = 0
    for (number, category) in ScalarClass.categoryNames.enumerated()
    where category == name || category.prefix(1) == name {
      mask |= 1 << UInt32(number)
    }
    if mask == 0 { return false }
    let all: UInt32 = 1 << UInt32(ScalarClass.categoryNames.count) - 1
    categories |= inverted ? all & ~mask : mask
    return true
  }

  mutating func invert() { isInverted.toggle() }

  /// To be called once everything is inserted.
  mutating func finish() {
    ranges.sort { $0.lowerBound < $1.lowerBound }
    ascii = (0..<128 as Range<UInt32>).map { computed($0) }
  }

  @inline(__always)
  func contains(_ scalar: UInt32) -> Bool {
    scalar < 128 ? ascii[Int(truncatingIfNeeded: scalar)] : computed(scalar)
  }

  private func computed(_ scalar: UInt32) -> Bool { isThere(scalar) != isInverted }

  private func isThere(_ scalar: UInt32) -> Bool {
    if categories != 0 || hasSpaces || hasNonSpaces {
      let kind = UnicodeTables.shared.scalarClass(scalar)
      if categories & 1 << UInt32(kind.category) != 0 { return true }
      if kind.isSpace ? hasSpaces : hasNonSpaces { return true }
    }
    for range in ranges {
      if scalar < range.lowerBound { break }
      if scalar <= range.upperBound { return true }
    }
    return others.contains { $0.contains(scalar) }
  }
}
