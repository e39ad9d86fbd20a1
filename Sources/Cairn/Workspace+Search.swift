import Catalog
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
    let later = try asCairnError { () throws(Failure) in try laterModel() }
    let asked = try asCairnError { () throws(Failure) -> AnsweringModel in
      later == nil ? try answeringModel() : .opened(try models.open(.builtIn))
    }
    if case .absent(let model) = asked {
      notes.append(
        CairnError(
          .modelAbsent,
          "words alone answered, from the index as it was: its model \(model.identity.name) cannot be opened here: "
            + model.reason.message, path: model.reason.path.map { Path($0) }, cause: model.reason.cause))
    } else if request.freshness == .upToDate {
      do { update = try await bringUpToDate(asked, progress: progress) } catch {
        // A question is better answered from yesterday's index than not at all; what went wrong is said beside the answer.
        if error.code == .cancelled { throw error }
        if !error.isOfDamage {
          guard (try? openIndex(asked)) != nil else { throw error }
          notes.append(error)
        }
      }
    }
    var snapshot: IndexSnapshot
    do throws(Failure) { snapshot = try openIndex(asked) } catch {
      let damage = CairnError(error)
      guard request.freshness == .upToDate, damage.isOfDamage, case .opened(let model) = asked else { throw damage }
      // Everything in an index can be made again from the files.
      notes.append(
        CairnError(damage.code, "the index could not be read and was built again", cause: damage.description))
      do throws(Failure) {
        update = try await fill(place.directory, with: model, rebuild: true, progress)
        snapshot = try openIndex(asked)
      } catch { throw CairnError(error) }
    }
    if let note = snapshot.note { notes.append(CairnError(.inputOutput, note, path: indexDirectory)) }
    notes += unreadNotes(snapshot, update)
    var embedder = asked.embedder
    if let later {
      switch await laterIndex(later, mayUpdate: request.freshness == .upToDate) {
      case .answers(let held, let model): (snapshot, embedder) = (held, model.embedder)
      case .isBehind(let note): notes.append(note)
      }
    }
    if let note = snapshot.note { notes.append(CairnError(.inputOutput, note)) }
    do throws(Failure) {
      let reranking = reranking(&notes)
      // The built-in model compares names whatever made the vectors: a hundred short texts for each question.
      let names = try models.open(.builtIn).embedder
      func searcher(_ embedder: any Embedder) -> Searcher {
        Searcher(
          snapshot: snapshot, embedder: embedder, nameEmbedder: names, reranking: reranking, root: root.filePath)
      }
      do throws(Failure) {
        return SearchResponse(try ask(searcher(embedder)), notes: notes, update: update)
      } catch {
        // An endpoint that does not answer, a device that is lost: the words of the question are still there.
        guard !ModelIdentity.isBuiltIn(embedder.identity.name) else { throw error }
        let results = try ask(searcher(AbsentModel(identity: embedder.identity, reason: error)))
        notes.append(
          CairnError(
            .modelAbsent, "words alone answered: the model \(embedder.identity.name) failed: \(error.message)",
            path: error.path.map { Path($0) }, cause: error.cause))
        return SearchResponse(results, notes: notes, update: update)
      }
    } catch { throw CairnError(error) }
  }

  /// What to say of the places that this update, or the one before, could not look at.
  private func unreadNotes(_ snapshot: IndexSnapshot, _ update: IndexReport?) -> [CairnError] {
    if let update { return update.unreadNotes }
    guard !snapshot.isComplete,
      let unread = try? IndexCatalog(directory: place.directory, mode: .reading).unread()
    else { return [] }
    return UnreadPlace.notes(unread.map { UnreadPlace($0) })
  }

  /// What `rerank_model` asks for; a model that cannot be opened is a note, and the answer is in the order of the ranking.
  private func reranking(_ notes: inout [CairnError]) -> Reranking? {
    do throws(Failure) {
      guard let reranker = try models.openReranker() else { return nil }
      return Reranking(reranker, count: configuration.integer(.rerankCount))
    } catch {
      notes.append(
        CairnError(
          CairnError.Code(rawValue: error.code.rawValue), "nothing was reranked: \(error.message)",
          path: error.path.map { Path($0) }, cause: error.cause))
      return nil
    }
  }

  /// Indexes. Where another process is doing so, waits as long as there is nothing to answer from, and then throws `locked`.
  private func bringUpToDate(
    _ model: AnsweringModel, progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(CairnError) -> IndexReport? {
    guard case .opened(let opened) = model else { return nil }
    while true {
      do throws(Failure) { return try await fill(place.directory, with: opened, progress) } catch {
        guard error.code == .locked else { throw CairnError(error) }
        let held = try? openIndex(model)
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
  private func openIndex(_ model: AnsweringModel) throws(Failure) -> IndexSnapshot {
    do throws(Failure) {
      return try snapshot.newest(model: model.embedder.identity)
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

extension CairnError.Code {
  /// The model that the index was built with cannot be opened, so words alone answered.
  public static let modelAbsent = Self(rawValue: "model-absent")
}
