package import Chunking
package import Segments

/// What a result must satisfy, whatever its score. An empty list asks for nothing.
package struct QueryFilters: Hashable, Sendable {
  package var languages: [String] = []
  package var excludedLanguages: [String] = []
  package var paths: [PathGlob] = []
  /// Of the file's name, beside `paths`: `path:src/** ext:c` asks for both.
  package var extensions: [PathGlob] = []
  package var excludedPaths: [PathGlob] = []
  package var kinds: Set<Symbol.Kind> = []
  package var excludedKinds: Set<Symbol.Kind> = []
  /// Kinds that are asked for and that there are none of.
  package var unknownKinds: [UnknownKind] = []
  /// Of the commit that removed the code, in a search of the history.
  package var commits = CommitFilters()
  /// The numbers of the commits that pass `commits`, and that are searched at all, in a search of the history; nil
  /// where all do, or it is none.
  package var passingCommits: Set<UInt32>?
  package init() {}

  package struct UnknownKind: Hashable, Sendable {
    package var name: String
    /// The filter as it was typed.
    package var written: String
    package var isNegated: Bool
  }

  /// Whether nothing can pass, since all kinds that are asked for are none.
  package var isUnmeetable: Bool { kinds.isEmpty && unknownKinds.contains { !$0.isNegated } }

  /// Takes the filters out of which a kind is not known; gives them as they were typed.
  mutating func takeUnknownKinds() -> [String] {
    var written: [String] = []
    for kind in unknownKinds where !written.contains(kind.written) { written.append(kind.written) }
    unknownKinds = []
    return written
  }

  /// What a chunk's symbols must be, where that is asked for.
  package var kindFilter: SymbolKindFilter? {
    kinds.isEmpty && excludedKinds.isEmpty ? nil : SymbolKindFilter(wanted: kinds, excluded: excludedKinds)
  }

  package var isEmpty: Bool {
    languages.isEmpty && excludedLanguages.isEmpty && paths.isEmpty && extensions.isEmpty && excludedPaths.isEmpty
      && kinds.isEmpty
      && excludedKinds.isEmpty && unknownKinds.isEmpty && commits.isEmpty && passingCommits == nil
  }

  /// As a query has them.
  package var written: [String] {
    languages.map { "lang:\($0)" } + excludedLanguages.map { "-lang:\($0)" } + paths.map { "path:\($0.pattern)" }
      + extensions.map { "ext:\($0.pattern.dropFirst(2))" }
      + excludedPaths.map { "-path:\($0.pattern)" } + kinds.map { "kind:\($0)" }.sorted()
      + excludedKinds.map { "-kind:\($0)" }.sorted()
      + unknownKinds.map(\.written) + commits.written
  }
}
