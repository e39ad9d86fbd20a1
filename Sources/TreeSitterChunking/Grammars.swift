import CTreeSitter
import Synchronization

/// The grammars that are linked in, and the rules for each.
enum Grammars {
  /// Languages that share the grammar of another.
  private static let aliases = [
    "c-sharp": "csharp", "c++": "cpp", "docker": "dockerfile", "golang": "go", "jsonc": "json", "jsx": "javascript",
    "makefile": "make", "objective-c": "objc", "protobuf": "proto", "sass": "scss", "sh": "bash", "shell": "bash",
    "zsh": "bash",
  ]

  /// In the order of their bytes.
  static let names: [String] = (0..<cairn_grammar_count).compactMap { index in
    unsafe cairn_grammar_at(index).flatMap { unsafe $0.pointee.name }.map { unsafe String(cString: $0) }
  }

  /// Made when a language is first met; nothing stands for a language without a grammar.
  private static let tables = Mutex<[String: GrammarTable?]>([:])

  /// The table of a language, or nothing where there is no grammar for it. Thread-safe.
  static func table(for language: String) -> GrammarTable? {
    tables.withLock { tables in
      if let known = tables[language] { return known }
      let name = aliases[language] ?? language
      let table = unsafe cairn_grammar_named(name).map { grammar in
        unsafe GrammarTable(language: grammar, rules: rules[name])
      }
      tables[language] = .some(table)
      return table
    }
  }

  private static let rules: [String: LanguageRules] = [
    "c": .c, "cpp": .cpp, "cuda": .cpp, "objc": .objectiveC,
    "go": .go,
    "java": .java,
    "javascript": .javaScript, "typescript": .javaScript, "tsx": .javaScript,
    "python": .python,
    "rust": .rust,
  ]
}
