import Chunking

/// Rules for a grammar that nobody wrote rules for: a node with a `name` whose type says that it defines something.
enum GenericRules {
  private static let words: [(word: String, kind: Symbol.Kind)] = [
    ("interface", .interface), ("trait", .interface), ("protocol", .interface), ("enum", .enumeration),
    ("class", .type), ("struct", .type), ("record", .type), ("union", .type), ("type", .type), ("message", .type),
    ("namespace", .module), ("module", .module), ("package", .module), ("method", .method), ("function", .function),
    ("procedure", .function), ("subroutine", .function), ("macro", .macro), ("constant", .constant),
    ("variable", .variable), ("property", .property), ("rule", .rule),
  ]

  static func rules(for types: [String]) -> LanguageRules {
    var definitions: [Definition] = []
    for type in Set(types).sorted() {
      let isDefinition = ["definition", "declaration", "_item", "_def", "_decl"].contains { type.contains($0) }
      let isUse = ["call", "list", "body", "parameter", "argument", "expression", "reference", "import"].contains {
        type.contains($0)
      }
      let known = words.first { type.contains($0.word) }
      guard !isUse, isDefinition || (known != nil && !type.contains("_")) else { continue }
      definitions.append(Definition(type, known?.kind ?? .other))
    }
    return LanguageRules(definitions: definitions)
  }
}
