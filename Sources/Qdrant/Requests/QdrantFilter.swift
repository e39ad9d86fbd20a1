package import JSON

/// What points must satisfy, in the words of the interface.
package indirect enum QdrantFilter: Hashable, Sendable {
  /// The payload field is this value, or holds it.
  case equals(String, JSONValue)
  /// The payload field is one of these values, or holds one.
  case isAny(String, [String])
  /// The payload field is none of these values.
  case isNone(String, [String])
  /// The indexed text of the field has all tokens of this one.
  case hasTokens(String, String)
  case all([QdrantFilter])
  case any([QdrantFilter])
  case not(QdrantFilter)

  /// As a whole filter.
  package var document: JSONValue {
    switch self {
    case .all(let parts): .object([.init("must", .array(parts.map(\.condition)))])
    case .any(let parts): .object([.init("should", .array(parts.map(\.condition)))])
    case .not(let part): .object([.init("must_not", .array([part.condition]))])
    default: .object([.init("must", .array([condition]))])
    }
  }

  /// As a condition in a filter.
  private var condition: JSONValue {
    switch self {
    case .equals(let field, let value): Self.match(field, "value", value)
    case .isAny(let field, let values): Self.match(field, "any", .array(values.map { .string($0) }))
    case .isNone(let field, let values): Self.match(field, "except", .array(values.map { .string($0) }))
    case .hasTokens(let field, let text): Self.match(field, "text", .string(text))
    case .all, .any, .not: document
    }
  }

  private static func match(_ field: String, _ kind: String, _ value: JSONValue) -> JSONValue {
    .object([.init("key", .string(field)), .init("match", .object([.init(kind, value)]))])
  }
}
