import Primitives

/// How operators are written: pure functions over bytes.
package enum SignShape {
  /// Whether two bytes beside each other are of one word or of one operator: `=` and `>` in `=>`.
  package static func areOfOne(_ first: UInt8, _ second: UInt8) -> Bool {
    WordBytes.isOfWord(first) && WordBytes.isOfWord(second) || isOfOperator(first) && isOfOperator(second)
  }

  /// Whether `sought`, in small letters, stands in `text` as whole parts of a longer name at least: `pbkdf2` in
  /// `pbkdf2_hmac`, and `parse_1` not in `parse_10`.
  package static func standsAsParts(_ sought: [UInt8], in text: Span<UInt8>) -> Bool {
    BytePattern(sought).offset(in: text) { start, end in
      (start == 0 || isBetweenParts(text, at: start)) && (end == text.count || isBetweenParts(text, at: end))
    } != nil
  }

  /// Whether a name may be cut before one of its bytes: at signs, at a capital that begins a word, where digits begin
  /// or end. `HTTPServer` may before its `S`, `UINT64_TYPE` not inside of its last word.
  private static func isBetweenParts(_ text: Span<UInt8>, at offset: Int) -> Bool {
    let (first, second) = (text[offset - 1], text[offset])
    guard WordBytes.isOfWord(first), WordBytes.isOfWord(second) else { return true }
    if first == UInt8(ascii: "_") || second == UInt8(ascii: "_") { return true }
    let (isDigit, isNextDigit) = (first &- UInt8(ascii: "0") < 10, second &- UInt8(ascii: "0") < 10)
    if isDigit || isNextDigit { return isDigit != isNextDigit }
    if !second.isASCIIUppercase { return false }
    return !first.isASCIIUppercase || offset + 1 < text.count && text[offset + 1].isASCIILowercase
  }

  /// Whether `text` begins or ends with a sign of an operator, so that it may be a part of a longer one.
  package static func mayBePart(_ text: [UInt8]) -> Bool {
    text.first.map(isOfOperator) ?? false || text.last.map(isOfOperator) ?? false
  }

  /// Whether `sought`, in small letters, stands in `text` where no word and no operator goes on before or behind it:
  /// `=>`, and not in `==>`.
  package static func isWhole(_ sought: [UInt8], in text: Span<UInt8>) -> Bool {
    guard let first = sought.first, let last = sought.last else { return false }
    return BytePattern(sought).offset(in: text) { start, end in
      !(start > 0 && areOfOne(text[start - 1], first)) && !(end < text.count && areOfOne(last, text[end]))
    } != nil
  }

  private static func isOfOperator(_ byte: UInt8) -> Bool { "=<>!&|+-*/%^~?:".utf8.contains(byte) }
}
