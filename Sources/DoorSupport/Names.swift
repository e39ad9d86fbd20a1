package import Cairn
import Chunking
import ModelHub
import QueryLanguage

// What doors take and offer by name.

extension SymbolKind {
  /// The kinds that `name` means behind `kind:`, in their order: a class is a type. Nil if no kind is called so.
  package static func named(_ name: String) -> [SymbolKind]? {
    guard let kinds = Chunking.Symbol.Kind.named(name) else { return nil }
    return allCases.filter { kinds.contains($0.symbolKind) }
  }
}

extension ModelLibrary {
  /// What the models that Cairn brings along or knows how to fetch are called.
  package static let knownNames = ["builtin"] + ModelRegistry.all.map(\.name)
}
