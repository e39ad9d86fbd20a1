package import Primitives

/// An embedder that asks a cache before its model. Of a text that occurs several times in one call the model sees one.
///
/// A vector that the model has just made is handed out as the cache keeps it (half precision), so that an index does
/// not depend on what was in the cache.
package struct CachedEmbedder: BatchEmbedder {
  private let base: any BatchEmbedder
  private let cache: EmbeddingCache

  package init(_ base: any BatchEmbedder, cache: EmbeddingCache) {
    self.base = base
    self.cache = cache
  }

  package var identity: ModelIdentity { base.identity }
  package var gatheredTextCount: Int { base.gatheredTextCount }
  package var interactive: any Embedder {
    base.interactive.batch.map { CachedEmbedder($0, cache: cache) } ?? self
  }

  package func embed(query: String) throws(Failure) -> [Float] { try base.embed(query: query) }
  package func embed(query: String, context: SearchContext) throws(Failure) -> [Float] {
    try base.embed(query: query, context: context)
  }

  package func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
    let dimensions = identity.dimensions
    // A call for each text of its own.
    var ordinals: [ContentHash: [Int]] = [:]
    var hashes: [ContentHash] = []
    for (ordinal, document) in documents.enumerated() {
      let hash = ContentHash(of: document.text.utf8.span)
      if ordinals[hash] == nil { hashes.append(hash) }
      ordinals[hash, default: []].append(ordinal)
    }
    let held = cache.vectors(of: hashes, model: identity)
    var vectors = [Float](repeating: 0, count: documents.count * dimensions)
    func fill(_ hash: ContentHash, _ vector: some Sequence<Float>) {
      for ordinal in ordinals[hash] ?? [] {
        for (d, component) in vector.enumerated() { vectors[ordinal * dimensions + d] = component }
      }
    }
    var missing: [ContentHash] = []
    for (hash, vector) in zip(hashes, held) {
      if let vector { fill(hash, vector) } else { missing.append(hash) }
    }
    if missing.isEmpty { return vectors }

    let made = try base.embed(documents: missing.map { documents[(ordinals[$0] ?? [0])[0]] })
    guard made.count == missing.count * dimensions else {
      throw Failure(
        .damaged, "the model \(identity.name) gave \(made.count) numbers for \(missing.count) texts of \(dimensions)")
    }
    var kept: [(hash: ContentHash, bytes: [UInt8])] = []
    for (i, hash) in missing.enumerated() {
      let vector = made[(i * dimensions)..<((i + 1) * dimensions)]
      if let bytes = CachedVector.encode(vector, of: hash),
        let rounded = CachedVector.decode(bytes, of: hash, dimensions: dimensions)
      {
        kept.append((hash, bytes))
        fill(hash, rounded)
      } else {
        fill(hash, vector)
      }
    }
    cache.store(kept.map(\.bytes), of: kept.map(\.hash), model: identity)
    return vectors
  }
}
