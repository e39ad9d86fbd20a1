import Chunking
import Inspection
import Primitives

/// A piece of a query as it was typed.
package enum QueryToken: Hashable, Sendable {
  case word(String)
  /// What stood between double quotes.
  case phrase(String)
  /// `name:value`, the name lower-cased.
  case filter(name: String, value: String, isNegated: Bool, written: String)

  /// Names that begin a filter; any other `a:b` is a word.
  private static let filterNames = CommitFilters.names.union([
    "lang", "language", "path", "file", "ext", "extension", "kind", "symbol",
  ])

  /// Whether `word` is a filter, or the opposite of one: a word that begins with a dash and is no option of a program.
  package static func isFilter(_ word: String) -> Bool {
    if case .filter = token(word) { return true }
    return false
  }

  static func tokens(of text: String) -> [QueryToken] {
    let bytes = Array(text.utf8)
    let quote = UInt8(ascii: "\"")
    let isLines = isLines(bytes)
    var tokens: [QueryToken] = []
    var i = 0
    while i < bytes.count {
      let space = spaceCount(in: bytes.span, at: i)
      if space > 0 {
        i += space
        continue
      }
      if let close = quotationEnd(bytes, at: i, isLines) {
        if !isBlank(bytes.span.extracting((i + 1)..<close)) {
          tokens.append(.phrase(String(decoding: bytes[(i + 1)..<close], as: UTF8.self)))
        }
        i = close + 1
        continue
      }
      let start = i
      var colon: Int?
      while i < bytes.count, spaceCount(in: bytes.span, at: i) == 0 {
        if bytes[i] == UInt8(ascii: ":"), colon == nil { colon = i }
        // A quoted value may hold spaces: `path:"my files/*"`.
        if bytes[i] == quote, i > start, bytes[i - 1] == UInt8(ascii: ":"),
          let close = bytes[(i + 1)...].firstIndex(of: quote)
        {
          i = close + 1
        } else {
          i += 1
        }
      }
      let written = String(decoding: bytes[start..<i], as: UTF8.self)
      tokens.append(colon == nil ? .word(written) : token(written))
    }
    return tokens
  }

  /// The quotation mark that ends the quotation which begins at `offset`; nil if none does.
  ///
  /// - Parameter isLines: whether the text is lines that were copied. Then a quotation ends on its line, and three
  ///   marks are signs of the code.
  static func quotationEnd(_ text: [UInt8], at offset: Int, _ isLines: Bool) -> Int? {
    let quote = UInt8(ascii: "\"")
    guard text[offset] == quote, let end = text[(offset + 1)...].firstIndex(of: quote) else { return nil }
    if !isLines { return end }
    if end == offset + 1, end + 1 < text.count, text[end + 1] == quote { return nil }
    return text[offset..<end].contains(0x0A) ? nil : end
  }

  /// Whether `text` has several lines, and is not one quotation of several.
  static func isLines(_ text: [UInt8]) -> Bool {
    let quote = UInt8(ascii: "\"")
    guard let first = text.firstIndex(where: { $0 > 0x20 }), let last = text.lastIndex(where: { $0 > 0x20 }),
      text[first...last].contains(0x0A)
    else { return false }
    return text[first] != quote || text[last] != quote || text[(first + 1)..<max(first + 1, last)].contains(quote)
  }

  /// The same with filters that are none as words: pieces of a line of code, like `path:return` in `if path:return
  /// path`.
  static func withoutCode(_ tokens: [QueryToken]) -> [QueryToken] {
    guard tokens.count > 1, tokens.contains(where: { if case .filter = $0 { true } else { false } }) else {
      return tokens
    }
    var all: [String] = []
    for token in tokens {
      switch token {
      case .word(let word): all.append(word)
      case .phrase(let phrase): all.append("\"\(phrase)\"")
      case .filter(_, _, _, let written): all.append(written)
      }
    }
    // What is a glob or denied can be nothing but a filter, and its signs tell nothing.
    let telling = zip(tokens, all).compactMap { token, written -> String? in
      guard case .filter(_, let value, let isNegated, _) = token else { return written }
      return isNegated || value.contains { "!*?[{/".contains($0) } ? nil : written
    }
    let isCopied = CopiedText.isOne(telling.joined(separator: " "), unquoted: telling.filter { $0.first != "\"" })
    return tokens.enumerated().map { i, token in
      guard case .filter(let name, let value, let isNegated, let written) = token, !isNegated, value.first != "!"
      else { return token }
      let isBehindKeyword = i > 0 && codeKeywords.contains(all[i - 1])
      let isAssigned = i + 1 < all.count && all[i + 1].first == "="
      let isCode =
        switch name {
        case "lang", "language":
          (isCopied || isBehindKeyword) && value.split(separator: ",").contains { Language.named(String($0)) == nil }
        case "path", "file":
          isBehindKeyword && isPlainName(value) || isCopied && isPlainName(value) && isAssigned
            || isCopied && isNameInCode(value)
        case "kind", "symbol":
          (isCopied || isBehindKeyword) && value.split(separator: ",").contains { Symbol.Kind.named(String($0)) == nil }
        case "author": (isCopied || isBehindKeyword) && isPlainName(value)
        default: false
        }
      return isCode ? .word(written) : token
    }
  }

  /// What stands before a condition or a body, and hardly in a query before a filter.
  private static let codeKeywords: Set<String> = ["if", "elif", "else", "while", "lambda"]

  /// Whether a filter that is all of a query may be words: its value is no language, no extension of source text and no
  /// pattern.
  static func mayBeWords(name: String, value: String) -> Bool {
    if value.contains(where: { "*?[]{}!,".contains($0) }) || value.hasSuffix("/") { return false }
    return switch name {
    case "lang", "language": Language.named(value) == nil
    case "ext", "extension":
      !PathShape.isKnownExtension(value.drop { $0 == "." }.lowercased()) && Language.named(value) == nil
    case "path", "file": true
    default: false
    }
  }

  private static func isPlainName(_ value: String) -> Bool {
    value.utf8.allSatisfy {
      $0.isASCIIWord
    }
  }

  /// `str,`, `string)`, `print(p)`: a name, and what no path has behind one.
  private static func isNameInCode(_ value: String) -> Bool {
    let rest = value.drop { isPlainName(String($0)) }
    guard rest.startIndex > value.startIndex, let first = rest.first else { return false }
    return ",);(=".contains(first) && !value.contains("/") && !value.contains("*") && !value.contains("{")
  }

  private static func isBlank(_ bytes: Span<UInt8>) -> Bool {
    var i = 0
    while i < bytes.count {
      let space = spaceCount(in: bytes, at: i)
      if space == 0 { return false }
      i += space
    }
    return true
  }

  /// The bytes of the white space at `offset`, as Unicode has it; 0 if something else is there.
  static func spaceCount(in bytes: Span<UInt8>, at offset: Int) -> Int {
    let first = bytes[offset]
    if first < 0x80 { return first == 0x20 || first &- 0x09 < 5 ? 1 : 0 }
    let second = offset + 1 < bytes.count ? bytes[offset + 1] : 0
    if first == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
    let third = offset + 2 < bytes.count ? bytes[offset + 2] : 0
    switch (first, second, third) {
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return 3
    default: return 0
    }
  }

  private static func token(_ written: String) -> QueryToken {
    let isNegated = written.hasPrefix("-")
    let body = isNegated ? written.dropFirst() : Substring(written)
    guard let colon = body.firstIndex(of: ":") else { return .word(written) }
    let name = body[..<colon].lowercased()
    guard filterNames.contains(name) else { return .word(written) }
    let value = body[body.index(after: colon)...].filter { $0 != "\"" }
    // `file::read` is a name, `path:` alone is a word.
    guard !value.isEmpty, !value.hasPrefix(":") else { return .word(written) }
    // `file:///srv/a.py:30` is an address, and so is `ext://sys.stdout`.
    if value.hasPrefix("//") { return .word(written) }
    if CommitFilters.names.contains(name), !CommitFilters.mayBeFilter(name: name, value: value) {
      return .word(written)
    }
    if name == "path" || name == "file" {
      // `file:line:column`, as people say it.
      if value.prefix(while: \.isLetter).lowercased() == "line", !value.contains(where: { "/.*".contains($0) }) {
        return .word(written)
      }
      // `path:src/a.py:20` names a line.
      if !isNegated, PlaceReference.withoutLines(value) != value { return .word(value) }
    }
    return .filter(name: name, value: value, isNegated: isNegated, written: written)
  }
}
