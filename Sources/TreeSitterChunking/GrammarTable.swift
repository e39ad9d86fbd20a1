import CTreeSitter
import Chunking
import Primitives

/// The rules of a language bound to its grammar: what to do with a node is one look-up by the number of its type.
///
/// `@unchecked Sendable`: every property is constant, and the grammar behind the pointer is constant data of the
/// library.
@safe final class GrammarTable: @unchecked Sendable {
  struct Traits: OptionSet {
    let rawValue: UInt16
    static let named = Traits(rawValue: 1)
    static let comment = Traits(rawValue: 2)
    static let attribute = Traits(rawValue: 4)
    static let wrapper = Traits(rawValue: 8)
    static let container = Traits(rawValue: 16)
    static let body = Traits(rawValue: 32)
    static let closure = Traits(rawValue: 64)
    static let leaf = Traits(rawValue: 128)
    static let head = Traits(rawValue: 256)
    static let detachedBody = Traits(rawValue: 512)
    static let prefix = Traits(rawValue: 1024)
    static let embedding = Traits(rawValue: 2048)
  }

  /// A definition with the names of types and fields turned to numbers.
  struct BoundDefinition {
    let rule: Definition
    let fields: [UInt16]
    let types: [UInt16]
  }

  let language: OpaquePointer
  let functionsHoldDefinitions: Bool
  let mergesClauses: Bool
  let skim: SkimRules?
  private let traits: [Traits]
  private let definitionIndices: [UInt8]
  private let definitions: [BoundDefinition]

  init(language: OpaquePointer, rules: LanguageRules?) {
    unsafe self.language = language
    functionsHoldDefinitions = rules?.functionsHoldDefinitions ?? true
    mergesClauses = rules?.mergesClauses ?? false
    skim = rules?.skim
    let symbolCount = Int(unsafe ts_language_symbol_count(language))
    var names: [String] = []
    for symbol in 0..<symbolCount {
      let name = unsafe ts_language_symbol_name(language, UInt16(symbol))
      names.append(unsafe name.map { unsafe String(cString: $0) } ?? "")
    }
    func symbols(_ types: [String]) -> [UInt16] {
      types.flatMap { type in names.indices.filter { names[$0] == type }.map { UInt16($0) } }
    }
    var traits = [Traits](repeating: [], count: symbolCount)
    for symbol in 0..<symbolCount where unsafe ts_language_symbol_type(language, UInt16(symbol)) == TSSymbolTypeRegular
    {
      traits[symbol] = .named
      if names[symbol].contains("comment") { traits[symbol].insert(.comment) }
      if names[symbol].hasSuffix("body") || names[symbol].hasSuffix("block") || names[symbol] == "suite" {
        traits[symbol].insert(.body)
      }
    }
    func mark(_ types: [String], _ trait: Traits) {
      for symbol in symbols(types) where traits[Int(symbol)].contains(.named) {
        traits[Int(symbol)].insert(trait)
        if trait == .body || trait == .wrapper || trait == .container { traits[Int(symbol)].remove(.comment) }
        if trait == .container || trait == .wrapper { traits[Int(symbol)].remove(.body) }
      }
    }
    let rules = rules ?? GenericRules.rules(for: names)
    mark(rules.wrappers, .wrapper)
    mark(rules.containers, .container)
    mark(rules.bodies, .body)
    mark(rules.attributes, .attribute)
    mark(rules.closures, .closure)
    mark(rules.leaves, .leaf)
    mark(rules.heads, .head)
    mark(rules.embeddings, .embedding)
    mark(rules.detachedBodies, .detachedBody)
    for symbol in symbols(rules.prefixes) { traits[Int(symbol)].insert(.prefix) }

    var indices = [UInt8](repeating: 0, count: symbolCount)
    var bound: [BoundDefinition] = []
    for definition in rules.definitions.prefix(254) {
      var fields: [String] = []
      var types: [String] = []
      switch definition.name {
      case .field(let field): fields = [field]
      case .path(let path): fields = path
      case .child(let children), .descendant(let children): types = children
      case .text, .code: break
      }
      bound.append(
        BoundDefinition(
          rule: definition,
          fields: fields.map { field in
            unsafe ts_language_field_id_for_name(language, field, UInt32(field.utf8.count))
          }, types: symbols(types)))
      for symbol in symbols([definition.type]) where traits[Int(symbol)].contains(.named) {
        indices[Int(symbol)] = UInt8(bound.count)
        traits[Int(symbol)].subtract([.comment, .body])
      }
    }
    self.traits = traits
    definitionIndices = indices
    definitions = bound
  }

  /// The type of nodes that hold what could not be parsed.
  static let errorSymbol = UInt16.max

  func traits(of symbol: UInt16) -> Traits {
    Int(symbol) < traits.count ? traits[Int(symbol)] : symbol == GrammarTable.errorSymbol ? [.named, .body] : []
  }

  func definition(of symbol: UInt16) -> BoundDefinition? {
    guard Int(symbol) < definitionIndices.count, definitionIndices[Int(symbol)] != 0 else { return nil }
    return definitions[Int(definitionIndices[Int(symbol)]) - 1]
  }
}
