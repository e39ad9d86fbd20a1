import Cairn
import DoorSupport
import Primitives

/// What was found in a tree, and how that came about.
struct Found: Sendable {
  /// Nil where nothing of the tree is indexed yet.
  var response: SearchResponse?
  /// Whether the answer is from before a change.
  var isOld = false
  var notes: [CairnError] = []
}

extension OpenTree {
  /// Has the tree kept from here on, and says whether its index knows it: where there is none yet, waits a moment for
  /// one, as long as a search does or for another `limit`.
  func prepare(_ context: ToolContext, waitingFor limit: Duration? = nil) async throws(CairnError) -> Bool {
    let workspace = workspace
    var isReady = try await offPool { () throws(CairnError) in workspace.isFilled }
    // What looks at the tree comes after the answer, where there is something to answer from.
    if isReady { keeper.announce() } else { keeper.start() }
    let end = ContinuousClock.now + min(limit ?? context.options.firstLimit, context.remaining)
    while !isReady, ContinuousClock.now < end {
      if let progress = keeper.progress { context.tell(progress) }
      do { try await Task.sleep(for: .milliseconds(20)) } catch { throw CairnError(.cancelled, "stopped") }
      isReady = try await offPool { () throws(CairnError) in workspace.isFilled }
    }
    return isReady
  }

  /// Searches. The answer is from the index as it is where there is no time to bring it up to date.
  ///
  /// - Parameters:
  ///   - place: the code that is to be like what is found, in place of a query.
  ///   - isReady: whether the index knows the tree.
  func find(
    _ request: SearchRequest, like place: (path: Path, line: Int)? = nil, isReady: Bool, _ context: ToolContext
  ) async throws(CairnError) -> Found {
    var request = request
    let isOfTree = request.revision == nil && !request.searchesHistory
    request.timeLimit = context.remaining
    if isOfTree {
      if isReady {
        // Until somebody watches the tree, a search looks at each file: of a large one that takes longer than an answer
        // should.
        if keeper.isComingUp, try await isLarge(context) {
          return try await findAsIs(
            request, place, context,
            "the tree is not looked at yet: what changed after the time above may be missing, ask again for it")
        }
        request.timeLimit = min(context.options.freshLimit, context.remaining)
      } else {
        request.freshness = .asIs
      }
    }
    do throws(CairnError) {
      return Found(response: try await run(request, place, context), isOld: false)
    } catch {
      if error.code == .noIndex, !isReady, isOfTree {
        var notes: [CairnError] = []
        if let failure = keeper.failure, failure.code != .locked { notes.append(failure) }
        return Found(notes: notes)
      }
      guard error.code == .timedOut, isReady, isOfTree, context.remaining > .seconds(1) else { throw error }
    }
    var found = try await findAsIs(
      request, place, context,
      "the index is being brought up to date, which takes longer than this answer: it lacks what changed since")
    found.isOld = true
    return found
  }

  /// What the index as it is has, and a note that says why it is no more.
  private func findAsIs(
    _ request: SearchRequest, _ place: (path: Path, line: Int)?, _ context: ToolContext, _ note: String
  ) async throws(CairnError) -> Found {
    var request = request
    request.freshness = .asIs
    request.timeLimit = context.remaining
    return Found(response: try await run(request, place, context), notes: [CairnError(.outdated, note)])
  }

  /// Whether a look at all files takes longer than an answer should.
  private func isLarge(_ context: ToolContext) async throws(CairnError) -> Bool {
    try await workspace.extent().map { $0.fileCount > context.options.largeTree } ?? false
  }

  private func run(
    _ request: SearchRequest, _ place: (path: Path, line: Int)?, _ context: ToolContext
  ) async throws(CairnError) -> SearchResponse {
    let tell = context.tell
    if let place {
      return try await workspace.related(to: place.path, line: place.line, request, progress: tell)
    }
    return try await workspace.search(request, progress: tell)
  }

  /// What an answer stands on, besides what the search itself says.
  func standing(
    isReady: Bool, revision: String? = nil, _ context: ToolContext
  ) async throws(CairnError) -> Standing {
    let edits = edits
    let patience = try await isLarge(context) ? Duration.zero : EditCount.patience
    async let counted = revision == nil ? edits.current(waitingFor: patience) : nil
    async let commit = revision == nil ? workspace.checkedOutCommit() : nil
    var standing = Standing()
    if revision == nil, let extent = try await workspace.extent() {
      standing.fileCount = extent.fileCount
      standing.isComplete = extent.isComplete
      standing.total = extent.isComplete ? extent.fileCount : keeper.progress?.filesTotal
    } else if revision == nil {
      (standing.fileCount, standing.isComplete, standing.total) = (0, false, keeper.progress?.filesTotal)
    }
    if let total = standing.total, let count = standing.fileCount { standing.total = max(total, count) }
    standing.isBuilding = revision == nil && !isReady && !standing.isComplete
    standing.commit = await commit ?? revision
    standing.edits = await counted
    if !isReady, let disclosure = workspace.disclosure { standing.notes.append(CairnError(.scope, disclosure)) }
    standing.notes += workspace.notes
    return standing
  }
}
