import Catalog
import Disk
import Embedding
import IndexStorage
import ModelOpening
import Primitives
import Retrieval
import Segments
import Settings

/// One search of a workspace, from a request to a response, on the thread that calls it. Each function decides one thing: which model
/// embeds the query, how fresh the index must be, which index answers, what is said beside the results, and what happens when one of
/// these fails.
struct SearchRun {
  typealias Find = @Sendable (Searcher, SearchContext) throws(Failure) -> SearchResults

  let workspace: Workspace
  let request: SearchRequest
  let context: SearchContext
  /// Whether there is no other attempt after this one: what went wrong in the update is then said beside the results even where the
  /// catalog was cut meanwhile.
  let isLast: Bool
  let progress: (@Sendable (IndexProgress) -> Void)?

  private var index: StoredIndex { workspace.index }
  private var mayUpdate: Bool { request.freshness == .upToDate }

  // MARK: Damage

  /// The response; after damage, once more from what an update has mended.
  func healing(_ find: Find) throws(CairnError) -> SearchResponse {
    // Marked, a segment is read whole by the update that the second attempt begins with. A file that was only cut while it was
    // read is opened anew; where nothing is made again, somebody who is just writing it is given time.
    let waits = mayUpdate ? [0] : [5, 20, 75]
    for wait in waits {
      do { return try response(find) } catch {
        guard error.isOfDamage else { throw error }
        markDamage(error)
      }
      index.forget()
      try asCairnError { () throws(Failure) in try pause(for: .milliseconds(wait), context) }
    }
    do { return try response(find) } catch {
      guard error.isOfDamage else { throw error }
      markDamage(error)
      var damage = error
      if damage.remedy == nil { damage.remedy = .index }
      throw damage
    }
  }

  /// Leaves a mark where a damaged segment was met, so that the next run over the index looks at it.
  private func markDamage(_ error: CairnError) {
    guard let path = error.path?.filePath else { return }
    index.markDamaged(path)
    (try? workspace.secondaryIndex.get())?.index.markDamaged(path)
  }

  // MARK: The order of decisions

  private func response(_ find: Find) throws(CairnError) -> SearchResponse {
    try asCairnError { () throws(Failure) in try context.check() }
    let secondary = try asCairnError { () throws(Failure) in try workspace.secondaryIndex.get() }
    var model = try asCairnError { () throws(Failure) -> Workspace.QueryModel in
      secondary == nil ? try workspace.queryModel(context) : .opened(try workspace.models.open(.builtIn))
    }
    let refresh = try refresh(&model)
    var notes = refresh.notes
    var snapshot = try asCairnError { () throws(Failure) in try committed(model) }
    let gaps = unreadNotes(snapshot, refresh.report) + limitNotes(snapshot, refresh.report)
    if refresh.report == nil, refresh.failure == nil, gaps.isEmpty { try checkIsBegun(snapshot) }
    notes += gaps
    var embedder = model.embedder
    if let secondary {
      switch workspace.answer(of: secondary, mayUpdate: mayUpdate, context) {
      case .answers(let held, let model): (snapshot, embedder) = (held, model.embedder)
      case .isBehind(let note): notes.append(note)
      }
    }
    if let note = snapshot.note { notes.append(CairnError(.inputOutput, note, path: workspace.indexDirectory)) }
    let response = try asCairnError { () throws(Failure) in
      var results = try results(of: snapshot, embedder, find, &notes)
      notes += workspace.notes(on: request, &results, in: snapshot)
      return SearchResponse(results, notes: notes, update: refresh.report)
    }
    // An index that no run has finished does not know what the tree does not hold.
    if response.hits.isEmpty, !response.isComplete, let failure = refresh.failure { throw failure }
    return response
  }

  // MARK: The results

  /// What the searcher finds; by words alone where the model fails: an endpoint that does not answer, a device that is lost.
  private func results(
    of snapshot: IndexSnapshot, _ embedder: any Embedder, _ find: Find, _ notes: inout [CairnError]
  ) throws(Failure) -> SearchResults {
    let reranking = reranking(&notes)
    // The built-in model compares names whatever made the vectors: a hundred short texts for each query.
    let names = try workspace.models.open(.builtIn).embedder
    func searcher(_ embedder: any Embedder) -> Searcher {
      Searcher(
        snapshot: snapshot, embedder: embedder, nameEmbedder: names, reranking: reranking,
        root: workspace.root.filePath, fileByteCountLimit: workspace.configuration.maximumFileByteCount,
        followsLinks: workspace.configuration.followsLinks)
    }
    do throws(Failure) { return try find(searcher(embedder), context) } catch {
      let isOver = error.code == .cancelled || context.isOver
      guard !isOver, !ModelIdentity.isBuiltIn(embedder.identity.name) else { throw error }
      let results = try find(searcher(AbsentModel(identity: embedder.identity, reason: error)), context)
      notes.append(
        CairnError(
          .modelAbsent, "words alone answered: the model \(embedder.identity.name) failed: \(error.message)",
          path: error.path.map { Path($0) }, cause: error.cause, remedy: CairnError.Remedy(error.remedy)))
      return results
    }
  }

