import Primitives

/// A piece of a query with operators: words and quoted texts as they were typed, and the parentheses around them.
enum QueryLexeme: Hashable {
  case word(String)
  /// What stood between double quotes.
  case phrase(String)
  case open
  case close
  case pattern(TextPattern)
  /// The dash before a quotation or a pattern, which negates it: `-"text"`.
  case minus

  /// As it was typed, of a word; `NOT` of what means that.
  var word: String? {
    switch self {
    case .word(let word): word
    case .minus: "NOT"
    case .phrase, .pattern, .open, .close: nil
    }
  }

  /// Splits `text` at white space. A parenthesis that begins a word opens a group, and one that ends a word and was not
  /// opened in it closes one: `(a OR f(x))` has the word `f(x)`.
  ///
  /// - Parameter patterns: those of `text`, in their order.
  static func lexemes(of text: String, patterns: [PatternScan.Found] = []) -> [QueryLexeme] {
    let bytes = Array(text.utf8)
    let (quote, open, close) = (UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"))
    let isLines = QueryToken.isLines(bytes)
    var lexemes: [QueryLexeme] = []
    var i = 0
    var next = 0
    while i < bytes.count {
      let space = QueryToken.spaceCount(in: bytes.span, at: i)
      if space > 0 {
        i += space
        continue
      }
      if next < patterns.count, patterns[next].range.lowerBound == i {
        if patterns[next].isNegated { lexemes.append(.minus) }
        lexemes.append(.pattern(patterns[next].pattern))
        i = patterns[next].range.upperBound
        next += 1
        continue
      }
      if bytes[i] == open || bytes[i] == close {
        lexemes.append(bytes[i] == open ? .open : .close)
        i += 1
        continue
      }
      if bytes[i] == UInt8(ascii: "-"), i + 1 < bytes.count, isNegated(bytes, at: i + 1, isLines) {
        lexemes.append(.minus)
        i += 1
      }
      if let end = QueryToken.quotationEnd(bytes, at: i, isLines) {
        lexemes.append(.phrase(String(decoding: bytes[(i + 1)..<end], as: UTF8.self)))
        i = end + 1
        continue
      }
      let start = i
      var depth = 0
      while i < bytes.count, QueryToken.spaceCount(in: bytes.span, at: i) == 0 {
        if bytes[i] == open { depth += 1 }
        if bytes[i] == close {
          if depth == 0 { break }
          depth -= 1
        }
        // A quoted value may hold spaces: `path:"my files/*"`.
        if bytes[i] == quote, i > start, bytes[i - 1] == UInt8(ascii: ":"),
          let end = bytes[(i + 1)...].firstIndex(of: quote)
        {
          i = end
        }
        i += 1
      }
      lexemes.append(.word(String(decoding: bytes[start..<i], as: UTF8.self)))
    }
    return lexemes
  }

  /// Whether the quotation at `offset`, behind a dash, is a word of its own and holds something.
  private static func isNegated(_ text: [UInt8], at offset: Int, _ isLines: Bool) -> Bool {
    guard let end = QueryToken.quotationEnd(text, at: offset, isLines),
      text[(offset + 1)..<end].contains(where: { $0 > 0x20 })
    else { return false }
    return end + 1 == text.count || QueryToken.spaceCount(in: text.span, at: end + 1) > 0
      || text[end + 1] == UInt8(ascii: ")")
  }
}
