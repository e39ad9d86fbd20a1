package import Inspection

/// Languages as people name them: `python`, `py`, `C++`. A name that nobody knows matches no language.
package struct LanguageFilter: Hashable, Sendable {
  private let names: Set<String>

  package init(names: [String]) {
    self.names = Set(names.map { Language.named($0)?.name ?? $0.lowercased() })
  }

  package func contains(_ language: Language) -> Bool { names.contains(language.name) }
}
