import Catalog
import Embedding
import IndexStorage
import Indexing
import Primitives
import Retrieval
import Segments
import Settings

extension Workspace {
  /// Answers a question.
  ///
  /// With `.upToDate` the index is built or brought up to date first. When that cannot be done (another process is
  /// indexing, the disk is full, the tree may not be written) the last committed state answers, and the response has a note.
  /// Throws `noIndex` where there is nothing to answer from.
  ///
  /// An index that is damaged heals: with `.upToDate` what is bad is made again from the files and the question asked once more, with a
  /// note that says so; with `.asIs` a second look that fails too throws `damaged`.
  ///
  ///     var request = SearchRequest("parseDate")
  ///     request.limit = 3
  ///     let response = try await workspace.search(request)
  @concurrent public func search(
    _ request: SearchRequest, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) async throws(CairnError) -> SearchResponse {
    try await answer(request, progress: progress) { searcher throws(Failure) in
      try searcher.search(query(request))
    }
  }

  func answer(
    _ request: SearchRequest, progress: (@Sendable (IndexProgress) -> Void)?,
    _ ask: (Searcher) throws(Failure) -> SearchResults
  ) async throws(CairnError) -> SearchResponse {
    try checkTree()
    return try await reopening { isLast, notes throws(CairnError) in
      var response = try await answerHealing(request, isLast: isLast, progress: progress, ask)
      response.notes = notes + response.notes
      return response
    }
  }

  private func answerHealing(
    _ request: SearchRequest, isLast: Bool, progress: (@Sendable (IndexProgress) -> Void)?,
    _ ask: (Searcher) throws(Failure) -> SearchResults
  ) async throws(CairnError) -> SearchResponse {
    // Marked, a segment is read whole by the update that the second attempt begins with. A file that was only cut while it was
    // read is opened anew; where nothing is made again, somebody who is just writing it is given time.
    let waits = request.freshness == .upToDate ? [0] : [5, 20, 75]
    for wait in waits {
      do { return try await answerOnce(request, isLast: isLast, progress: progress, ask) } catch {
        guard error.isOfDamage else { throw error }
        markDamage(error)
      }
      snapshot.forget()
      do { try await Task.sleep(for: .milliseconds(wait)) } catch {
        throw CairnError(.cancelled, "stopped while waiting for a file of the index to be whole again")
      }
    }
    do { return try await answerOnce(request, isLast: isLast, progress: progress, ask) } catch {
      guard error.isOfDamage else { throw error }
      markDamage(error)
      var damage = error
      if !["`cairn index", "build the index again"].contains(where: { damage.message.contains($0) }) {
        damage.message += "; `cairn index` makes it again from the files"
      }
      throw damage
    }
  }

  /// Leaves a mark where a search has met a damaged segment, so that the next run over the index looks at it.
  private func markDamage(_ error: CairnError) {
    guard let path = error.path?.filePath else { return }
    var sites = [place.site]
    if let later = try? laterModel() { sites.append(laterSite(later)) }
    for site in sites where path.relative(to: site.path) != nil { _ = try? site.open().markDamaged(path) }
  }

