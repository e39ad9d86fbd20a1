package import Chunking

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

  package var symbolKind: Chunking.Symbol.Kind { Chunking.Symbol.Kind.allCases.first { "\($0)" == rawValue } ?? .other }
}
