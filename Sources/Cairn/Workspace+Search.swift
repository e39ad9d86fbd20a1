import Embedding
import Indexing
import Primitives
import Retrieval
import Segments

extension Workspace {
  /// Answers a question.
  ///
  /// With `.upToDate` the index is built or brought up to date first. When that cannot be done (another process is
  /// indexing, the disk is full, the tree may not be written) the last committed state answers, and the response has a note.
  /// Throws `noIndex` where there is nothing to answer from.
  ///
  ///     var request = SearchRequest("parseDate")
  ///     request.limit = 3
  ///     let response = try await workspace.search(request)
  @concurrent public func search(
    _ request: SearchRequest, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> SearchResponse {
    try await answer(request, progress: progress) { searcher throws(Failure) in try searcher.search(request.query) }
  }

  /// The places most like the one at `line` of `path` (relative to the root), which itself is left out. The request's text
  /// is not looked at; its limit and filters are.
  ///
  ///     let response = try await workspace.related(to: "Sources/Date.swift", line: 12)
  @concurrent public func related(
    to path: Path, line: Int, _ request: SearchRequest = SearchRequest(""),
    progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> SearchResponse {
    try await answer(request, progress: progress) { searcher throws(Failure) in
      try searcher.related(to: path.filePath, line: line, query: request.query)
    }
  }

  private func answer(
    _ request: SearchRequest, progress: (@Sendable (IndexProgress) -> Void)?,
    _ ask: (Searcher) throws(Failure) -> SearchResults
  ) async throws(CairnError) -> SearchResponse {
    var notes: [CairnError] = []
    var update: IndexReport?
    if request.freshness == .upToDate {
      do { update = try await bringUpToDate(progress: progress) } catch {
        // A question is better answered from yesterday's index than not at all; what went wrong is said beside the answer.
        if error.code == .cancelled { throw error }
        if !error.isOfDamage {
          guard (try? openIndex()) != nil else { throw error }
          notes.append(error)
        }
      }
    }
    let snapshot: IndexSnapshot
    do throws(Failure) { snapshot = try openIndex() } catch {
      let damage = CairnError(error)
      guard request.freshness == .upToDate, damage.isOfDamage else { throw damage }
      // Everything in an index can be made again from the files.
      notes.append(
        CairnError(damage.code, "the index could not be read and was built again", cause: damage.description))
      update = try await index(rebuild: true, progress: progress)
      snapshot = try asCairnError { () throws(Failure) in try openIndex() }
    }
    if let note = snapshot.note { notes.append(CairnError(.inputOutput, note)) }
    do throws(Failure) {
      let searcher = Searcher(snapshot: snapshot, embedder: try model.get(), root: root.filePath)
      return SearchResponse(try ask(searcher), notes: notes, update: update)
    } catch { throw CairnError(error) }
  }

  /// Indexes. Where another process is doing so, waits as long as there is nothing to answer from, and then throws `locked`.
  private func bringUpToDate(progress: (@Sendable (IndexProgress) -> Void)?) async throws(CairnError) -> IndexReport {
    while true {
      do { return try await index(progress: progress) } catch {
        guard error.code == .locked else { throw error }
        let held = try? openIndex()
        if let held, held.generation > 0, !held.segments.isEmpty {
          throw CairnError(
            .locked,
            held.isComplete
              ? "another process is indexing; this answer is from before"
              : "another process is building the index; this answer may lack files",
            path: indexDirectory)
        }
      }
      do { try await Task.sleep(for: .milliseconds(50)) } catch {
        throw CairnError(.cancelled, "stopped while waiting for another process to build the index")
      }
    }
  }

  /// What is committed, if this program can answer from it.
  private func openIndex() throws(Failure) -> IndexSnapshot {
    do throws(Failure) {
      return try openSnapshot(directory: place.directory, model: try model.get().identity)
    } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(.noIndex, "there is no index yet; run `cairn index`", path: root.filePath)
    }
  }
}

extension CairnError {
  /// Whether the index itself is at fault, so that building it again helps.
  fileprivate var isOfDamage: Bool { [.damaged, .wrongFormat, .unsupportedVersion].contains(code) }
}

extension Failure.Code {
  static let noIndex = Self(rawValue: "no-index")
}
