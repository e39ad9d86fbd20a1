import Chunking
import QueryLanguage

/// What a symbol is. The raw values are what `kind:` and `--kind` take and what JSON shows.
///
///     SymbolKind(rawValue: "function") == .function
public enum SymbolKind: String, CaseIterable, Sendable {
  case function, method, type, interface, enumeration, module, constant, variable, property, macro, section, table
  case rule, other
}

// One name for each on both sides, which a test holds them to.
extension SymbolKind {
  init(_ kind: Chunking.Symbol.Kind) { self = SymbolKind(rawValue: "\(kind)") ?? .other }

  var symbolKind: Chunking.Symbol.Kind { Chunking.Symbol.Kind.allCases.first { "\($0)" == rawValue } ?? .other }
}

extension SymbolKind {
  /// The kinds that `name` means behind `kind:`, in their order: a class is a type. Nil if no kind is called
  /// so.
  package static func named(_ name: String) -> [SymbolKind]? {
    guard let kinds = Chunking.Symbol.Kind.named(name) else { return nil }
    return allCases.filter { kinds.contains($0.symbolKind) }
  }
}
