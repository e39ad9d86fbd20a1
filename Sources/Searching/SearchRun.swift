import Catalog
package import Corpus
import Disk
import Embedding
package import IndexStorage
package import Indexing
import ModelOpening
package import Primitives
package import QueryLanguage
import ResultNotes
package import Retrieval
import Segments
import Settings
import Synchronization

/// What a search gave, and how it came about.
package struct SearchOutcome: Sendable {
  package var results: SearchResults
  /// What the reader should know besides what the results say themselves.
  package var notes: [Failure]
  /// What the update before the search did; nil if there was none.
  package var update: UpdateReport?
  /// What the answer stands on.
  package var freshness = SearchFreshness.asCommitted(nil)
  /// Of a search of the history: the commits that its results are of.
  package var commits: CommitLog?
  /// The commit whose files were searched; nil for those in the directory.
  package var revision: GitObjectID?
}

/// What an answer stands on. Times are in nanoseconds since 1970.
package enum SearchFreshness: Hashable, Sendable {
  /// A watcher knew all that was changed before that time.
  case watched(Int64, processID: Int)
  /// An update looked at the tree after that time.
  case updated(Int64)
  /// The index as it was committed, by a run that began at that time; nil where that is not known.
  case asCommitted(Int64?)
}

extension IndexSession {
  /// What is asked of the searcher, perhaps more than once.
  package typealias Find = @Sendable (Searcher, SearchContext) throws(Failure) -> SearchResults

  /// Searches; brings the index up to date first where `query` is to be fresh, and mends what it finds damaged. When
  /// that cannot be done the last committed state answers, with a note. What commits removed is searched where `query`
  /// says so (`searchHistory`).
  ///
  /// Throws `noIndex` where there is nothing to answer from, `invalidArgument` where the index is that of another tree,
  /// and within milliseconds what `context` says of its end.
  package func search(
    _ query: SearchQuery, _ context: SearchContext, progress: (@Sendable (IndexProgress) -> Void)?, _ find: Find
  ) throws(Failure) -> SearchOutcome {
    if let shared { return try search(shared, query, context, find) }
    try checkTree()
    if query.searchesHistory, revision != nil {
      throw Failure(
        .invalidArgument,
        "the history is that of the commit that is checked out: leave out the revision, or the history")
    }
    if query.searchesHistory { return try searchHistory(query, context, progress: progress, find) }
    return try reopening { isLast, notes throws(Failure) in
      let run = SearchRun(session: self, query: query, context: context, isLast: isLast, progress: progress)
      var outcome = try run.healing(find)
      outcome.notes = notes + outcome.notes
      return outcome
    }
  }
}

/// One search of a tree, from a query to its results, on the thread that calls it. Each function decides one thing:
/// which model embeds the query, how fresh the index must be, which index answers, what is said beside the results, and
/// what happens when one of these fails.
struct SearchRun {
  let session: IndexSession
  let query: SearchQuery
  let context: SearchContext
  /// Whether there is no other attempt after this one: what went wrong in the update is then said beside the results
  /// even where the catalog was cut meanwhile.
  let isLast: Bool
  let progress: (@Sendable (IndexProgress) -> Void)?

  private var index: StoredIndex { session.index }
  private var mayUpdate: Bool { query.isFresh }

  // MARK: Damage

  /// The outcome; after damage, once more from what an update has mended.
  func healing(_ find: IndexSession.Find) throws(Failure) -> SearchOutcome {
    // Marked, a segment is read whole by the update that the second attempt begins with. A file that was only cut while
    // it was read is opened anew; where nothing is made again, somebody who is just writing it is given time.
    let waits = mayUpdate ? [0] : [5, 20, 75]
    for wait in waits {
      do throws(Failure) { return try outcome(find) } catch {
        guard isOfDamage(error) else { throw error }
        markDamage(error)
      }
      index.forget()
      try pause(for: .milliseconds(wait), context)
    }
    do throws(Failure) { return try outcome(find) } catch {
      guard isOfDamage(error) else { throw error }
      markDamage(error)
      var damage = error
      if damage.remedy == nil { damage.remedy = .index }
      throw damage
    }
  }

  /// Whether a file of the index is at fault, which an index run makes again; one of the tree's that is damaged stays
  /// so.
  func isOfDamage(_ error: Failure) -> Bool {
    guard [.damaged, .wrongFormat].contains(error.code) else { return false }
    return error.path.map { $0 == index.path || $0.relative(to: index.path) != nil } ?? true
  }