  /// What `rerank_model` asks for; a model that cannot be opened is a note, and the results are in the order of the ranking.
  private func reranking(_ notes: inout [CairnError]) -> Reranking? {
    do throws(Failure) {
      guard let reranker = try workspace.models(context).openReranker() else { return nil }
      return Reranking(reranker, count: workspace.configuration.integer(.rerankCount))
    } catch {
      notes.append(
        CairnError(
          CairnError.Code(rawValue: error.code.rawValue),
          "nothing was reranked: \(error.message)\(workspace.configuration.values.origin(of: .rerankModel))",
          path: error.path.map { Path($0) }, cause: error.cause, remedy: CairnError.Remedy(error.remedy)))
      return nil
    }
  }

  // MARK: Which state answers

  /// What is committed, if this program can answer from it.
  private func committed(_ model: Workspace.QueryModel) throws(Failure) -> IndexSnapshot {
    do throws(Failure) {
      return try index.snapshot(model: model.embedder.identity)
    } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(.noIndex, "there is no index yet", path: workspace.root.filePath, remedy: .index)
    }
  }

  /// Throws where nothing was committed before the first run ended, so that nothing is known of the tree.
  private func checkIsBegun(_ snapshot: IndexSnapshot) throws(CairnError) {
    if snapshot.isComplete || !snapshot.segments.isEmpty { return }
    throw CairnError(
      .noIndex,
      "the index is not complete and holds no file yet: its first run was stopped, or is still under way; the next "
        + "one goes on with it",
      path: workspace.root, remedy: .index)
  }

  /// What to say of the places that this update, or the one before, could not look at.
  private func unreadNotes(_ snapshot: IndexSnapshot, _ update: IndexReport?) -> [CairnError] {
    if let update { return update.unreadNotes }
    guard !snapshot.isComplete, let unread = try? index.unread() else { return [] }
    return UnreadPlace.notes(unread.map { UnreadPlace($0) })
  }

  /// What to say where a limit ended the walk of this update, or of the one before.
  private func limitNotes(_ snapshot: IndexSnapshot, _ update: IndexReport?) -> [CairnError] {
    if snapshot.isComplete { return [] }
    if let update {
      return workspace.limitNotes(leftOut: update.skipped, unvisitedCount: update.unvisitedDirectories.count)
    }
    guard let leftOut = try? index.leftOutCounts(), (try? index.unread().isEmpty) == true else { return [] }
    return workspace.limitNotes(leftOut: leftOut, unvisitedCount: nil)
  }

  // MARK: How fresh

  /// What an update before the search came to.
  private struct Refresh {
    var report: IndexReport?
    /// What went wrong, other than that somebody else is at it.
    var failure: CairnError?
    var notes: [CairnError] = []
  }

  /// Brings the index up to date where the request asks for it. A query is better answered from yesterday's index than not at all:
  /// what goes wrong is thrown only where there is no index to answer from.
  ///
  /// - Parameter model: the one that embeds the query. One that stands for it where the index is still of another.
  private func refresh(_ model: inout Workspace.QueryModel) throws(CairnError) -> Refresh {
    if case .absent(let absent) = model {
      let note = CairnError(
        .modelAbsent,
        "words alone answered, from the index as it was: its model \(absent.identity.name) cannot be opened here: "
          + absent.reason.message, path: absent.reason.path.map { Path($0) }, cause: absent.reason.cause,
        remedy: CairnError.Remedy(absent.reason.remedy))
      return Refresh(notes: [note])
    }
    guard mayUpdate, case .opened(let opened) = model else { return Refresh() }
    do {
      let report = try bringUpToDate(opened)
      return Refresh(report: report, notes: report.repairs)
    } catch {
      if [.cancelled, .timedOut].contains(error.code) || (error.isOfCut && !isLast) { throw error }
      if error.code == .locked, let before = modelBefore(opened) { model = .absent(before) }
      guard (try? committed(model)) != nil else { throw error }
      return Refresh(failure: error.code == .locked ? nil : error, notes: [error])
    }
  }

  /// Indexes. Where somebody else is at it, waits as long as there is nothing to answer from, and a moment where there is; throws
  /// `locked` then.
  private func bringUpToDate(_ model: OpenedModel) throws(CairnError) -> IndexReport {
    let began = ContinuousClock.now
    var left: CairnError?
    func leave(_ writer: UpdateWait.Writer) -> CairnError? {
      UpdateWait.note(
        sight(of: model), waited: began.duration(to: .now), writer, indexDirectory: workspace.indexDirectory)
    }
    while true {
      do throws(Failure) {
        return try workspace.fill(
          index, with: model,
          Workspace.RunRequest(
            includesGenerated: workspace.filesNamed(by: request), cancellation: context.cancellation,
            waitsForEnd: false, progress: progress,
            mayLeave: {
              if context.isOver { return Failure(.timedOut, "the time that the search was given is over") }
              left = leave(.thisProcess)
              return left.map { Failure(.locked, $0.message) }
            }))
      } catch {
        if let left { throw left }
        guard error.code == .locked else { throw CairnError(error) }
        if let note = leave(.anotherProcess) { throw note }
      }
      try asCairnError { () throws(Failure) in try pause(for: .milliseconds(20), context) }
    }
  }

  /// What there is to answer from while somebody else writes.
  private func sight(of model: OpenedModel) -> UpdateWait.Sight {
    if let held = try? committed(.opened(model)), held.generation > 0, !held.segments.isEmpty, understandsWords() {
      return held.isComplete ? .complete : .partial
    }
    if let before = modelBefore(model) { return .otherModel(before.identity.name, building: model.identity.name) }
    return .nothing
  }

  /// While another process builds the index anew with `model`: what stands for the model of the index that is there until then, whose
  /// words can answer. Nil where they cannot, or where `model` is not what the index will be of.
  private func modelBefore(_ model: OpenedModel) -> AbsentModel? {
    guard let identity = try? workspace.indexedModel(), identity != model.identity, understandsWords(),
      let held = try? index.snapshot(), held.isComplete, !held.segments.isEmpty,
      let staged = try? index.stagedIdentity(),
      staged.modelName == model.identity.name, staged.modelHash == model.identity.contentHash
    else { return nil }
    return AbsentModel(
      identity: identity,
      reason: Failure(.locked, "the index is being built anew with \(model.identity.name)", path: index.path))
  }

  /// Whether the words in the index that is there were cut as this program cuts those of a query.
  private func understandsWords() -> Bool { (try? index.identity())?.analyzerVersion == Analyzer.version }
}

