/// Tells what was copied, a line of code or what a program printed, from what a person typed: by the signs in it.
enum CopiedText {
  /// Whether `text` has at least `leastWordCount` words and signs that people do not put into queries: brackets,
  /// operators, a colon behind a word, numbers beside other words. Quotation marks alone are such a sign where what is
  /// quoted is a small part.
  /// - Parameter unquoted: its tokens outside of quoted phrases.
  static func isOne(_ text: String, unquoted: [String]) -> Bool {
    let (wordCount, _) = counts(of: text)
    guard wordCount >= leastWordCount else { return false }
    let (outsideCount, signCount) = counts(of: unquoted.joined(separator: " "))
    return signCount > 0
      || outsideCount >= leastWordCount && outsideCount < wordCount
        && 2 * (wordCount - outsideCount) <= outsideCount
  }

  private static func counts(of text: String) -> (words: Int, signs: Int) {
    let bytes = Array(text.utf8)
    var wordCount = 0
    var signCount = 0
    var numberCount = 0
    var i = 0
    while i < bytes.count {
      // `‘name’` is how compilers quote.
      let typographic = bytes[i] >= 0x80 ? WordBytes.signByteCount(bytes.span, at: i) : 0
      if typographic > 0 {
        if bytes[i] == 0xE2, bytes[i + 1] == 0x80, bytes[i + 2] == 0x98 { signCount += 1 }
        i += typographic
        continue
      }
      if WordBytes.isOfWord(bytes[i]) {
        let start = i
        var isNumber = true
        while i < bytes.count, WordBytes.isOfWord(bytes[i]),
          bytes[i] < 0x80 || WordBytes.signByteCount(bytes.span, at: i) == 0
        {
          if bytes[i] &- UInt8(ascii: "0") >= 10 { isNumber = false }
          i += 1
        }
        wordCount += 1
        let isApart = (start == 0 || bytes[start - 1] <= 0x20) && (i == bytes.count || bytes[i] <= 0x20)
        if isNumber, isApart { numberCount += 1 }
        continue
      }
      if isSign(bytes.span, at: i) { signCount += 1 }
      i += 1
    }
    return (wordCount, signCount + (wordCount >= leastWordCountOfNumber ? numberCount : 0))
  }

  private static let leastWordCount = 2
  /// `base 64 encoding` is typed, `No dataset associated with 8168` is printed.
  private static let leastWordCountOfNumber = 5

  private static func isSign(_ text: Span<UInt8>, at offset: Int) -> Bool {
    let byte = text[offset]
    let isBeforeSpace = offset + 1 == text.count || text[offset + 1] <= 0x20
    switch byte {
    case UInt8(ascii: "("):
      // `open()` is a name in a query.
      return offset + 1 < text.count && text[offset + 1] != UInt8(ascii: ")")
    case UInt8(ascii: ")"): return offset == 0 || text[offset - 1] != UInt8(ascii: "(")
    case UInt8(ascii: "'"):
      // `don't`
      return offset == 0 || offset + 1 == text.count || !WordBytes.isOfWord(text[offset - 1])
        || !WordBytes.isOfWord(text[offset + 1])
    case UInt8(ascii: ":"): return isBeforeSpace && offset + 1 < text.count
    case UInt8(ascii: ">"): return offset == 0 || text[offset - 1] != UInt8(ascii: "-")
    default: return "[]{}<=;\"`%$&|*\\^~".utf8.contains(byte)
    }
  }
}
