package import Cairn
import Primitives

/// What to measure, and how often.
package struct BenchmarkRequest: Sendable {
  /// How often each thing is repeated. Indexing is repeated for half a minute at most, and done once at least.
  package var rounds = 3
  /// Queries to ask. When empty, queries are sampled from the corpus, for timing alone.
  package var queries: [JudgedQuery] = []
  /// Chooses what is asked when queries are sampled, and the file that changes.
  package var seed: UInt64 = 1
  /// The `cairn` program to run; when nothing is named, the program of this process.
  package var program: Path?

  package init() {}
}

extension Workspace {
  /// Measures indexing and searching on this workspace's tree with its configuration, in an index of its own in a
  /// temporary directory: the workspace's index is neither read nor written, and no file of the tree is touched.
  ///
  /// Runs for as long as a few index runs and a few hundred searches take. Nothing else should run meanwhile.
  ///
  ///     let report = try await workspace.benchmark(BenchmarkRequest())
  ///     print(report.parseRatio, report.warmSearch.seconds.p50)
  ///
  /// - Parameter progress: called with what is measured next.
  @concurrent package func benchmark(
    _ request: BenchmarkRequest, progress: (@Sendable (String) -> Void)? = nil
  ) async throws(CairnError) -> BenchmarkReport {
    let workspace = self
    let result = await onBlockingThread {
      Result { () throws(Failure) in
        try Benchmark(workspace, request, environment: .process, progress: progress).run()
      }
    }
    do { return try result.get() } catch { throw CairnError(error) }
  }
}
