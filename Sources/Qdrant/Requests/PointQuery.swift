package import JSON

/// One query for points: by a vector, by several with their results fused, or by a filter alone.
package struct PointQuery: Hashable, Sendable {
  package enum Fusion: String, Hashable, Sendable {
    /// Reciprocal rank fusion.
    case rrf
    /// Distribution-based score fusion.
    case dbsf
  }
  package enum By: Hashable, Sendable {
    case dense([Float], using: String)
    case sparse(SparseVector, using: String)
    /// BM25 over the index of a text field, of servers that have it (`QdrantVersion.hasTextScoring`).
    case text(String, field: String)
    /// What these find, fused.
    case fused([PointQuery], Fusion)
    /// No score: points in the order of their numbers.
    case filter
  }
  /// How a vector is searched.
  package struct Search: Hashable, Sendable {
    /// Every vector is compared.
    package var isExact = false
    /// Size of the beam over the HNSW graph; nil leaves it to the server.
    package var beam: Int?
    /// The oversampling factor with which quantised vectors choose what the originals rescore; nil leaves it to the
    /// server.
    package var oversampling: Double?
    package init() {}
  }

  package var by: By
  package var filter: QdrantFilter?
  package var limit: Int
  package var search = Search()
  /// The payload fields that the answer has.
  package var fields: [String] = []

  package init(_ by: By, filter: QdrantFilter? = nil, limit: Int, fields: [String] = []) {
    self.by = by
    self.filter = filter
    self.limit = limit
    self.fields = fields
  }

  package var document: JSONValue {
    var members = source
    members.append(.init("with_payload", fields.isEmpty ? false : .array(fields.map { .string($0) })))
    members.append(.init("with_vector", false))
    return .object(members)
  }

  /// What a query and one that is fused have in common.
  private var source: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    switch by {
    case .dense(let vector, let name):
      let numbers = JSONValue.array(vector.map { QdrantPoint.number($0) })
      members = [.init("query", .object([.init("nearest", numbers)])), .init("using", .string(name))]
      if let parameters { members.append(.init("params", parameters)) }
    case .sparse(let vector, let name):
      members = [.init("query", .object([.init("nearest", vector.document)])), .init("using", .string(name))]
    case .text(let text, let field):
      members = [.init("query", .object([.init("text", .string(text))])), .init("using", .string(field))]
    case .fused(let parts, let fusion):
      members = [
        .init("prefetch", .array(parts.map { .object($0.source) })),
        .init("query", .object([.init("fusion", .string(fusion.rawValue))])),
      ]
    case .filter: break
    }
    if let filter { members.append(.init("filter", filter.document)) }
    members.append(.init("limit", .integer(max(1, limit))))
    return members
  }

  private var parameters: JSONValue? {
    var members: [JSONValue.Member] = []
    if search.isExact { members.append(.init("exact", true)) }
    if let beam = search.beam { members.append(.init("hnsw_ef", .integer(beam))) }
    if let oversampling = search.oversampling {
      members.append(
        .init("quantization", .object([.init("rescore", true), .init("oversampling", .real(max(1, oversampling)))])))
    }
    return members.isEmpty ? nil : .object(members)
  }
}