  /// - Parameter isLast: what went wrong in the update is said beside the answer even where the catalog was cut meanwhile.
  private func answerOnce(
    _ request: SearchRequest, isLast: Bool, progress: (@Sendable (IndexProgress) -> Void)?,
    _ ask: (Searcher) throws(Failure) -> SearchResults
  ) async throws(CairnError) -> SearchResponse {
    var notes: [CairnError] = []
    var update: IndexReport?
    var updateFailure: CairnError?
    let later = try asCairnError { () throws(Failure) in try laterModel() }
    var asked = try asCairnError { () throws(Failure) -> AnsweringModel in
      later == nil ? try answeringModel() : .opened(try models.open(.builtIn))
    }
    if case .absent(let model) = asked {
      notes.append(
        CairnError(
          .modelAbsent,
          "words alone answered, from the index as it was: its model \(model.identity.name) cannot be opened here: "
            + model.reason.message, path: model.reason.path.map { Path($0) }, cause: model.reason.cause))
    } else if request.freshness == .upToDate {
      do {
        update = try await bringUpToDate(asked, naming: filesNamed(by: request), progress: progress)
        notes += update?.repairs ?? []
      } catch {
        // A question is better answered from yesterday's index than not at all; what went wrong is said beside the answer.
        if error.code == .cancelled || (error.isOfCut && !isLast) { throw error }
        if error.code == .locked, let before = modelBefore(asked) { asked = .absent(before) }
        guard (try? openIndex(asked)) != nil else { throw error }
        notes.append(error)
        if error.code != .locked { updateFailure = error }
      }
    }
    var snapshot = try asCairnError { () throws(Failure) in try openIndex(asked) }
    let gaps = unreadNotes(snapshot, update) + limitNotes(snapshot, update)
    if update == nil, updateFailure == nil, gaps.isEmpty { try checkIsBegun(snapshot) }
    notes += gaps
    var embedder = asked.embedder
    if let later {
      switch await laterIndex(later, mayUpdate: request.freshness == .upToDate) {
      case .answers(let held, let model): (snapshot, embedder) = (held, model.embedder)
      case .isBehind(let note): notes.append(note)
      }
    }
    if let note = snapshot.note { notes.append(CairnError(.inputOutput, note, path: indexDirectory)) }
    let response: SearchResponse
    do throws(Failure) {
      let reranking = reranking(&notes)
      // The built-in model compares names whatever made the vectors: a hundred short texts for each question.
      let names = try models.open(.builtIn).embedder
      func searcher(_ embedder: any Embedder) -> Searcher {
        Searcher(
          snapshot: snapshot, embedder: embedder, nameEmbedder: names, reranking: reranking, root: root.filePath,
          fileByteCountLimit: configuration.maximumFileByteCount, followsLinks: configuration.followsLinks)
      }
      do throws(Failure) {
        var results = try ask(searcher(embedder))
        notes += self.notes(on: request, &results, in: snapshot)
        response = SearchResponse(results, notes: notes, update: update)
      } catch {
        // An endpoint that does not answer, a device that is lost: the words of the question are still there.
        guard !ModelIdentity.isBuiltIn(embedder.identity.name) else { throw error }
        var results = try ask(searcher(AbsentModel(identity: embedder.identity, reason: error)))
        notes.append(
          CairnError(
            .modelAbsent, "words alone answered: the model \(embedder.identity.name) failed: \(error.message)",
            path: error.path.map { Path($0) }, cause: error.cause))
        notes += self.notes(on: request, &results, in: snapshot)
        response = SearchResponse(results, notes: notes, update: update)
      }
    } catch { throw CairnError(error) }
    // An index that no run has finished does not know what the tree does not hold.
    if response.hits.isEmpty, !response.isComplete, let updateFailure { throw updateFailure }
    return response
  }

  /// Throws where nothing was committed before the first run ended, so that nothing is known of the tree.
  private func checkIsBegun(_ snapshot: IndexSnapshot) throws(CairnError) {
    if snapshot.isComplete || !snapshot.segments.isEmpty { return }
    throw CairnError(
      .noIndex,
      "the index is not complete and holds no file yet: its first run was stopped, or is still under way; "
        + "`cairn index` goes on with it",
      path: root)
  }

  /// What to say of the places that this update, or the one before, could not look at.
  private func unreadNotes(_ snapshot: IndexSnapshot, _ update: IndexReport?) -> [CairnError] {
    if let update { return update.unreadNotes }
    guard !snapshot.isComplete,
      let unread = try? place.site.open().catalog(.reading).unread()
    else { return [] }
    return UnreadPlace.notes(unread.map { UnreadPlace($0) })
  }