  /// Leaves a mark where damage was met, so that the next run over the index meets it too, and mends it.
  func markDamage(_ error: Failure) {
    let path = error.path ?? index.path
    index.markDamaged(path)
    (try? session.secondary.get())?.index.markDamaged(path)
  }

  /// Brings the index of the tree up to date, for a search of something else that is compared with it: an outcome
  /// without results.
  func refreshed() throws(Failure) -> SearchOutcome {
    let began = wallClockNanoseconds()
    var model: IndexSession.QueryModel = .opened(try session.models.open(.builtIn))
    if try session.secondary.get() == nil { model = try session.queryModel(context) }
    let refresh = try refresh(&model)
    var outcome = SearchOutcome(results: SearchResults(), notes: refresh.notes, update: refresh.report)
    outcome.freshness = freshness(refresh, asOf: began)
    return outcome
  }

  // MARK: The order of decisions

  /// The state of the index that answers a search.
  struct Answering {
    var snapshot: IndexSnapshot
    var embedder: any Embedder
    /// What the update before it came to.
    var refresh: Refresh
    /// What it stands on.
    var freshness: SearchFreshness
    var notes: [Failure]
  }

  /// Brings the index up to date where the query is to be fresh, and gives the state that answers.
  func answering() throws(Failure) -> Answering {
    try context.check()
    let began = wallClockNanoseconds()
    let secondary = try session.secondary.get()
    var model: IndexSession.QueryModel =
      secondary == nil ? try session.queryModel(context) : .opened(try session.models.open(.builtIn))
    let refresh = try refresh(&model)
    var notes = refresh.notes
    var snapshot = try committed(model)
    let gaps = unreadNotes(snapshot, refresh.report) + limitNotes(snapshot, refresh.report)
    if refresh.report == nil, refresh.failure == nil, gaps.isEmpty { try checkIsBegun(snapshot) }
    notes += gaps
    var embedder = model.embedder
    if let secondary {
      switch session.answer(of: secondary, mayUpdate: mayUpdate, context) {
      case .answers(let held, let model): (snapshot, embedder) = (held, model.embedder)
      case .isBehind(let note): notes.append(note)
      }
    }
    if let note = snapshot.note { notes.append(Failure(.inputOutput, note, path: session.place.directory)) }
    return Answering(
      snapshot: snapshot, embedder: embedder, refresh: refresh, freshness: freshness(refresh, asOf: began),
      notes: notes)
  }

  private func outcome(_ find: IndexSession.Find) throws(Failure) -> SearchOutcome {
    let answering = try answering()
    let (snapshot, refresh) = (answering.snapshot, answering.refresh)
    var notes = answering.notes
    var results = try results(
      of: snapshot, roots: [session.root], fileByteCountLimit: session.settings.integer(.maximumFileByteCount),
      answering.embedder, find, &notes)
    let beside = SearchNotes(
      root: session.root, text: query.text, directory: query.origin.directory, snapshot: snapshot, tree: session.tree,
      leftOut: LeftOutFiles(session: session), isOnDisk: session.revision == nil)
    notes += beside.notes(on: &results)
    // An index that no run has finished does not know what the tree does not hold.
    if results.results.isEmpty, !results.isComplete, let failure = refresh.failure { throw failure }
    if refresh.isOutdated { results.isComplete = false }
    var outcome = SearchOutcome(results: results, notes: notes, update: refresh.report)
    outcome.freshness = answering.freshness
    if let revision = session.revision {
      outcome.revision = revision.commit
      (try? index.site.open())?.noteUse()
    }
    return outcome
  }

  // MARK: The results

