package import Chunking

extension Symbol.Kind {
  /// The kinds that `name` stands for after `kind:`, or nil if it is unknown. A class is a type, and a function
  /// asked for by name may be a method: people rarely know which it is.
  package static func named(_ name: String) -> Set<Symbol.Kind>? {
    switch name.lowercased() {
    case "function", "func", "fn", "def", "fun", "sub", "procedure": [.function, .method]
    case "method", "constructor": [.method]
    case "type", "class", "struct", "record", "object", "union", "typedef": [.type]
    case "interface", "protocol", "trait", "typeclass", "behaviour": [.interface]
    case "enum", "enumeration": [.enumeration]
    case "module", "namespace", "package", "mod": [.module]
    case "constant", "const": [.constant]
    case "variable", "var", "let", "global": [.variable]
    case "property", "field", "attribute", "member": [.property]
    case "macro", "define": [.macro]
    case "section", "heading": [.section]
    case "table", "view": [.table]
    case "rule", "selector", "target": [.rule]
    case "other": [.other]
    default: nil
    }
  }
}
