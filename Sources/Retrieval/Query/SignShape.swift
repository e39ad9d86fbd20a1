/// How operators are written: pure functions over bytes.
enum SignShape {
  /// Whether two bytes beside each other are of one word or of one operator: `=` and `>` in `=>`.
  static func areOfOne(_ first: UInt8, _ second: UInt8) -> Bool {
    WrittenWords.isOfWord(first) && WrittenWords.isOfWord(second) || isOfOperator(first) && isOfOperator(second)
  }

  /// Whether `text` begins or ends with a sign of an operator, so that it may be a part of a longer one.
  static func mayBePart(_ text: [UInt8]) -> Bool {
    text.first.map(isOfOperator) ?? false || text.last.map(isOfOperator) ?? false
  }

  /// Whether `sought`, in small letters, stands in `text` where no word and no operator goes on before or behind it: `=>`, and not in `==>`.
  static func isWhole(_ sought: [UInt8], in text: Span<UInt8>) -> Bool {
    guard let first = sought.first, let last = sought.last, sought.count <= text.count else { return false }
    for start in 0...(text.count - sought.count) where lowercased(text[start]) == first {
      guard text.holds(sought.span, at: start) else { continue }
      let end = start + sought.count
      if start > 0, areOfOne(text[start - 1], first) { continue }
      if end < text.count, areOfOne(last, text[end]) { continue }
      return true
    }
    return false
  }

  private static func isOfOperator(_ byte: UInt8) -> Bool { "=<>!&|+-*/%^~?:".utf8.contains(byte) }
}