  /// What the searcher finds; by BM25 only where the model fails: an endpoint that does not answer, a device that is
  /// lost.
  ///
  /// - Parameters:
  ///   - roots: of the corpora of the snapshot.
  ///   - shared: where candidates and files come from, in place of `snapshot` and the tree.
  func results(
    of snapshot: IndexSnapshot, roots: [FilePath], fileByteCountLimit: Int, _ embedder: any Embedder,
    _ find: IndexSession.Find, _ notes: inout [Failure], shared: (any SharedIndexState)? = nil
  ) throws(Failure) -> SearchResults {
    let reranking = reranking(&notes)
    // The built-in model compares names whatever made the vectors: a hundred short texts for each query.
    let names = try session.models.open(.builtIn).embedder
    func searcher(_ embedder: any Embedder) -> Searcher {
      var searcher = Searcher(
        snapshot: snapshot, embedder: embedder, nameEmbedder: names, reranking: reranking,
        roots: roots, fileByteCountLimit: fileByteCountLimit, followsLinks: session.settings.boolean(.followsLinks),
        revision: session.revision?.files)
      if let shared {
        searcher.source = shared.candidates(embedder)
        searcher.removed = shared.files(
          checkout: session.root, followsLinks: session.settings.boolean(.followsLinks))
      }
      return searcher
    }
    let watched = WatchedEmbedder(embedder)
    do throws(Failure) { return try find(searcher(watched), context) } catch {
      if let failure = shared?.failure { throw failure }
      let isOver = error.code == .cancelled || context.isOver
      // What a shared store or a file of the index says is not the model's.
      guard !isOver, watched.hasFailed, !ModelIdentity.isBuiltIn(embedder.identity.name) else { throw error }
      let results = try find(searcher(AbsentModel(identity: embedder.identity, reason: error)), context)
      notes.append(
        Failure(
          .modelAbsent, "the answer is BM25-only: the model \(embedder.identity.name) failed: \(error.message)",
          path: error.path, cause: error.cause, remedy: error.remedy))
      return results
    }
  }

  /// What `rerank_model` asks for; a model that cannot be opened is a note, and the results are in the order of the
  /// ranking.
  private func reranking(_ notes: inout [Failure]) -> Reranking? {
    do throws(Failure) {
      guard let reranker = try session.models(context).openReranker() else { return nil }
      return Reranking(reranker, count: session.settings.integer(.rerankCount))
    } catch {
      notes.append(
        Failure(
          error.code, "nothing was reranked: \(error.message)\(session.settings.origin(of: .rerankModel))",
          path: error.path, cause: error.cause, remedy: error.remedy))
      return nil
    }
  }

  // MARK: Which state answers

