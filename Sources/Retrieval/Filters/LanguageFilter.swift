package import Corpus

/// Names of languages as people type them.
package struct LanguageFilter: Hashable, Sendable {
  private let names: Set<String>

  package init(names: [String]) { self.names = Set(names.map { $0.lowercased() }) }

  package func contains(_ language: Language) -> Bool { names.contains(language.name) }
}
