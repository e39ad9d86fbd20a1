import Corpus
import Retrieval

extension CairnError.Code {
  /// A filter of the question can match nothing, or was not understood.
  public static let filter = Self(rawValue: "filter")
  /// Less is searched than the reader may think.
  public static let scope = Self(rawValue: "scope")
}

extension CairnError {
  /// What to say of a filter, with what was probably meant.
  init(_ problem: FilterProblem) {
    let message =
      switch problem {
      case .unknownLanguage(let name):
        "no language is called \"\(name)\""
          + (nearestName(to: name, in: Language.all.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? "")
      case .absentLanguage(let name): "no indexed file is in the language \"\(name)\""
      case .unknownKind(let written): Self.unknownKind(written)
      case .unmatchedPath(let pattern):
        "no indexed file has a path like \"\(pattern)\"; * stays inside a directory, ** crosses them, / begins at the root"
      case .absentKind(let kinds):
        "nothing in the index defines a symbol of the kind \(kinds.joined(separator: " or ")); without the filter more is searched"
      case .disjoint(let filters):
        filters.count == 1
          ? "\(filters[0]) leaves nothing to search"
          : "nothing in the index passes all filters together, though something passes each: \(filters.joined(separator: ", "))"
      case .nothingBelow(let directory):
        "no file below \(directory) is indexed: it holds none that could be; with --root it has an index of its own"
      case .notExcluded(let word):
        "\"\(word)\" excludes nothing and was looked for; -lang:, -path:, -ext: and -kind: exclude"
      }
    self.init(.filter, message)
  }

  private static func unknownKind(_ written: String) -> String {
    let name = written.split(separator: ":", maxSplits: 1).last.map(String.init) ?? written
    let kinds = SymbolKind.allCases.map(\.rawValue)
    let near = nearestName(to: name, in: kinds).map { "did you mean \"\($0)\"?" }
    return "\"\(written)\" is no kind of symbol and was looked for as words; "
      + (near ?? "there are: \(kinds.joined(separator: ", "))")
  }
}
