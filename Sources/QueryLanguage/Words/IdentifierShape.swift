import Primitives

/// How code writes names: pure functions over one token without spaces.
package enum IdentifierShape {
  /// The names in `token` joined by `.`, `::`, `->`, `#` or `\`, in order, and a `()` at its end taken off; nil if
  /// the token is not made of names.
  package static func components(of token: String) -> [String]? {
    var text = Substring(token)
    if let open = text.firstIndex(of: "("), text.hasSuffix(")") { text = text[..<open] }
    if text.utf8.contains(where: { ":->#\\".utf8.contains($0) }) {
      for separator in ["::", "->", "#", "\\"] { text = replacing(separator, in: text) }
    }
    let names = text.split(separator: ".", omittingEmptySubsequences: true).map(String.init)
    guard !names.isEmpty, names.allSatisfy(isName) else { return nil }
    return names
  }

  /// Whether `token` is written as code writes a name and people do not write words: with an inner capital, an
  /// underscore, a separator, a call's parentheses, or a digit after letters.
  static func isIdentifierLike(_ token: String) -> Bool {
    guard let names = components(of: token) else { return false }
    if names.count > 1 || token.utf8.last == UInt8(ascii: ")") || token.utf8.contains(UInt8(ascii: ":")) { return true }
    let name = names[0]
    if name.utf8.contains(UInt8(ascii: "_")) || name.utf8.first.map("$@".utf8.contains) ?? false { return true }
    var hasLower = false
    var hasInnerUpper = false
    var hasDigit = false
    for (i, byte) in name.utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): hasLower = true
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): if i > 0 { hasInnerUpper = true }
      case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
      default: break
      }
    }
    // `HTTP` and `JSON` are words; `HTTPAdapter`, `getURL` and `utf8` are names.
    return (hasInnerUpper && hasLower && !isPluralAcronym(name)) || (hasDigit && hasLower)
  }

  /// `URLs`, `IDs`.
  private static func isPluralAcronym(_ name: String) -> Bool {
    name.hasSuffix("s") && name.dropLast().utf8.allSatisfy { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
  }

  private static func isName(_ text: String) -> Bool {
    var bytes = Array(text.utf8)
    if let first = bytes.first, first == UInt8(ascii: "$") || first == UInt8(ascii: "@") { bytes.removeFirst() }
    if let last = bytes.last, last == UInt8(ascii: "?") || last == UInt8(ascii: "!") { bytes.removeLast() }
    guard let first = bytes.first, isWordByte(first), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return false
    }
    return bytes.allSatisfy(isWordByte)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF:
      true
    default: false
    }
  }

  private static func replacing(_ separator: String, in text: Substring) -> Substring {
    guard text.contains(separator) else { return text }
    var result = ""
    var rest = text
    while let range = rest.firstRange(of: separator) {
      result += rest[..<range.lowerBound] + "."
      rest = rest[range.upperBound...]
    }
    return Substring(result + rest)
  }
}
