package import JSON

/// How a new collection is laid out. All that is large is on disk: vectors, payload, the HNSW graph, the inverted
/// index; the quantised vectors, which are scanned first, are in memory.
package struct CollectionPlan: Hashable, Sendable {
  /// What fits collections of a size.
  package enum Template: String, Hashable, Sendable, CaseIterable {
    /// Up to some 100,000 chunks.
    case small
    /// Up to some millions.
    case medium
    /// More, on several nodes.
    case large

    /// Edges of a node of the HNSW graph, and the candidates that its building looks at.
    package var graph: (edges: Int, candidates: Int) {
      switch self {
      case .small: (16, 100)
      case .medium: (16, 128)
      case .large: (24, 200)
      }
    }
    package var shardCount: Int {
      switch self {
      case .small, .medium: 1
      case .large: 4
      }
    }
    /// Points of one request.
    package var batchSize: Int {
      switch self {
      case .small: 64
      case .medium: 256
      case .large: 512
      }
    }
  }

  /// What stands for vectors in memory; the originals, on disk, rescore what it found.
  package enum Quantisation: String, Hashable, Sendable, CaseIterable {
    /// The best that the server has: 4 bits, else 8.
    case automatic = "auto"
    /// 4 bits a component (TurboQuant), of servers from 1.19.
    case turbo
    /// 8 bits a component.
    case int8
    /// The sign of each component.
    case binary
    case none

    /// What a server of `version` is asked for.
    package func available(in version: QdrantVersion) -> Quantisation {
      switch self {
      case .automatic, .turbo: version.hasTurboQuantization ? .turbo : .int8
      default: self
      }
    }

    /// The oversampling factor of rescoring: the fewer bits, the larger.
    package var oversampling: Double? {
      switch self {
      case .automatic, .turbo: 2
      case .int8: 1.5
      case .binary: 4
      case .none: nil
      }
    }
  }

  package var dimensions: Int
  package var denseName: String
  package var sparseName: String
  package var template = Template.medium
  package var quantisation = Quantisation.automatic
  /// nil leaves the template's.
  package var shardCount: Int?
  package var replicaCount = 1

  package init(dimensions: Int, denseName: String, sparseName: String) {
    self.dimensions = dimensions
    self.denseName = denseName
    self.sparseName = sparseName
  }

  /// The body of the request that makes it, for a server of `version`.
  package func document(for version: QdrantVersion) -> JSONValue {
    let onDisk: JSONValue.Member = version.hasMemoryPlacement ? .init("memory", "cold") : .init("on_disk", true)
    let graph = template.graph
    var dense: [JSONValue.Member] = [
      .init("size", .integer(dimensions)), .init("distance", "Cosine"), onDisk, .init("datatype", "float16"),
      .init(
        "hnsw_config",
        .object([.init("m", .integer(graph.edges)), .init("ef_construct", .integer(graph.candidates)), onDisk])),
    ]
    if let quantisation = quantisationDocument(for: version) {
      dense.append(.init("quantization_config", quantisation))
    }
    var members: [JSONValue.Member] = [
      .init("vectors", .object([.init(denseName, .object(dense))])),
      .init(
        "sparse_vectors",
        .object([
          .init(sparseName, .object([.init("index", .object([onDisk])), .init("modifier", "idf")]))
        ])),
      version.hasMemoryPlacement
        ? .init("payload", .object([.init("memory", "cold")])) : .init("on_disk_payload", true),
      .init("shard_number", .integer(shardCount ?? template.shardCount)),
    ]
    if replicaCount > 1 {
      members.append(.init("replication_factor", .integer(replicaCount)))
      members.append(.init("write_consistency_factor", .integer((replicaCount + 2) / 2)))
    }
    return .object(members)
  }

  private func quantisationDocument(for version: QdrantVersion) -> JSONValue? {
    let inMemory: JSONValue.Member = version.hasMemoryPlacement ? .init("memory", "pinned") : .init("always_ram", true)
    switch quantisation.available(in: version) {
    case .automatic, .none: return nil
    case .turbo: return .object([.init("turbo", .object([.init("bits", "bits4"), inMemory]))])
    case .int8: return .object([.init("scalar", .object([.init("type", "int8"), .init("quantile", 0.99), inMemory]))])
    case .binary: return .object([.init("binary", .object([inMemory]))])
    }
  }
}
