import Primitives

// Classes over ASCII alone, where every set operation can be carried out.

extension ScalarClass {
  /// Whether every engine has a spelling for it.
  var isSimple: Bool {
    if case .parts = self { return true }
    return false
  }

  /// Whether each of the 128 scalars is a member; nil where a part is a property, of which this room has no table.
  var asciiMembers: [Bool]? {
    switch self {
    case .parts(let parts, let isNegated, let foldsCase):
      var members = [Bool](repeating: false, count: 128)
      for part in parts {
        guard let some = Self.members(of: part, foldsCase) else { return nil }
        for i in 0..<128 where some[i] { members[i] = true }
      }
      if foldsCase {
        for upper in 0x41...0x5A where members[upper] || members[upper | 0x20] {
          members[upper] = true
          members[upper | 0x20] = true
        }
      }
      return isNegated ? members.map { !$0 } : members
    case .union(let sets, let isNegated):
      var members = [Bool](repeating: false, count: 128)
      for set in sets {
        guard let some = set.asciiMembers else { return nil }
        for i in 0..<128 where some[i] { members[i] = true }
      }
      return isNegated ? members.map { !$0 } : members
    case .intersection(let a, let b): return Self.joined(a, b) { $0 && $1 }
    case .difference(let a, let b): return Self.joined(a, b) { $0 && !$1 }
    case .symmetricDifference(let a, let b): return Self.joined(a, b) { $0 != $1 }
    }
  }

  private static func joined(
    _ a: ScalarClass, _ b: ScalarClass, _ operation: (Bool, Bool) -> Bool
  ) -> [Bool]? {
    guard let left = a.asciiMembers, let right = b.asciiMembers else { return nil }
    return (0..<128).map { operation(left[$0], right[$0]) }
  }

  private static func members(of part: Part, _ foldsCase: Bool) -> [Bool]? {
    switch part {
    case .range(let lower, let upper):
      var members = (0..<128).map { lower <= $0 && $0 <= upper }
      // Letters beyond ASCII whose other case is in it.
      if foldsCase, lower <= 0x17F, upper >= 0x17F { members[0x73] = true }
      if foldsCase, lower <= 0x212A, upper >= 0x212A { members[0x6B] = true }
      return members
    case .perl(let kind, let isNegated, _):
      return (0..<UInt8(128)).map { byte in
        let isMember =
          switch kind {
          case .digit: byte.isASCIIDigit
          case .space: byte == 0x20 || (byte >= 9 && byte <= 13)
          case .word: byte.isASCIIWord
          }
        return isMember != isNegated
      }
    case .property: return nil
    }
  }
}
