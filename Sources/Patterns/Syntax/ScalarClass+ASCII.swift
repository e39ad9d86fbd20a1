import Primitives

// Classes over ASCII alone, and over bytes, where every set operation can be carried out.

extension ScalarClass {
  /// Whether every engine has a spelling for it.
  var isSimple: Bool {
    if case .parts = self { return true }
    return false
  }

  /// Whether each of the 128 scalars is a member.
  var asciiMembers: [Bool] { members(count: 128) }

  /// Whether each of the 256 bytes is a member, where Unicode is off.
  var byteMembers: [Bool] { members(count: 256) }

  private func members(count: Int) -> [Bool] {
    switch self {
    case .parts(let parts, let isNegated, let foldsCase):
      var members = [Bool](repeating: false, count: count)
      for part in parts {
        let some = Self.members(of: part, foldsCase, count)
        for i in 0..<count where some[i] { members[i] = true }
      }
      if foldsCase {
        for upper in 0x41...0x5A where members[upper] || members[upper | 0x20] {
          members[upper] = true
          members[upper | 0x20] = true
        }
      }
      return isNegated ? members.map { !$0 } : members
    case .union(let sets, let isNegated):
      var members = [Bool](repeating: false, count: count)
      for set in sets {
        let some = set.members(count: count)
        for i in 0..<count where some[i] { members[i] = true }
      }
      return isNegated ? members.map { !$0 } : members
    case .intersection(let a, let b):
      return zip(a.members(count: count), b.members(count: count)).map { $0 && $1 }
    case .difference(let a, let b):
      return zip(a.members(count: count), b.members(count: count)).map { $0 && !$1 }
    case .symmetricDifference(let a, let b):
      return zip(a.members(count: count), b.members(count: count)).map { $0 != $1 }
    }
  }

  private static func members(of part: Part, _ foldsCase: Bool, _ count: Int) -> [Bool] {
    switch part {
    case .range(let lower, let upper):
      var members = (0..<count).map { lower <= $0 && $0 <= upper }
      // Letters beyond ASCII whose other case is in it.
      if foldsCase, count == 128, lower <= 0x17F, upper >= 0x17F { members[0x73] = true }
      if foldsCase, count == 128, lower <= 0x212A, upper >= 0x212A { members[0x6B] = true }
      return members
    case .perl(let kind, let isNegated, _):
      return (0..<count).map { value in
        let byte = UInt8(value)
        let isMember =
          switch kind {
          case .digit: byte.isASCIIDigit
          case .space: byte == 0x20 || (byte >= 9 && byte <= 13)
          case .word: byte.isASCIIWord
          }
        return isMember != isNegated
      }
    case .property(let property, let isNegated):
      return (0..<count).map { value in
        var scalars: [Unicode.Scalar] = [Unicode.Scalar(UInt8(value))]
        if foldsCase, UInt8(value).asciiLowercased.isASCIILowercase {
          scalars.append(Unicode.Scalar(UInt8(value ^ 0x20)))
          if value | 0x20 == 0x73 { scalars.append("\u{17F}") }
          if value | 0x20 == 0x6B { scalars.append("\u{212A}") }
        }
        return scalars.contains(where: property.has) != isNegated
      }
    }
  }
}
