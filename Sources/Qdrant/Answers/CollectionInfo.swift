import JSON

/// What a server says of a collection.
package struct CollectionInfo: Hashable, Sendable {
  package enum Health: String, Hashable, Sendable {
    /// All is well, and all is optimised.
    case green
    /// Optimising.
    case yellow
    /// Optimising is held up until something is written.
    case grey
    /// Something has failed.
    case red
  }
  package var health: Health
  /// What the server says of an optimiser that failed.
  package var optimiserError: String?
  /// About as many; nil where the server does not know.
  package var pointCount: Int?
  package var indexedVectorCount: Int?
  package var segmentCount: Int
  /// Sizes of the dense vectors, by name.
  package var dimensions: [String: Int]
  package var sparseNames: [String]
  /// The kinds of the indexes of payload fields, by field.
  package var indexes: [String: String]

  /// Nil where the document is not what the interface promises.
  init?(_ document: JSONValue) {
    guard let health = document["status"]?.string.flatMap(Health.init(rawValue:)),
      let segmentCount = document["segments_count"]?.integer, let parameters = document["config"]?["params"]?.members,
      let schema = document["payload_schema"]?.members
    else { return nil }
    self.health = health
    self.segmentCount = segmentCount
    optimiserError = document["optimizer_status"]?["error"]?.string
    pointCount = document["points_count"]?.integer
    indexedVectorCount = document["indexed_vectors_count"]?.integer
    let vectors = parameters.first { $0.name == "vectors" }?.value
    dimensions = [:]
    for vector in vectors?.members ?? [] {
      if let size = vector.value["size"]?.integer { dimensions[vector.name] = size }
    }
    sparseNames = (parameters.first { $0.name == "sparse_vectors" }?.value.members ?? []).map(\.name)
    indexes = [:]
    for field in schema { indexes[field.name] = field.value["data_type"]?.string ?? "" }
  }
}
