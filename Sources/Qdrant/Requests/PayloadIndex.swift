import JSON

/// An index of a payload field, by which filters find points without reading each.
package enum PayloadIndex: Hashable, Sendable {
  case keyword
  case integer
  /// Tokens between spaces, as they are. With `scores`, ranked by BM25 too, of servers that can
  /// (`QdrantVersion.hasTextScoring`).
  case tokens(scores: Bool)

  func schema(for version: QdrantVersion) -> JSONValue {
    let onDisk: JSONValue.Member = version.hasMemoryPlacement ? .init("memory", "cold") : .init("on_disk", true)
    switch self {
    case .keyword: return .object([.init("type", "keyword"), onDisk])
    case .integer: return .object([.init("type", "integer"), .init("lookup", true), .init("range", false), onDisk])
    case .tokens(let scores):
      var members: [JSONValue.Member] = [
        .init("type", "text"), .init("tokenizer", "whitespace"), .init("lowercase", false), onDisk,
      ]
      if scores, version.hasTextScoring { members.append(.init("scoring", true)) }
      return .object(members)
    }
  }
}
