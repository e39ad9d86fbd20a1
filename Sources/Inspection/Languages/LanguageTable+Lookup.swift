import Primitives

extension LanguageTable {
  /// Numbers of languages by what tells them; built once, at first use.
  struct Lookup: Sendable {
    private var table = ByteStringSet()
    private var numbers: [Int] = []

    init(_ words: (LanguageRow) -> String) {
      for (number, row) in rows.enumerated() {
        for word in words(row).split(separator: " ") {
          let key = table.insert(Array(word.utf8))
          // The first row holds; a test keeps the rows apart.
          if key == numbers.count { numbers.append(number) }
        }
      }
    }

    /// The number of the language of `key`.
    subscript(_ key: Span<UInt8>) -> Int? { table.find(key).map { numbers[$0] } }
  }

  static let languages = rows.map { Language(name: $0.name, kind: $0.kind) }
  static let extensions = Lookup(\.extensions)
  static let fileNames = Lookup(\.fileNames)
  static let interpreters = Lookup(\.interpreters)
  static let aliases = Lookup { $0.name + " " + $0.aliases }
}

extension Language {
  /// Every language with its names, the first of which is its own, and the names of files that are of it, as globs.
  package static var descriptions: [(names: [String], files: [String])] {
    LanguageTable.rows.map { row in
      let files =
        row.extensions.split(separator: " ").map { "*.\($0)" } + row.fileNames.split(separator: " ").map(String.init)
      return ([row.name] + row.aliases.split(separator: " ").map(String.init), files)
    }
  }

  /// Extensions, file names and interpreters that the table gives to two languages. Always empty: one of the two rows
  /// would be dead.
  package static var rivalWords: [String] {
    [\LanguageRow.extensions, \.fileNames, \.interpreters].flatMap { column in
      var seen: Set<Substring> = []
      return LanguageTable.rows.flatMap { $0[keyPath: column].split(separator: " ") }
        .filter { !seen.insert($0).inserted }.map(String.init)
    }
  }
}
