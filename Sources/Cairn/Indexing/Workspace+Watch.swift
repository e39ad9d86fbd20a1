import Primitives
import Searching

extension Workspace {
  /// Keeps the index fresh while files change, until the task is cancelled, which it throws. The index is built first
  /// where there is none. Returns when the project's settings, or those that are kept with the index, may have changed:
  /// load them, open the workspace anew, and watch again.
  ///
  /// One process at a time watches a tree; where another does, this one waits for its turn. Nothing is left behind by a
  /// watcher that is killed. Searches, of this process and of all others, then need not look at the tree.
  ///
  ///     let watching = Task { try await workspace.watch { event in
  ///       if case .updated(let report) = event { print(report.filesIndexed, "files") }
  ///     } }
  ///
  /// Holds a thread of its own, which sleeps while nothing happens; memory for each directory and file of the corpus,
  /// some 200 bytes a file. Throws `permissionDenied` where the index may only be read, `invalidArgument` where it is
  /// that of another tree, `treeGone` when the root was removed or moved, or another directory took its place: nothing
  /// is made there.
  ///
  /// - Parameters:
  ///   - polls: looks at the files now and then, for 1 % of a core, even where the system could tell of changes: for
  ///     file systems whose changes come from another machine. Known ones are polled in any case.
  ///   - tell: called with what happens, from any thread, one call at a time.
  @concurrent public func watch(
    polls: Bool = false, tell: @escaping @Sendable (WatchEvent) -> Void
  ) async throws(CairnError) {
    try await offPool { context throws(Failure) in
      try session.watch(polls: polls, context.cancellation) { tell(WatchEvent($0)) }
    }
  }
}