  /// What is committed, if this program can answer from it.
  private func committed(_ model: IndexSession.QueryModel) throws(Failure) -> IndexSnapshot {
    do throws(Failure) {
      return try index.snapshot(model: model.embedder.identity)
    } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(
        .noIndex, session.revision == nil ? "there is no index yet" : "this revision has no index yet",
        path: session.root, remedy: remedyToIndex)
    }
  }

  /// Throws where nothing was committed before the first run ended, so that nothing is known of the tree.
  private func checkIsBegun(_ snapshot: IndexSnapshot) throws(Failure) {
    if snapshot.isComplete || !snapshot.segments.isEmpty { return }
    throw Failure(
      .noIndex,
      "the index is not complete and holds no file yet: its first run was stopped, or is still running; the next "
        + "one goes on with it",
      path: session.root, remedy: remedyToIndex)
  }

  private var remedyToIndex: Remedy {
    session.revision.map { Remedy(.indexRevision, $0.commit.description) } ?? .index
  }

  /// What to say of the places that this update, or the one before, could not read.
  private func unreadNotes(_ snapshot: IndexSnapshot, _ update: UpdateReport?) -> [Failure] {
    if let update { return UnreadRecord.notes(update.run.unread) }
    guard !snapshot.isComplete, let unread = try? index.unread() else { return [] }
    return UnreadRecord.notes(unread)
  }

  /// What to say where a limit ended the walk of this update, or of the one before.
  private func limitNotes(_ snapshot: IndexSnapshot, _ update: UpdateReport?) -> [Failure] {
    if snapshot.isComplete { return [] }
    if let update {
      return session.settings.limitNotes(leftOut: update.skipped, unvisitedCount: update.run.unvisited.count)
    }
    guard let leftOut = try? index.leftOutCounts(), (try? index.unread().isEmpty) == true else { return [] }
    return session.settings.limitNotes(leftOut: leftOut, unvisitedCount: nil)
  }

  // MARK: How fresh

  /// What the answer stands on, where all that was changed before `began` was to be in it.
  private func freshness(_ refresh: Refresh, asOf began: Int64) -> SearchFreshness {
    // Of a commit that is indexed to its end nothing is ever news.
    if session.revision != nil, refresh.failure == nil, !refresh.isOutdated,
      (try? index.snapshot())?.isComplete == true
    {
      return .updated(began)
    }
    if let watch = refresh.watch { return .watched(began, processID: watch.processID) }
    if refresh.report != nil { return .updated(began) }
    return .asCommitted(try? index.startOfLastRun())
  }

  /// What an update before the search came to.
  struct Refresh {
    var report: UpdateReport?
    /// What went wrong, other than that somebody else is at it.
    var failure: Failure?
    /// Who watches the tree and made sure that the index has all that was changed before the search.
    var watch: WatchRecord?
    /// Whether files may be in the tree that the index as it was does not know.
    var isOutdated = false
    var notes: [Failure] = []
  }

  /// Brings the index up to date where the query asks for it. A query is better answered from yesterday's index than
  /// not at all: what goes wrong is thrown only where there is no index to answer from.
  ///
  /// - Parameter model: the one that embeds the query. One that replaces it while the index is still of another.
  private func refresh(_ model: inout IndexSession.QueryModel) throws(Failure) -> Refresh {
    if case .absent(let absent) = model {
      let note = Failure(
        .modelAbsent,
        "the answer is BM25-only, from the index as it was: its model \(absent.identity.name) cannot be opened here: "
          + absent.reason.message, path: absent.reason.path, cause: absent.reason.cause,
        remedy: absent.reason.remedy)
      return mayUpdate ? outdated(Refresh(notes: [note]), try session.chosenModel()) : Refresh(notes: [note])
    }
    guard mayUpdate, case .opened(let opened) = model else { return Refresh() }
    if session.isFinal(opened) { return Refresh() }
    // The index of a commit is the same for all queries.
    let named = session.revision == nil ? session.filesNamed(by: query) : nil
    var silence: [Failure] = []
    if session.revision == nil, named == nil {
      switch try session.awaitWatcher(opened, context) {
      case .fresh(let record): return Refresh(watch: record)
      case .silent(let note): silence = [note]
      case .absent: break
      }
    }
    do throws(Failure) {
      let report = try bringUpToDate(opened, including: named)
      return Refresh(report: report, notes: silence + report.run.repairs)
    } catch {
      // An endpoint that takes too long says `timedOut` too; that is no end of the search.
      if error.code == .cancelled || context.isOver || (error.isOfCut && !isLast) { throw error }
      if error.code == .locked, let before = modelBefore(opened) { model = .absent(before) }
      guard let held = try? committed(model) else { throw error }
      // Nothing is known of the tree before a first run has committed something of it.
      if error.code == .locked, held.segments.isEmpty, !held.isComplete { throw error }
      // Another writer is about to know what the tree has; the note says that the answer is from before.
      if error.code == .locked { return Refresh(isOutdated: true, notes: silence + [error]) }
      var note = error
      if error.code == .timedOut {
        // What hung for the chunks is not waited for again with the query.
        model = .absent(AbsentModel(identity: opened.identity, reason: error))
        note.message = "the answer is BM25-only: \(error.message)"
        if note.remedy == nil { note.remedy = .index }
      }
      return outdated(Refresh(failure: error, notes: silence + [note]), opened.choice)
    }
  }

  /// More files than these are only counted.
  private static let namedFileCount = 3

  /// `refresh` after an update that did not come about, with what the tree has and the index as it was has not.
  private func outdated(_ refresh: Refresh, _ choice: ModelChoice?) -> Refresh {
    var refresh = refresh
    if session.revision != nil {
      refresh.isOutdated = true
      refresh.notes.append(
        Failure(
          .outdated, "the answer is from the index of the revision as far as it was made", path: session.root,
          remedy: remedyToIndex))
      return refresh
    }
    var options = session.indexingOptions(rebuild: false, for: choice ?? .builtIn)
    options.includesGenerated = session.filesNamed(by: query)
    let pending = try? PendingFiles(root: session.root, index, options, naming: Self.namedFileCount)
    if let pending, pending.count == 0 { return refresh }
    let what =
      pending.map { pending in
        let names = pending.first.map(\.description).joined(separator: ", ")
        let rest = pending.count - pending.first.count
        return (pending.count == 1 ? "1 changed file is" : "\(pending.count) changed files are")
          + " not in it (\(names)\(rest > 0 ? ", and \(rest) more" : ""))"
      } ?? "it is not known what has changed since"
    refresh.isOutdated = true
    refresh.notes.append(
      Failure(
        .outdated, "the answer is from the index as it was: \(what)", path: session.place.directory))
    return refresh
  }

  /// Indexes. Where somebody else is at it, waits as long as there is nothing to answer from, and a moment where there
  /// is; throws `locked` then.
  ///
  /// - Parameter named: which files come in although they are bulk.
  private func bringUpToDate(
    _ model: OpenedModel, including named: (@Sendable (FilePath) -> Bool)?
  ) throws(Failure) -> UpdateReport {
    let began = ContinuousClock.now
    var wait = WriterWait()
    // A first index is made as an index run makes it: there is nothing to answer from without it.
    let hasState = (try? committed(.opened(model)))?.segments.isEmpty == false
    var left: Failure?
    func leave(_ writer: UpdateWait.Writer) -> Failure? {
      UpdateWait.note(
        sight(of: model), waited: began.duration(to: .now), writer, indexDirectory: session.place.directory)
    }
    while true {
      do throws(Failure) {
        var request = RunRequest(cancellation: context.cancellation)
        request.includesGenerated = named
        request.waitsForEnd = false
        request.pace = .awaited
        request.isInteractive = hasState
        request.progress = progress
        request.mayLeave = {
          if context.isOver { return Failure(.timedOut, "the time that the search was given is over") }
          left = leave(.thisProcess)
          return left.map { Failure(.locked, $0.message) }
        }
        return try session.fill(index, with: model, request)
      } catch {
        if let left { throw left }
        guard error.code == .locked else { throw error }
        if let note = leave(.anotherProcess) { throw note }
        try goOnWaiting(&wait, since: began)
      }
      try pause(for: .milliseconds(20), context)
    }
  }

  /// Tells of a wait for another process, of whose index there is nothing to answer from yet; throws where that process
  /// does not get on.
  private func goOnWaiting(_ wait: inout WriterWait, since began: ContinuousClock.Instant) throws(Failure) {
    guard try wait.look(at: index, indexDirectory: session.place.directory),
      began.duration(to: .now) >= WriterWait.silence
    else { return }
    progress?(IndexProgress(waitingFor: wait.process, bytesDone: wait.byteCount))
  }

  /// What there is to answer from while somebody else writes.
  private func sight(of model: OpenedModel) -> UpdateWait.Sight {
    if let held = try? committed(.opened(model)), held.generation > 0, !held.segments.isEmpty, understandsWords() {
      if held.isComplete { return .complete }
      // A commit is indexed once and soon: the process that makes it is waited for.
      return session.revision == nil ? .partial : .nothing
    }
    if let before = modelBefore(model) { return .otherModel(before.identity.name, building: model.identity.name) }
    return .nothing
  }

  /// While another process builds the index anew with `model`: what replaces the model of the index that is there
  /// until then, whose words can answer. Nil where they cannot, or where `model` is not what the index will be of.
  private func modelBefore(_ model: OpenedModel) -> AbsentModel? {
    guard let identity = try? session.indexedModel(), identity != model.identity, understandsWords(),
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

/// An embedder that knows whether it could not embed a query.
private final class WatchedEmbedder: Embedder {
  private let embedder: any Embedder
  private let state = Mutex(false)

  init(_ embedder: any Embedder) { self.embedder = embedder }

  var identity: ModelIdentity { embedder.identity }
  var hasFailed: Bool { state.withLock { $0 } }

  func embed(query: String) throws(Failure) -> [Float] { try embed(query: query, context: SearchContext()) }
  func embed(query: String, context: SearchContext) throws(Failure) -> [Float] {
    do throws(Failure) { return try embedder.embed(query: query, context: context) } catch {
      state.withLock { $0 = true }
      throw error
    }
  }
  func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    try embedder.embed(source, pieces: pieces, path: path)
  }
  func similarities(of pieces: PieceGroups, to vector: [Float]) throws(Failure) -> [Float] {
    try embedder.similarities(of: pieces, to: vector)
  }
}

/// What notes ask of a session.
private struct LeftOutFiles: LeftOutSource {
  /// A walk of a tree of more files takes longer than an answer should.
  private static let largeTree = 10_000

  let session: IndexSession

  func forEach(in path: FilePath?, _ body: (SkippedEntry) -> Void) throws(Failure) {
    _ = try session.leftOutEntries(in: path, keptAbove: Self.largeTree, body)
  }
  func counts() throws(Failure) -> [String: Int] { try session.index.leftOutCounts() }
}

/// Waits on the calling thread, for less where the request ends.
func pause(for duration: Duration, _ context: SearchContext) throws(Failure) {
  let woken = Monitor(false)
  let wake: @Sendable () -> Void = { woken.update { $0 = true } }
  _ = try context.cancellation.whileWatching(wake) { () throws(Failure) in woken.wait(for: duration) { $0 } }
  try context.check()
}
