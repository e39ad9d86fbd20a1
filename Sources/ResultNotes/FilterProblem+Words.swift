import Chunking
import Corpus
import Inspection
package import Primitives
import QueryLanguage
package import Retrieval

extension Failure.Code {
  /// A filter of the query can match nothing, or was not understood.
  package static let filter = Self(rawValue: "filter")
}

extension FilterProblem {
  /// What to say of it, with what was probably meant.
  package var note: Failure {
    let message =
      switch self {
      case .unknownLanguage(let name): Self.unknownLanguageText(name)
      case .absentLanguage(let name): "no indexed file is in the language \"\(name)\""
      case .unknownKind(let name, let isNegated):
        "no kind of symbol is called \"\(name)\"" + (isNegated ? ", so it leaves nothing out" : "") + "; "
          + Self.nearKinds(to: name)
      case .misunderstood(let written): Self.misunderstoodText(written)
      case .noFilter(let written, let meant):
        "\"\(written)\" is no filter and was searched for as words; \(meant) asks for the language"
      case .foreign(let syntax): syntax.text
      case .unmatchedPath(let pattern, let near):
        (Self.endings(of: pattern).map { "no indexed file ends in \($0)" }
          ?? "no indexed file has a path like \"\(Self.shown(pattern))\"")
          + (near.map { "; did you mean \"\($0)\"?" }
            ?? (Self.endings(of: pattern) == nil
              ? "; * stays inside a directory, ** crosses them, / begins at the root" : ""))
      case .absentKind(let kinds):
        "nothing in the index defines a symbol of the kind \(kinds.joined(separator: " or ")); "
          + "without the filter more is searched"
      case .disjoint(let filters):
        filters.count == 1
          ? "\(filters[0]) leaves nothing to search"
          : "nothing in the index passes all filters together, though something passes each: "
            + Self.shown(filters.joined(separator: ", "))
      case .nothingBelow(let directory):
        "no file below \(directory) is indexed: it holds none that could be"
      case .notExcluded(let word):
        "\"\(word)\" excludes nothing and was searched for; NOT before a word, -lang:, -path:, -ext: and -kind: exclude"
      case .unsatisfied(let condition): "no chunk satisfies \(condition)"
      case .unchecked(let count, let isOfPattern):
        isOfPattern
          ? "\(count) more chunks may have lines that match and were not read; a filter, or a longer text in the "
            + "pattern, makes them fewer"
          : "\(count) more chunks may satisfy what AND, OR and NOT ask for and were not read; "
            + "a filter makes them fewer"
      case .unmatchedPattern(let pattern, let hasFilters):
        (hasFilters ? "no line that the filters pass" : "no indexed line") + " matches \(Self.shown(pattern))"
      case .noPattern(let written, let reason):
        "\(Self.shown(written)) was searched for as words, since it is not a pattern: \(reason)"
      case .pathNotPattern(let written):
        "\(written) was read as a path, since a file or a directory is called so; as a pattern it is "
          + "/(\(written.dropFirst().dropLast()))/"
      case .undecided(let text):
        "\"\(text)\" was not found, and more files may hold it than were read; a path: or lang: filter makes them fewer"
      case .brokenOperators(let reason): "AND, OR and NOT were searched for as words: \(reason)"
      case .withoutCommits(let filters):
        "\(Self.shown(filters.joined(separator: ", "))) filtered nothing: files as they are have no commit; in the "
          + "history it is the commit that removed the code"
      }
    var remedy: Remedy?
    if case .nothingBelow(let directory) = self { remedy = Remedy(.chooseRoot, directory.description) }
    if case .withoutCommits = self { remedy = Remedy(.searchHistory) }
    return Failure(.filter, message, remedy: remedy)
  }

  /// The endings that `pattern` asks for where it asks for nothing else: `*.rs`, `*.{c,h}`.
  private static func endings(of pattern: String) -> String? {
    guard pattern.hasPrefix("*."), pattern.count > 2 else { return nil }
    var rest = pattern.dropFirst(2)
    if rest.first == "{", rest.last == "}" { rest = rest.dropFirst().dropLast() }
    let names = rest.split(separator: ",")
    guard !names.isEmpty, names.allSatisfy({ !$0.contains { "*?[]{}/!".contains($0) } }) else { return nil }
    return shown(names.map { ".\($0)" }.joined(separator: " or "))
  }

  /// The beginning of what was typed: a note is not to be as long as a query may be.
  private static func shown(_ written: String) -> String {
    let scalars = written.unicodeScalars
    guard written.utf8.count > longestShown, scalars.count > longestShown else { return written }
    return String(scalars.prefix(longestShown)) + "…"
  }
  private static let longestShown = 400

  /// What to say of a name that is that of no language.
  package static func unknownLanguageText(_ name: String) -> String {
    let near = nearestName(to: name, in: Language.all.map(\.name)).map { "; did you mean \"\($0)\"?" }
    return "no language is called \"\(name)\"" + (near ?? "; python, py, c++ and ts are names of some")
  }

  /// The kind that `name` was probably meant to be, or all there are.
  package static func nearKinds(to name: String) -> String {
    let kinds = Symbol.Kind.allCases.map { "\($0)" }
    return nearestName(to: name, in: kinds).map { "did you mean \"\($0)\"?" }
      ?? "there are: \(kinds.joined(separator: ", "))"
  }

  private static func misunderstoodText(_ typed: String) -> String {
    let written = shown(typed)
    let filter = written.drop { $0 == "-" }.prefix { $0 != ":" }.lowercased()
    if filter != "kind", filter != "symbol" {
      if CommitFilters.names.contains(filter), filter != "author" {
        return "\"\(written)\" names no time and was searched for as words; times are written 2026-01-31, 3days, "
          + "last-week"
      }
      let value = written.drop { $0 != ":" }.dropFirst()
      let near =
        ["lang", "language"].contains(filter) && value.count > 1
        ? nearestName(to: String(value), in: Language.all.map(\.name)).map { "; did you mean \"\($0)\"?" } : nil
      return "\"\(written)\" names nothing and was searched for as words" + (near ?? "")
    }
    let name = written.split(separator: ":", maxSplits: 1).last.map(String.init) ?? written
    return "\"\(written)\" is no kind of symbol and was searched for as words; " + nearKinds(to: name)
  }
}

extension ForeignSyntax {
  /// What was done with it, and what does its work here.
  fileprivate var text: String {
    let words = "\"\(written)\" is no filter and was searched for as words; "
    return switch kind {
    case .definition(let kind):
      "\"\(written)\" is no filter: a name by itself has its definitions first, and kind:\(kind ?? "function") before "
        + "a query asks for chunks that define such a symbol"
    case .content: "\"\(written)\" is no filter: what stands in quotation marks is searched for as it is written"
    case .path: words + "path:\(value) asks for files by their paths"
    case .repository: words + "one tree is searched, and path: asks for files in it"
    case .setting: words + "leave it out"
    case .pattern:
      "\"\(written)\" was searched for as text; "
        + (value.contains("/")
          ? "in a pattern, /.../, a slash is written \\/, and i is the only flag" : "as a pattern it is /\(value)/")
    }
  }
}
