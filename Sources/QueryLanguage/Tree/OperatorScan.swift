import Primitives

/// Which words of a query are operators, and which are words in capitals: of a sentence, of a message, of SQL.
struct OperatorScan {
  /// For each lexeme.
  let isOperator: [Bool]

  init(_ lexemes: [QueryLexeme]) {
    let isCode = Self.isSQL(lexemes) || lexemes.contains { $0.word.map(Self.isOfCode) ?? false }
    let isShouted = !lexemes.contains { Self.isOfSmallLetters($0) }
    isOperator = lexemes.indices.map { i in
      guard !isCode, let word = lexemes[i].word else { return false }
      if lexemes[i] == .minus { return true }
      let before = i > 0 ? lexemes[i - 1].word : nil
      let after = i + 1 < lexemes.count ? lexemes[i + 1].word : nil
      switch word {
      case "AND", "OR": return !(word == "OR" && after == "REPLACE")
      case "NOT":
        return !isShouted && !(before.map { Self.auxiliaries.contains($0.lowercased()) } ?? false)
          && !(after.map { Self.participles.contains($0) } ?? false)
      default: return false
      }
    }
  }

  /// Whether it has a letter that is not a capital, or is quoted: `FILE NOT FOUND` has none.
  private static func isOfSmallLetters(_ lexeme: QueryLexeme) -> Bool {
    switch lexeme {
    case .word(let word): word.utf8.contains { $0.isASCIILowercase || $0 >= 0x80 }
    case .phrase: true
    case .open, .close, .minus: false
    }
  }

  /// Whether a word stands in code alone: signs by themselves, the end of a statement.
  private static func isOfCode(_ word: String) -> Bool {
    word.utf8.last == UInt8(ascii: ";") || word.utf8.last == UInt8(ascii: ",")
      || word.utf8.allSatisfy { "=<>!+*/%&|{}[]-:".utf8.contains($0) }
  }

  private static func isSQL(_ lexemes: [QueryLexeme]) -> Bool {
    var keywords: Set<String> = []
    for case .word(let word) in lexemes where sqlKeywords.contains(word) { keywords.insert(word) }
    return keywords.count > 1
  }

  /// Two of these in capitals are SQL.
  private static let sqlKeywords: Set = [
    "SELECT", "FROM", "WHERE", "INSERT", "INTO", "VALUES", "UPDATE", "SET", "DELETE", "CREATE", "TABLE", "INDEX",
    "VIEW", "DROP", "ALTER", "JOIN", "ON", "HAVING", "GROUP", "ORDER", "BY", "UNION", "IS", "NULL", "EXISTS", "IF",
    "BETWEEN", "LIKE", "IN", "CASE", "WHEN", "THEN", "ELSE", "END", "REPLACE", "DEFAULT", "UNIQUE", "PRIMARY", "KEY",
    "CHECK", "AS", "DISTINCT",
  ]
  /// Words before a `NOT` that denies them: `Could NOT find`, `MUST NOT`.
  private static let auxiliaries: Set = [
    "is", "are", "was", "were", "be", "do", "does", "did", "has", "have", "had", "can", "could", "may", "might", "must",
    "shall", "should", "will", "would",
  ]
  /// Words behind a `NOT` in what programs print.
  private static let participles: Set = [
    "FOUND", "IMPLEMENTED", "SUPPORTED", "ALLOWED", "VALID", "AVAILABLE", "NULL", "EXISTS", "IN", "LIKE", "BETWEEN",
    "DEFERRABLE", "MATCHED",
  ]
}
