package import Chunking
package import Segments

/// What a result must satisfy, whatever its score. An empty list asks for nothing.
package struct QueryFilters: Hashable, Sendable {
  package var languages: [String] = []
  package var excludedLanguages: [String] = []
  package var paths: [Glob] = []
  /// Of the file's name, beside `paths`: `path:src/** ext:c` asks for both.
  package var extensions: [Glob] = []
  package var excludedPaths: [Glob] = []
  package var kinds: Set<Symbol.Kind> = []
  package var excludedKinds: Set<Symbol.Kind> = []
  package init() {}

  /// What a chunk's symbols must be, where that is asked for.
  package var kindFilter: SymbolKindFilter? {
    kinds.isEmpty && excludedKinds.isEmpty ? nil : SymbolKindFilter(wanted: kinds, excluded: excludedKinds)
  }

  package var isEmpty: Bool {
    languages.isEmpty && excludedLanguages.isEmpty && paths.isEmpty && extensions.isEmpty && excludedPaths.isEmpty
      && kinds.isEmpty
      && excludedKinds.isEmpty
  }
}
