package import Segments

/// One thing by which a searcher asks a store for chunks.
package enum CandidateRequest: Sendable {
  /// The best `limit` chunks by BM25 for `query`, with the statistics of the collection but for `documentFrequencies`,
  /// one for each clause (those of a word's forms are pooled): `BM25` of `Segments` is the formula. A store whose
  /// server scores by a formula of its own gives several times as many.
  case terms(LexicalQuery, documentFrequencies: [Int], limit: Int, StoreFilter)
  /// The `limit` chunks whose vectors are nearest to this one, of unit length, by dot product.
  case vector([Float], limit: Int, StoreFilter)
  /// At most `limit` chunks that hold all of the terms.
  case holdingAll([Term], limit: Int, StoreFilter)
  /// All chunks of the files with these numbers.
  case files([StoreFileID])
}

/// What candidates must satisfy. A store may pass over a part of it that it cannot tell: the searcher checks all of it
/// again, and only finds less.
package struct StoreFilter: Hashable, Sendable {
  /// The numbers of the files that pass, ascending; nil for all.
  package var files: [StoreFileID]?
  /// What the symbols of a chunk must be.
  package var kinds: SymbolKindFilter?
  /// Of each list, a chunk holds a term at least.
  package var holding: [[Term]] = []

  package init() {}
}