/// What a search does while somebody else brings the index up to date.
package enum UpdateWait {
  /// Who writes.
  package enum Writer { case thisProcess, anotherProcess }

  /// What there is to answer from meanwhile.
  package enum Sight: Equatable {
    case nothing
    /// A first run is under way.
    case partial
    case complete
    /// An index of another model, whose words can answer.
    case otherModel(String, building: String)
  }

  /// How long a search that the index as it was can answer waits: an update is most often done in less.
  package static let patience = Duration.seconds(1)

  /// Nil where the search waits on; else what is said beside results from what there is.
  package static func note(_ sight: Sight, waited: Duration, _ writer: Writer, indexDirectory: Path) -> CairnError? {
    let isOurs = writer == .thisProcess
    let message: String
    switch sight {
    case .nothing: return nil
    case .partial:
      message =
        (isOurs ? "the index is being built" : "another process is building the index") + "; this answer may lack files"
    case .complete:
      if waited < patience { return nil }
      message =
        (isOurs ? "the index is being brought up to date" : "another process is indexing")
        + "; this answer is from before"
    case .otherModel(let name, let building):
      message =
        (isOurs ? "the index is being built anew with " : "another process is building the index anew with ")
        + "\(building); words alone answered, from the index of \(name) that is there until then"
    }
    return CairnError(.locked, message, path: indexDirectory)
  }
}

/// Waits on the calling thread, for less where the request ends.
private func pause(for duration: Duration, _ context: SearchContext) throws(Failure) {
  let woken = Monitor(false)
  _ = try context.cancellation.whileWatching({ woken.update { $0 = true } }) { () throws(Failure) in
    woken.wait(for: duration) { $0 }
  }
  try context.check()
}

extension CairnError {
  /// Whether a file is at fault that an index run makes again.
  fileprivate var isOfDamage: Bool { [.damaged, .wrongFormat].contains(code) }
}

extension Failure.Code {
  static let noIndex = Self(rawValue: "no-index")
}
