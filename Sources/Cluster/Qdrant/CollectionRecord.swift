import Embedding
import JSON
import Primitives
import Qdrant

/// What a collection's own point says of it: what it was made with, and which state it is in.
struct CollectionRecord {
  /// Of the points' payloads. A collection of another one is not read.
  static let format = 1
  static let id = PointID(of: Array("collection\0".utf8).span)
  static let totalsID = PointID(of: Array("totals\0".utf8).span)

  var name: String
  var identity: StoreIdentity
  var generation: Int64
  var quantisation: CollectionPlan.Quantisation

  var point: QdrantPoint {
    QdrantPoint(
      id: Self.id,
      payload: [
        .init(PointField.kind, "collection"), .init("format", .integer(Self.format)),
        .init(PointField.repository, .string(name)), .init("model", .string(identity.model.name)),
        .init("model_hash", .string(identity.model.contentHash.description)),
        .init("dimensions", .integer(identity.model.dimensions)),
        .init("chunker", .integer(identity.chunkerVersion)), .init("analyzer", .integer(identity.analyzerVersion)),
        .init("generation", .integer(Int(generation))), .init("quantisation", .string(quantisation.rawValue)),
      ])
  }

  static let fields = [
    PointField.kind, "format", PointField.repository, "model", "model_hash", "dimensions", "chunker", "analyzer",
    "generation", "quantisation",
  ]

  init(name: String, identity: StoreIdentity, generation: Int64, quantisation: CollectionPlan.Quantisation) {
    self.name = name
    self.identity = identity
    self.generation = generation
    self.quantisation = quantisation
  }

  /// Nil where the payload is none of Cairn's.
  init?(_ payload: JSONValue) {
    guard payload[PointField.kind]?.string == "collection", payload["format"]?.integer == Self.format,
      let name = payload[PointField.repository]?.string, let model = payload["model"]?.string,
      let hash = payload["model_hash"]?.string.flatMap({ ContentHash(digits: $0) }),
      let dimensions = payload["dimensions"]?.integer, (1...65_536).contains(dimensions),
      let chunker = payload["chunker"]?.integer, let analyzer = payload["analyzer"]?.integer,
      let generation = payload["generation"]?.integer
    else { return nil }
    self.name = name
    identity = StoreIdentity(
      model: ModelIdentity(name: model, contentHash: hash, dimensions: dimensions), chunkerVersion: chunker,
      analyzerVersion: analyzer)
    self.generation = Int64(generation)
    quantisation = payload["quantisation"]?.string.flatMap(CollectionPlan.Quantisation.init) ?? .automatic
  }
}

/// Sums over all files of a collection, which a server does not add up: kept in a point of their own, and true while
/// the generation that it names is the collection's.
struct CollectionTotals {
  var generation: Int64
  var fileCount = 0
  var chunkCount = 0
  /// Of all chunks, in words.
  var totalLength = 0

  static let fields = ["generation", "files", PointField.chunkCount, PointField.totalLength]

  init(generation: Int64) { self.generation = generation }

  init?(_ payload: JSONValue) {
    guard let generation = payload["generation"]?.integer, let files = payload["files"]?.integer, files >= 0,
      let chunks = payload[PointField.chunkCount]?.integer, chunks >= 0,
      let length = payload[PointField.totalLength]?.integer, length >= 0
    else { return nil }
    self.generation = Int64(generation)
    fileCount = files
    chunkCount = chunks
    totalLength = length
  }

  var point: QdrantPoint {
    QdrantPoint(
      id: CollectionRecord.totalsID,
      payload: [
        .init(PointField.kind, "totals"), .init("generation", .integer(Int(generation))),
        .init("files", .integer(fileCount)), .init(PointField.chunkCount, .integer(chunkCount)),
        .init(PointField.totalLength, .integer(totalLength)),
      ])
  }
}
