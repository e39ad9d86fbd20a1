import Primitives
import Retrieval
import Searching

extension Workspace {
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
}
