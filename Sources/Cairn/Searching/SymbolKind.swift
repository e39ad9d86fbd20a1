import Chunking
import QueryLanguage

/// What a symbol is. The raw values are what `kind:` and `--kind` take and what JSON shows.
///
///     SymbolKind(rawValue: "function") == .function
public enum SymbolKind: String, CaseIterable, Sendable {
  case function, method, type, interface, enumeration, module, constant, variable, property, macro, section, table
  case rule, other
}

// Both directions are exhaustive, so that a kind that one side gains is a compile error here.
extension SymbolKind {
  init(_ kind: Chunking.Symbol.Kind) {
    self =
      switch kind {
      case .function: .function
      case .method: .method
      case .type: .type
      case .interface: .interface
      case .enumeration: .enumeration
      case .module: .module
      case .constant: .constant
      case .variable: .variable
      case .property: .property
      case .macro: .macro
      case .section: .section
      case .table: .table
      case .rule: .rule
      case .other: .other
      }
  }

  var symbolKind: Chunking.Symbol.Kind {
    switch self {
    case .function: .function
    case .method: .method
    case .type: .type
    case .interface: .interface
    case .enumeration: .enumeration
    case .module: .module
    case .constant: .constant
    case .variable: .variable
    case .property: .property
    case .macro: .macro
    case .section: .section
    case .table: .table
    case .rule: .rule
    case .other: .other
    }
  }
}

extension SymbolKind {
  /// The kinds that `name` means behind `kind:`, in their order: a class is a type. Nil if no kind is called
  /// so.
  package static func named(_ name: String) -> [SymbolKind]? {
    guard let kinds = Chunking.Symbol.Kind.named(name) else { return nil }
    return allCases.filter { kinds.contains($0.symbolKind) }
  }
}
