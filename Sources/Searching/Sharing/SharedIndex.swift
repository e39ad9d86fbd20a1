package import Embedding
package import Primitives
package import Retrieval

/// An index in a shared store, which answers searches in place of the one of the tree. Safe to share by threads.
package protocol SharedIndex: Sendable {
  /// What messages call it, without a password or a key.
  var description: String { get }

  /// Its state for one search. Throws what keeps it from answering: `store-unavailable` where the server is gone.
  func open(_ context: SearchContext) throws(Failure) -> any SharedIndexState
}

/// What a shared index is while one search lasts.
package protocol SharedIndexState: Sendable {
  /// The model of its vectors.
  var model: ModelIdentity { get }
  var generation: Int64 { get }
  /// Whether it holds all files of its tree, as far as the store knows.
  var isComplete: Bool { get }
  /// What a reader of results should know of it.
  var notes: [Failure] { get }
  /// What went wrong when the store was asked, if anything did: then no results are worth anything.
  var failure: Failure? { get }

  /// Where the candidates of queries come from.
  ///
  /// - Parameter embedder: of `model`.
  func candidates(_ embedder: any Embedder) -> any CandidateSource

  /// Its files as they are read for snippets: the file of the checkout at `root` where there is one, else the bytes
  /// that the store keeps.
  func files(checkout root: FilePath, followsLinks: Bool) -> any RemovedFiles
}
