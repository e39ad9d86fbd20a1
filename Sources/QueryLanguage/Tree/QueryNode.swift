import Segments

/// What a chunk must satisfy to be a result: a tree of `AND`, `OR` and `NOT` over words, phrases and filters (Boolean
/// retrieval). It decides which chunks may be results; their order is decided by what the query says as a whole.
package indirect enum QueryNode: Hashable, Sendable {
  /// All of them; an empty one is true of every chunk.
  case and([QueryNode])
  /// One of them at least.
  case or([QueryNode])
  case not(QueryNode)
  /// A word as it was typed, in any case: a whole word, or whole parts of a longer name, of the text or of the path.
  case word(QueryTerm)
  case phrase(QueryPhrase)
  /// A line of its text holds a match.
  case pattern(TextPattern)
  case fields(QueryFilters)

  /// A conjunction without needless levels.
  package static func all(of nodes: [QueryNode]) -> QueryNode {
    let flat = nodes.flatMap { node in
      if case .and(let inner) = node { inner } else { [node] }
    }
    return flat.count == 1 ? flat[0] : .and(flat)
  }

  /// A disjunction without needless levels.
  package static func any(of nodes: [QueryNode]) -> QueryNode {
    let flat = nodes.flatMap { node in
      if case .or(let inner) = node { inner } else { [node] }
    }
    return flat.count == 1 ? flat[0] : .or(flat)
  }

  /// Every leaf, in the order in which they were typed.
  package var leaves: [QueryNode] {
    switch self {
    case .and(let nodes), .or(let nodes): nodes.flatMap(\.leaves)
    case .not(let node): node.leaves
    case .word, .phrase, .pattern, .fields: [self]
    }
  }

  /// Whether it asks for a word, a phrase or a pattern, and not only for what is not to be there.
  package var asksForText: Bool {
    switch self {
    case .and(let nodes), .or(let nodes): nodes.contains(where: \.asksForText)
    case .not, .fields: false
    case .word, .phrase, .pattern: true
    }
  }

  /// The patterns that it asks for: those that are not denied.
  package var patterns: [TextPattern] {
    switch self {
    case .and(let nodes), .or(let nodes): nodes.flatMap(\.patterns)
    case .pattern(let pattern): [pattern]
    case .not, .word, .phrase, .fields: []
    }
  }

  /// Whether there is a pattern in it, asked for or denied.
  package var holdsPattern: Bool {
    leaves.contains { if case .pattern = $0 { true } else { false } }
  }

  /// The filters anywhere in it.
  package var fields: [QueryFilters] {
    leaves.compactMap { if case .fields(let filters) = $0 { filters } else { nil } }
  }
}

/// A text of a query that a chunk holds as it is written, but for case.
package struct QueryPhrase: Hashable, Sendable {
  /// As it was typed.
  package var typed: String
  /// The same as it is compared (`FoldedText`).
  package var folded: String
  /// The name with signs that it is, where it is one: it stands nowhere but as it is.
  package var signed: SignedName?

  package init(_ typed: String, signed: SignedName? = nil) {
    self.typed = typed
    folded = signed?.sought ?? FoldedText.folded(typed)
    self.signed = signed
  }
}

/// As a query has it, every group in parentheses: what a reader checks a parse against.
extension QueryNode: CustomStringConvertible {
  package var description: String {
    switch self {
    case .and(let nodes): nodes.isEmpty ? "everything" : nodes.map(\.operand).joined(separator: " AND ")
    case .or(let nodes): nodes.map(\.operand).joined(separator: " OR ")
    case .not(let node): "NOT " + node.operand
    case .word(let term): term.text
    case .phrase(let phrase): "\"\(phrase.typed)\""
    case .pattern(let pattern): pattern.typed
    case .fields(let filters): filters.written.joined(separator: " ")
    }
  }

  private var operand: String {
    switch self {
    case .and(let nodes) where nodes.count > 1, .or(let nodes) where nodes.count > 1: "(\(description))"
    case .fields(let filters) where filters.written.count > 1: "(\(description))"
    default: description
    }
  }
}
