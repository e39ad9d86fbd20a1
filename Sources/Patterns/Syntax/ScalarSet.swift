/// A set of Unicode scalars, as ranges in ascending order that do not touch each other. Surrogates are in none.
struct ScalarSet: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<UInt32>] = []

  static let all = ScalarSet([0...0x10FFFF])

  /// The scalars of `parts`, which may overlap and be in any order.
  init(_ parts: [ClosedRange<UInt32>] = []) {
    var sorted: [ClosedRange<UInt32>] = []
    sorted.reserveCapacity(parts.count)
    for part in parts {
      if part.upperBound < 0xD800 || part.lowerBound > 0xDFFF {
        sorted.append(part)
        continue
      }
      if part.lowerBound < 0xD800 { sorted.append(part.lowerBound...0xD7FF) }
      if part.upperBound > 0xDFFF { sorted.append(0xE000...part.upperBound) }
    }
    sorted.sort { $0.lowerBound < $1.lowerBound }
    for range in sorted {
      if let last = ranges.last, last.upperBound + 1 >= range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        ranges.append(range)
      }
    }
  }

  /// The range that a table writes as `41-5A` or `41`.
  static func range(_ text: Substring) -> ClosedRange<UInt32>? {
    let ends = text.split(separator: "-").compactMap { UInt32($0, radix: 16) }
    guard let lower = ends.first, let upper = ends.last, lower <= upper else { return nil }
    return lower...upper
  }

  var isEmpty: Bool { ranges.isEmpty }

  func contains(_ scalar: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(scalar)
  }

  func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

  /// All scalars that are not in it.
  var complement: ScalarSet {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
    return ScalarSet(gaps)
  }

  func intersection(_ other: ScalarSet) -> ScalarSet { complement.union(other.complement).complement }
  func subtracting(_ other: ScalarSet) -> ScalarSet { complement.union(other).complement }

  /// With the other cases of each of its letters.
  var folded: ScalarSet {
    var partners: [ClosedRange<UInt32>] = []
    for (scalar, others) in CaseOrbits.table where contains(scalar) {
      for other in others { partners.append(other...other) }
    }
    return ScalarSet(ranges + partners)
  }

  /// The same of ASCII alone, whose letters have no other cases but those of ASCII.
  var foldedInASCII: ScalarSet {
    let letters = (UInt32(0x41)...0x5A).filter { contains($0) || contains($0 | 0x20) }
    return ScalarSet(ranges + letters.flatMap { [$0...$0, ($0 | 0x20)...($0 | 0x20)] })
  }
}

extension ScalarClass {
  /// Its members. Costs some milliseconds where a property is among its parts.
  var members: ScalarSet {
    switch self {
    case .parts(let parts, let isNegated, let foldsCase):
      var set = ScalarSet(parts.flatMap { Self.ranges(of: $0, foldsCase) })
      if foldsCase { set = set.folded }
      return isNegated ? set.complement : set
    case .union(let sets, let isNegated):
      let set = ScalarSet(sets.flatMap(\.members.ranges))
      return isNegated ? set.complement : set
    case .intersection(let a, let b): return a.members.intersection(b.members)
    case .difference(let a, let b): return a.members.subtracting(b.members)
    case .symmetricDifference(let a, let b):
      let (left, right) = (a.members, b.members)
      return left.subtracting(right).union(right.subtracting(left))
    }
  }

  private static func ranges(of part: Part, _ foldsCase: Bool) -> [ClosedRange<UInt32>] {
    switch part {
    case .range(let lower, let upper): return [lower...upper]
    case .perl(let kind, let isNegated, let isUnicode):
      let set = isUnicode ? UnicodeProperty.members(of: kind) : asciiMembers(of: kind)
      return (isNegated ? set.complement : set).ranges
    case .property(let property, let isNegated):
      // A property is closed under case before it is negated.
      let set = foldsCase ? property.members.folded : property.members
      return (isNegated ? set.complement : set).ranges
    }
  }

  private static func asciiMembers(of kind: PerlClass) -> ScalarSet {
    switch kind {
    case .digit: ScalarSet([0x30...0x39])
    case .space: ScalarSet([9...13, 0x20...0x20])
    case .word: ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    }
  }

  /// Whether a part of it is a property, not of a class in it; and whether case does not count for that.
  var holdsProperty: Bool {
    guard case .parts(let parts, _, _) = self else { return false }
    return parts.contains { if case .property = $0 { true } else { false } }
  }
  var foldsProperty: Bool {
    if case .parts(_, _, foldsCase: true) = self { holdsProperty } else { false }
  }
}
