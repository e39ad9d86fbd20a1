import Chunking
import Primitives

/// How the nodes of one grammar become an outline: which of them define something and where their names stand, and
/// which only wrap others. Types that a grammar does not have are ignored, so that one table may serve a family of
/// grammars.
struct LanguageRules: Sendable {
  /// Types of nodes that define something.
  var definitions: [Definition]
  /// Nodes around one definition that belong to it: `export …`, a template's head, a declaration around its
  /// declarators.
  var wrappers: [String] = []
  /// Nodes around any number of definitions that say nothing of their own: `#ifdef`, `extern "C"`.
  var containers: [String] = []
  /// Nodes that hold the parts of a definition and start where it likes; they are never parts themselves. Types that
  /// end with `body` or `block` are taken for such without being named here.
  var bodies: [String] = []
  /// Nodes that stand before a definition and belong to it, as comments do.
  var attributes: [String] = []
  /// Functions without a name: what is inside is local.
  var closures: [String] = []
  /// Nodes with nothing of interest inside, however long.
  var leaves: [String] = []
  /// Words that stand before a definition on its line without being part of its node.
  var prefixes: [String] = []
  /// Definitions that may be cut off from their bodies by the grammar: the next node, if it is one of `detachedBodies`,
  /// belongs to them.
  var heads: [String] = []
  var detachedBodies: [String] = []
  /// Nodes whose text is in another language.
  var embeddings: [String] = []
  /// Whether functions may hold definitions that a reader would look for. Where not, a short function is not looked
  /// into.
  var functionsHoldDefinitions = true
  /// Whether definitions of one name that follow each other are one definition: a signature and the clauses after it.
  var mergesClauses = false
  /// How to leave out what defines nothing, where that is known.
  var skim: SkimRules?
}

/// A type of node that defines something.
struct Definition: Sendable {
  /// What the inside of a definition is.
  enum Inside: Sendable {
    /// Members, each a part of its own.
    case members
    /// Statements: definitions in there are local.
    case code
    /// Values: cut between as members are, but names in there are nothing to look for.
    case data
    /// Everything up to the next definition of this sort among its siblings: a heading and its section.
    case following
  }

  let type: String
  /// Nil for a node that encloses definitions under a name without defining it, as Rust's `impl`.
  let kind: Symbol.Kind?
  let name: NameSource
  let inside: Inside
  /// Whether it also counts inside functions. A local variable is no symbol, a local function is.
  let isFoundInFunctions: Bool
  /// How many names may enclose it: for data, where only the outer keys are symbols.
  let maximumDepth: Int

  init(
    _ type: String, _ kind: Symbol.Kind?, name: NameSource = .field("name"), inside: Inside? = nil,
    isFoundInFunctions: Bool? = nil, maximumDepth: Int = .max
  ) {
    self.type = type
    self.kind = kind
    self.name = name
    switch kind {
    case .function, .method, .macro, .rule:
      self.inside = inside ?? .code
      self.isFoundInFunctions = isFoundInFunctions ?? true
    case .constant, .variable, .property:
      self.inside = inside ?? .data
      self.isFoundInFunctions = isFoundInFunctions ?? false
    default:
      self.inside = inside ?? .members
      self.isFoundInFunctions = isFoundInFunctions ?? true
    }
    self.maximumDepth = maximumDepth
  }
}

/// Where the name of a definition stands.
enum NameSource: Sendable {
  /// In the child of this field.
  case field(String)
  /// In the child of the last of these fields, each inside the one before.
  case path([String])
  /// In the first child of one of these types.
  case child([String])
  /// In the first node of one of these types anywhere near the beginning of the definition.
  case descendant([String])
  /// The definition's own first line.
  case text
  /// Code finds it. Several names give several symbols on one node; none, and the node defines nothing.
  case code(@Sendable (SyntaxNode, borrowing Span<UInt8>) -> [FoundName])
}

/// A name that was found, and what else was learnt on the way.
struct FoundName {
  var text: String
  /// Row from 0.
  var row: Int
  /// Names around it that its own text gives: `Foo` of `Foo::bar`.
  var enclosing: [String] = []
  /// In place of the kind that the rule gives.
  var kind: Symbol.Kind?
  /// Whether the definitions that are direct children are this one again, as the struct in a `typedef struct`.
  var includesChildren = false
  /// In place of what the rule says is inside.
  var inside: Definition.Inside?
  /// It only encloses what is inside; it defines nothing.
  var isScopeOnly = false
  /// It is a function that is only announced here: a member of a type, and otherwise `.other`.
  var isAnnouncement = false
  /// For `Inside.following`: a section ends where one of the same or a lower level begins.
  var level = 0

  init(
    _ node: SyntaxNode, _ source: borrowing Span<UInt8>, enclosing: [String] = [], kind: Symbol.Kind? = nil,
    inside: Definition.Inside? = nil
  ) {
    text = source.name(node.bytes)
    row = node.startRow
    self.enclosing = enclosing
    self.kind = kind
    self.inside = inside
  }

  init(
    _ text: String, row: Int, enclosing: [String] = [], kind: Symbol.Kind? = nil, inside: Definition.Inside? = nil
  ) {
    self.text = text
    self.row = row
    self.enclosing = enclosing
    self.kind = kind
    self.inside = inside
  }
}

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
