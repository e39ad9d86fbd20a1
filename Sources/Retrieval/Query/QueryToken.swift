/// A piece of a question as it was typed.
enum QueryToken: Hashable, Sendable {
  case word(String)
  /// What stood between double quotes.
  case phrase(String)
  /// `name:value`, the name lower-cased.
  case filter(name: String, value: String, isNegated: Bool, written: String)

  /// Names that begin a filter; any other `a:b` is a word.
  private static let filterNames: Set<String> = ["lang", "language", "path", "file", "kind", "symbol"]

  static func tokens(of text: String) -> [QueryToken] {
    let letters = Array(text)
    var tokens: [QueryToken] = []
    var i = 0
    while i < letters.count {
      if letters[i].isWhitespace {
        i += 1
        continue
      }
      if letters[i] == "\"", let close = letters[(i + 1)...].firstIndex(of: "\"") {
        let phrase = String(letters[(i + 1)..<close])
        if phrase.contains(where: { !$0.isWhitespace }) { tokens.append(.phrase(phrase)) }
        i = close + 1
        continue
      }
      let start = i
      while i < letters.count, !letters[i].isWhitespace {
        // A quoted value may hold spaces: `path:"my files/*"`.
        if letters[i] == "\"", i > start, letters[i - 1] == ":",
          let close = letters[(i + 1)...].firstIndex(of: "\"")
        {
          i = close + 1
        } else {
          i += 1
        }
      }
      tokens.append(token(String(letters[start..<i])))
    }
    return tokens
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
    return .filter(name: name, value: value, isNegated: isNegated, written: written)
  }
}
