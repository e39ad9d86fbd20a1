import Primitives
import Retrieval

extension Workspace {
  /// Searches.
  ///
  /// With `.upToDate` the index is built or brought up to date first. When that cannot be done (another process is
  /// indexing, the disk is full, the tree may not be written) the last committed state answers, and the response has a note.
  /// Searches at the same time share one update.
  ///
  /// An index that is damaged heals: with `.upToDate` what is bad is made again from the files and the query run once more, with a
  /// note that says so; with `.asIs` a second look that fails too throws `damaged`.
  ///
  /// Runs outside the shared pool. Throws `noIndex` where there is nothing to answer from, within milliseconds `cancelled` when the
  /// task is cancelled and `timedOut` when the request's `timeLimit` is over.
  ///
  ///     var request = SearchRequest("parseDate")
  ///     request.limit = 3
  ///     let response = try await workspace.search(request)
  @concurrent public func search(
    _ request: SearchRequest, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> SearchResponse {
    try await respond(to: request, progress: progress) { searcher, context throws(Failure) in
      try searcher.search(query(request), context: context)
    }
  }

  /// - Parameter find: what is asked of the searcher, perhaps more than once.
  func respond(
    to request: SearchRequest, progress: (@Sendable (IndexProgress) -> Void)?,
    _ find: @escaping @Sendable (Searcher, SearchContext) throws(Failure) -> SearchResults
  ) async throws(CairnError) -> SearchResponse {
    try await offPool(timeLimit: request.timeLimit) { context throws(CairnError) in
      try checkTree()
      return try reopening { isLast, notes throws(CairnError) in
        let run = SearchRun(workspace: self, request: request, context: context, isLast: isLast, progress: progress)
        var response = try run.healing(find)
        response.notes = notes + response.notes
        return response
      }
    }
  }
}

extension CairnError.Code {
  /// The model that the index was built with cannot be opened, so words alone answered.
  public static let modelAbsent = Self(rawValue: "model-absent")
  /// The request's time limit was over before there was a result.
  public static let timedOut = Self(rawValue: "timed-out")
}
