package import JSON

/// A point as it is sent: named vectors, of which it may lack some, and a payload.
package struct QdrantPoint: Hashable, Sendable {
  package var id: PointID
  /// By name; of the collection's size each.
  package var dense: [String: [Float]] = [:]
  package var sparse: [String: SparseVector] = [:]
  package var payload: [JSONValue.Member]

  package init(id: PointID, payload: [JSONValue.Member]) {
    self.id = id
    self.payload = payload
  }

  package var document: JSONValue {
    var vectors = dense.sorted { $0.key < $1.key }.map { name, vector in
      JSONValue.Member(name, .array(vector.map { Self.number($0) }))
    }
    vectors += sparse.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.document) }
    return .object([
      .init("id", .string(id.description)), .init("vector", .object(vectors)), .init("payload", .object(payload)),
    ])
  }

  /// The shortest decimal that is this number again in 32 bits.
  static func number(_ value: Float) -> JSONValue {
    if let whole = Int(exactly: value), abs(whole) < 1 << 24 { return .integer(whole) }
    return .real(Double(value.description) ?? Double(value))
  }
}

/// A vector with few components that are not 0.
package struct SparseVector: Hashable, Sendable {
  /// Ascending, each once.
  package private(set) var indices: [UInt32] = []
  package private(set) var values: [Float] = []

  /// Components of the same index are added up.
  package init(_ components: [(index: UInt32, value: Float)]) {
    for (index, value) in components.sorted(by: { $0.index < $1.index }) {
      if indices.last == index {
        values[values.count - 1] += value
      } else {
        indices.append(index)
        values.append(value)
      }
    }
  }

  package var document: JSONValue {
    .object([
      .init("indices", .array(indices.map { .integer(Int($0)) })),
      .init("values", .array(values.map { QdrantPoint.number($0) })),
    ])
  }
}