  /// What to say where a limit ended the walk of this update, or of the one before.
  private func limitNotes(_ snapshot: IndexSnapshot, _ update: IndexReport?) -> [CairnError] {
    if snapshot.isComplete { return [] }
    if let update {
      return limitNotes(leftOut: update.skipped, unvisitedCount: update.unvisitedDirectories.count)
    }
    guard let catalog = try? place.site.open().catalog(.reading), let leftOut = try? catalog.leftOut(),
      (try? catalog.unread().isEmpty) == true
    else { return [] }
    return limitNotes(leftOut: leftOut, unvisitedCount: nil)
  }

  /// What `rerank_model` asks for; a model that cannot be opened is a note, and the answer is in the order of the ranking.
  private func reranking(_ notes: inout [CairnError]) -> Reranking? {
    do throws(Failure) {
      guard let reranker = try models.openReranker() else { return nil }
      return Reranking(reranker, count: configuration.integer(.rerankCount))
    } catch {
      notes.append(
        CairnError(
          CairnError.Code(rawValue: error.code.rawValue),
          "nothing was reranked: \(error.message)\(configuration.values.origin(of: .rerankModel))",
          path: error.path.map { Path($0) }, cause: error.cause))
      return nil
    }
  }

  /// How long a question that the index as it was can answer waits for another process that brings it up to date.
  private static let patienceWithUpdate = Duration.seconds(1)

  /// Indexes. Where another process is doing so, waits as long as there is nothing to answer from, and a moment where there is; throws
  /// `locked` then.
  private func bringUpToDate(
    _ model: AnsweringModel, naming named: (@Sendable (FilePath) -> Bool)?,
    progress: (@Sendable (IndexProgress) -> Void)?
  ) async throws(CairnError) -> IndexReport? {
    guard case .opened(let opened) = model else { return nil }
    let began = ContinuousClock.now
    while true {
      do throws(Failure) {
        return try await fill(place.site, with: opened, includesGenerated: named, progress)
      } catch {
        guard error.code == .locked else { throw CairnError(error) }
        if let held = try? openIndex(model), held.generation > 0, !held.segments.isEmpty, understandsWords() {
          if !held.isComplete {
            throw CairnError(
              .locked, "another process is building the index; this answer may lack files", path: indexDirectory)
          }
          // An update is most often done in less.
          if began.duration(to: .now) >= Self.patienceWithUpdate {
            throw CairnError(
              .locked, "another process is indexing; this answer is from before", path: indexDirectory)
          }
        } else if let before = modelBefore(model) {
          throw CairnError(
            .locked,
            "another process is building the index anew with \(opened.identity.name); words alone answered, from the index of "
              + "\(before.identity.name) that is there until then",
            path: indexDirectory)
        }
      }
      do { try await Task.sleep(for: .milliseconds(20)) } catch {
        throw CairnError(.cancelled, "stopped while waiting for another process to build the index")
      }
    }
  }

  /// While another process builds the index anew with `model`: what stands for the model of the index that is there until then, whose
  /// words can answer. Nothing where they cannot, or where `model` is not what the index will be of.
  private func modelBefore(_ model: AnsweringModel) -> AbsentModel? {
    guard case .opened(let opened) = model, let identity = try? indexedModel(), identity != opened.identity,
      understandsWords(), let held = try? snapshot.newest(), held.isComplete, !held.segments.isEmpty,
      let staged = try? place.site.open().catalog(.reading).snapshot(of: .staged).identity,
      staged.modelName == opened.identity.name, staged.modelHash == opened.identity.contentHash
    else { return nil }
    return AbsentModel(
      identity: identity,
      reason: Failure(.locked, "the index is being built anew with \(opened.identity.name)", path: place.directory))
  }

  /// Whether the words in the index that is there were cut as this program cuts those of a question.
  private func understandsWords() -> Bool { (try? snapshot.identity())?.analyzerVersion == Analyzer.version }

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
  /// Whether a file is at fault that an index run makes again.
  fileprivate var isOfDamage: Bool { [.damaged, .wrongFormat].contains(code) }
}

extension Failure.Code {
  static let noIndex = Self(rawValue: "no-index")
}

extension CairnError.Code {
  /// The model that the index was built with cannot be opened, so words alone answered.
  public static let modelAbsent = Self(rawValue: "model-absent")
}
