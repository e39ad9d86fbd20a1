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
        Self.endings(of: pattern).map { "no indexed file ends in \($0)" }
          ?? "no indexed file has a path like \"\(pattern)\"; "
          + "* stays inside a directory, ** crosses them, / begins at the root"
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

  /// The endings that `pattern` asks for where it asks for nothing else: `*.rs`, `*.{c,h}`.
  private static func endings(of pattern: String) -> String? {
    guard pattern.hasPrefix("*."), pattern.count > 2 else { return nil }
    var rest = pattern.dropFirst(2)
    if rest.first == "{", rest.last == "}" { rest = rest.dropFirst().dropLast() }
    let names = rest.split(separator: ",")
    guard !names.isEmpty, names.allSatisfy({ !$0.contains { "*?[]{}/!".contains($0) } }) else { return nil }
    return names.map { ".\($0)" }.joined(separator: " or ")
  }

  private static func unknownKind(_ written: String) -> String {
    let filter = written.drop { $0 == "-" }.prefix { $0 != ":" }.lowercased()
    if filter != "kind", filter != "symbol" { return "\"\(written)\" names nothing and was looked for as words" }
    let name = written.split(separator: ":", maxSplits: 1).last.map(String.init) ?? written
    let kinds = SymbolKind.allCases.map(\.rawValue)
    let near = nearestName(to: name, in: kinds).map { "did you mean \"\($0)\"?" }
    return "\"\(written)\" is no kind of symbol and was looked for as words; "
      + (near ?? "there are: \(kinds.joined(separator: ", "))")
  }
}
