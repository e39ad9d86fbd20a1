import Primitives

/// Which words of a query are operators, and which are words in capitals: of a sentence, of a message, of SQL.
struct OperatorScan {
  /// For each lexeme.
  let isOperator: [Bool]

  init(_ lexemes: [QueryLexeme]) {
    let names = lexemes.map { lexeme -> Bool in
      lexeme == .minus || lexeme.word.map { ["AND", "OR", "NOT"].contains($0) } ?? false
    }
    // Constants are in capitals, and so are messages, which have words beside each other.
    let isShouted = !lexemes.contains(where: Self.isOfSmallLetters)
    let isText =
      Self.isSQL(lexemes) || Self.isMessage(lexemes) || lexemes.indices.contains { Self.isOfCode($0, lexemes, names) }
      || isShouted
        && lexemes.indices.dropFirst().contains {
          Self.isWord($0, lexemes, names) && Self.isWord($0 - 1, lexemes, names)
        }
    isOperator = lexemes.indices.map { i in
      guard names[i], !isText else { return false }
      if lexemes[i] == .minus { return true }
      let before = i > 0 ? lexemes[i - 1].word : nil
      let after = i + 1 < lexemes.count ? lexemes[i + 1].word : nil
      if before.map({ Self.logic.contains($0.lowercased()) }) ?? false { return false }
      guard lexemes[i].word == "NOT" else { return true }
      if let before, Self.auxiliaries.contains(before.lowercased()) { return false }
      if let after, Self.isParticiple(after.lowercased()) { return false }
      // `FILE NOT FOUND` says what is; `EAGAIN AND NOT EINTR` asks.
      return !isShouted || i > 0 && (lexemes[i - 1] == .open || before == "AND" || before == "OR")
    }
  }

  private static func isWord(_ i: Int, _ lexemes: [QueryLexeme], _ names: [Bool]) -> Bool {
    lexemes[i].word != nil && !names[i]
  }

  /// Whether it has a letter that is not a capital: `FILE NOT FOUND` has none.
  private static func isOfSmallLetters(_ lexeme: QueryLexeme) -> Bool {
    switch lexeme {
    case .word(let text), .phrase(let text): text.utf8.contains { $0.isASCIILowercase || $0 >= 0x80 }
    case .open, .close, .minus, .pattern: false
    }
  }

  /// Whether a word stands in code alone: the end of a statement, a call that goes on behind it, signs beside other
  /// words. Signs that are all that an operator joins are asked for.
  private static func isOfCode(_ i: Int, _ lexemes: [QueryLexeme], _ names: [Bool]) -> Bool {
    guard let word = lexemes[i].word, !names[i] else { return false }
    if word.utf8.last == UInt8(ascii: ";") || word.utf8.last == UInt8(ascii: ",") { return word.utf8.count > 1 }
    if word.utf8.count(where: { $0 == UInt8(ascii: "(") }) > word.utf8.count(where: { $0 == UInt8(ascii: ")") }) {
      return true
    }
    guard word.utf8.allSatisfy({ "=<>!+*/%&|{}[]-:".utf8.contains($0) }) else { return false }
    return i > 0 && isWord(i - 1, lexemes, names)
      || i + 1 < lexemes.count && isWord(i + 1, lexemes, names)
  }

  /// Whether it is what a program printed, or a question: a word with a colon behind it, or one that asks.
  private static func isMessage(_ lexemes: [QueryLexeme]) -> Bool {
    guard let first = lexemes.first?.word else { return false }
    if questionWords.contains(first.lowercased()) { return true }
    return lexemes.contains { lexeme in
      guard let word = lexeme.word, word.utf8.last == UInt8(ascii: ":") else { return false }
      return word.utf8.count > 1
    }
  }

  /// Whether `word` may stand behind a `NOT` that denies it: `NOT found`, `NOT a directory`, `NOT supported`.
  private static func isParticiple(_ word: String) -> Bool {
    participles.contains(word) || word.utf8.count > 4 && word.hasSuffix("ed")
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
  /// Words before the name of an operation: `bitwise AND`, `logical OR`.
  private static let logic: Set = ["bitwise", "logical", "boolean"]
  private static let questionWords: Set = [
    "how", "why", "what", "where", "when", "which", "who", "does", "do", "is", "are", "can", "should",
  ]
  /// Words behind a `NOT` in what programs print, beside those in `-ed`.
  private static let participles: Set = [
    "found", "valid", "available", "null", "exist", "exists", "in", "like", "between", "deferrable", "a", "an", "the",
    "enough", "set", "be", "known", "empty", "possible", "able", "equal", "ready", "yet",
  ]
}
