package import Embedding
package import Indexing
import ModelOpening
package import Primitives
import Searching

extension Workspace {
  /// Brings the index up to date: reads what changed, forgets what is gone. Costs little when little changed.
  /// Settings that choose files and came as flags are kept with the index, so that later runs see the same files.
  ///
  /// The model is the workspace's embedder, else the one that was chosen, else the one that the index was built with.
  /// Throws `differentModel` where the index is of another model than the embedder or the chosen one, `embedderFailed`
  /// where an embedder gives no vectors, `locked` when another writer is at work, `permissionDenied` where the index
  /// may only be read. A file or directory that cannot be read is a line in the report, not an error, and keeps what
  /// the index has of it; a root that cannot be listed is an error, and changes nothing.
  ///
  /// - Parameters:
  ///   - revision: the commit to index in place of the files as they are, whatever git takes for one. Nothing is
  ///     checked out, and what other commits, or these files, have in common with it is shared.
  ///   - rebuild: discard the index and build it again.
  ///   - progress: called from time to time, from any thread.
  @concurrent public func index(
    revision: String? = nil, rebuild: Bool = false, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> IndexReport {
    try await index(revision: revision, rebuild: rebuild, trace: nil, progress: progress)
  }

  /// The same.
  ///
  /// - Parameter trace: is told of every step of the run, from many threads.
  @concurrent package func index(
    revision: String? = nil, rebuild: Bool = false, trace: (any TraceSink)?,
    progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> IndexReport {
    try await offPool { context throws(Failure) in
      var run = RunRequest(cancellation: context.cancellation)
      run.rebuilds = rebuild
      run.trace = trace
      run.progress = IndexProgress.handler(progress)
      return IndexReport(try session.session(at: revision, context.cancellation).update(run))
    }
  }

  /// How a run over the index with the built-in model works, as the configuration says.
  package var indexingOptions: IndexingOptions { session.indexingOptions(rebuild: false, for: .builtIn) }

  /// The embedder of the model of the next run over the index.
  package func indexingEmbedder() throws(Failure) -> any Embedder { try session.indexingModel().embedder }

  /// What leaves this machine, and where to, where the chosen model is behind an endpoint. To be said before the first
  /// `index` or `search` with it.
  ///
  ///     if let disclosure = workspace.disclosure { print(disclosure) }
  public var disclosure: String? { session.disclosure }
}
