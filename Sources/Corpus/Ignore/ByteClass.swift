import Primitives

/// A bracket expression such as `[a-z_]`, `[!0-9]` or `[[:alpha:]]`, as git reads it.
struct ByteClass {
  var members: ByteSet
  /// The place after the closing bracket.
  var end: Int

  /// Reads the class that opens at `start`, or returns nil if it is malformed.
  init?(_ pattern: Span<UInt8>, at start: Int, foldsCase: Bool) {
    /// The byte at a place; 0, which no pattern holds, behind the end.
    func byte(_ i: Int) -> UInt8 { i < pattern.count ? pattern[i] : 0 }
    let dash = UInt8(ascii: "-")
    let close = UInt8(ascii: "]")
    var i = start + 1
    let isNegated = byte(i) == UInt8(ascii: "!") || byte(i) == UInt8(ascii: "^")
    if isNegated { i += 1 }

    var listed = ByteSet()
    var previous: UInt8 = 0
    /// The next closing bracket, once it was searched for: it is not searched for again with every `[:` on the way to
    /// it.
    var nextClose = 0
    // A closing bracket that comes first is a member.
    repeat {
      var current = byte(i)
      if current == 0 { return nil }
      if current == .backslash {
        i += 1
        current = byte(i)
        if current == 0 { return nil }
        listed.insert(current)
      } else if current == dash, previous != 0, byte(i + 1) != 0, byte(i + 1) != close {
        i += 1
        current = byte(i)
        if current == .backslash {
          i += 1
          current = byte(i)
          if current == 0 { return nil }
        }
        if previous <= current { for member in previous...current { listed.insert(member) } }
        if foldsCase, previous <= current {
          for member in previous...current where member.isASCIIUppercase { listed.insert(member | 0x20) }
        }
        current = 0
      } else if current == UInt8(ascii: "["), byte(i + 1) == UInt8(ascii: ":") {
        var j = max(i + 2, nextClose)
        while byte(j) != 0, byte(j) != close { j += 1 }
        nextClose = j
        if byte(j) == 0 { return nil }
        if j - 1 < i + 2 || byte(j - 1) != UInt8(ascii: ":") {
          // No `:]`: an ordinary bracket.
          listed.insert(current)
        } else {
          guard let named = Self.members(named: pattern.extracting((i + 2)..<(j - 1)), foldsCase: foldsCase) else {
            return nil
          }
          for member in UInt8.min...UInt8.max where named(member) { listed.insert(member) }
          i = j
          current = 0
        }
      } else {
        listed.insert(current)
      }
      previous = current
      i += 1
    } while byte(i) != close

    members = ByteSet()
    end = i + 1
    for member in UInt8.min...UInt8.max {
      // The text is folded before it is compared, the class is not.
      if listed.contains(foldsCase ? member.asciiLowercased : member) != isNegated { members.insert(member) }
    }
  }

  /// The POSIX class with this name, for ASCII alone.
  private static func members(named name: Span<UInt8>, foldsCase: Bool) -> ((UInt8) -> Bool)? {
    var text = ""
    for i in name.indices { text.unicodeScalars.append(Unicode.Scalar(name[i])) }
    return switch text {
    case "alnum": { $0.isASCIILetter || $0.isASCIIDigit }
    case "alpha": \.isASCIILetter
    case "blank": { $0 == .space || $0 == .tab }
    case "cntrl": { $0 < 0x20 || $0 == 0x7F }
    case "digit": \.isASCIIDigit
    case "graph": { $0 > 0x20 && $0 < 0x7F }
    case "lower": \.isASCIILowercase
    case "print": { $0 >= 0x20 && $0 < 0x7F }
    case "punct": { $0 > 0x20 && $0 < 0x7F && !$0.isASCIILetter && !$0.isASCIIDigit }
    // Without the vertical tab and the form feed: git's own `isspace`.
    case "space": { $0 == .space || $0 == .tab || $0 == .newline || $0 == .carriageReturn }
    case "upper": foldsCase ? { $0.isASCIILetter } : { $0.isASCIIUppercase }
    case "xdigit": { $0.isASCIIDigit || ($0 | 0x20) &- UInt8(ascii: "a") < 6 }
    default: nil
    }
  }
}
