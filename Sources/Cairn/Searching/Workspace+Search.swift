import Primitives
import QueryLanguage
import Retrieval
import Searching

extension Workspace {
  /// Searches.
  ///
  /// With `.upToDate` the index is built or brought up to date first. When that cannot be done (another process is
  /// indexing, the disk is full, the tree may not be written) the last committed state answers, and the response has a
  /// note. Searches at the same time share one update.
  ///
  /// An index that is damaged heals: with `.upToDate` what is bad is made again from the files and the query run once
  /// more, with a note that says so; with `.asIs` a second attempt that fails too throws `damaged`.
  ///
  /// Runs outside the shared pool. Throws `noIndex` where there is nothing to answer from, within milliseconds
  /// `cancelled` when the task is cancelled and `timedOut` when the request's `timeLimit` is over.
  ///
  ///     var request = SearchRequest("parseDate")
  ///     request.limit = 3
  ///     let response = try await workspace.search(request)
  @concurrent public func search(
    _ request: SearchRequest, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> SearchResponse {
    try await respond(to: request, progress: progress) { _, query, searcher, context throws(Failure) in
      try searcher.search(query, context: context)
    }
  }

  /// The chunks most similar to the one at `line` of `path` (relative to the root), which itself is left out. The
  /// request's text does not matter; its limit and filters do.
  ///
  /// A path that is not in the tree means the one file of the index whose path ends with it, as in a search, and a
  /// note says so. Throws `notFound` where there is none, or several, with what is true of the path.
  ///
  ///     let response = try await workspace.related(to: "Sources/Date.swift", line: 12)
  @concurrent public func related(
    to path: Path, line: Int, _ request: SearchRequest = SearchRequest(""),
    progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> SearchResponse {
    var request = request
    request.text = ""
    return try await respond(to: request, progress: progress) { session, query, searcher, context throws(Failure) in
      try session.related(to: path.filePath, line: line, query, searcher, context)
    }
  }

  /// Searches several trees as if one index held them all: one ranking with the statistics of all. A tree that cannot
  /// be searched never stops the others: `SearchResponse.repositories` says why. Neither a revision nor a history can
  /// be searched so. Throws as `search` does, where no tree can be searched what the first of them says.
  ///
  ///     let response = try await Workspace.search(request, in: [("api", api), ("web", web)])
  ///
  /// - Parameters:
  ///   - request: what is searched for in each tree.
  ///   - workspaces: with what each is called in the response, in the order in which equally good hits are shown.
  ///   - place: the code that the hits are to be like, in place of what the text says: the position of a workspace, a
  ///     path in it, and a line.
  ///   - progress: is told of an index that is made or brought up to date first.
  @concurrent public static func search(
    _ request: SearchRequest, in workspaces: [(name: String, workspace: Workspace)],
    like place: (workspace: Int, path: Path, line: Int)? = nil, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> SearchResponse {
    guard let first = workspaces.first?.workspace, request.revision == nil else {
      throw CairnError(.invalidArgument, "a revision is that of one repository: name the one that is meant")
    }
    let trees = workspaces.map { JointSearch.Tree(name: $0.name, session: $0.workspace.session) }
    return try await first.offPool(timeLimit: request.timeLimit) { context throws(Failure) in
      let (outcome, parts) = try JointSearch(trees, makesFirstIndexes: request.makesFirstIndexes).search(
        first.query(request), like: place.map { ($0.workspace, $0.path.filePath, $0.line) }, context,
        progress: IndexProgress.handler(progress))
      return SearchResponse(outcome, parts)
    }
  }

  /// - Parameter find: what is asked of the searcher, perhaps more than once.
  func respond(
    to request: SearchRequest, progress: (@Sendable (IndexProgress) -> Void)?,
    _ find: @escaping @Sendable (IndexSession, SearchQuery, Searcher, SearchContext) throws(Failure) -> SearchResults
  ) async throws(CairnError) -> SearchResponse {
    try await offPool(timeLimit: request.timeLimit) { context throws(Failure) in
      let session = try session.session(at: request.revision, context.cancellation)
      let query = query(request)
      let outcome = try session.search(query, context, progress: IndexProgress.handler(progress)) {
        searcher, context throws(Failure) in
        try find(session, query, searcher, context)
      }
      return SearchResponse(outcome)
    }
  }
}

extension CairnError.Code {
  /// An update before the answer failed: it is from the index as it was, and lacks what has changed since.
  public static let outdated = Self(rawValue: "outdated")
  /// The index of the chosen model is not complete, so another one answered.
  public static let modelBehind = Self(rawValue: "model-behind")
  /// The model that the index was built with cannot be opened, so the answer is BM25-only.
  public static let modelAbsent = Self(rawValue: "model-absent")
  /// The request's time limit was over before there was a result.
  public static let timedOut = Self(rawValue: "timed-out")
}
