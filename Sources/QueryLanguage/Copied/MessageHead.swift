import Primitives

/// The class that programs print with a message: `ValueError: cannot convert`, `java.io.IOException: closed`, `bad
/// value (ArgumentError)`. Pure functions over one token without spaces.
enum MessageHead {
  /// Whether `token` names the class of what went wrong, and the other tokens of the query are its message.
  /// - Parameter wordsAround: how many tokens stand before it and behind it.
  static func isOne(_ token: String, wordsAround: (before: Int, behind: Int)) -> Bool {
    var bytes = Array(token.utf8)[...]
    while let first = bytes.first, "[({<'\"`*".utf8.contains(first) { bytes = bytes.dropFirst() }
    let isInParentheses = bytes.count < token.utf8.count && bytes.last == UInt8(ascii: ")")
    let isBeforeColon = bytes.last == UInt8(ascii: ":")
    guard isBeforeColon && wordsAround.behind >= 2 || isInParentheses && wordsAround.before + wordsAround.behind >= 2
    else { return false }
    bytes = bytes.dropLast()
    // A method is no class: `Store::read: no such file`.
    let name = bytes.suffix(while: { isOfName($0) })
    guard name.count >= 3, bytes.allSatisfy({ isOfName($0) || ".:\\$/".utf8.contains($0) }), let first = name.first
    else { return false }
    let text = String(decoding: name, as: UTF8.self)
    if endings.contains(where: { text.hasSuffix($0) || text.hasSuffix("_" + $0.lowercased()) }) { return true }
    // `DoesNotExist:`, but not `Logger:`, which people write.
    return isBeforeColon && first.isASCIIUppercase && IdentifierShape.isIdentifierLike(text)
  }

  /// What the names of such classes end with.
  private static let endings = [
    "Error", "Exception", "Warning", "Fault", "Failure", "Interrupt", "Timeout", "Violation", "Panic",
  ]

  private static func isOfName(_ byte: UInt8) -> Bool {
    byte.isASCIIWord
  }
}

extension ArraySlice<UInt8> {
  fileprivate func suffix(while holds: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let end = lastIndex { !holds($0) }.map { $0 + 1 } ?? startIndex
    return self[end...]
  }
}
