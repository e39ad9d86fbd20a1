import Corpus
import Disk
import Embedding
import IndexStorage
package import Indexing
import ModelOpening
package import Primitives
package import QueryLanguage
import ResultNotes
import Retrieval
import Segments
import Settings

/// One search over several trees: their snapshots are joined to one, which is searched once, with the statistics of all
/// of them. Nothing is merged by score, so that the order is that of one index which holds all their files.
///
/// A tree that cannot be searched never stops the others: it is among the outcome's parts with the reason. Blocks.
package struct JointSearch: Sendable {
  /// One of the trees.
  package struct Tree: Sendable {
    /// What it is called in the answer.
    package var name: String
    package var session: IndexSession

    package init(name: String, session: IndexSession) {
      self.name = name
      self.session = session
    }
  }

  /// What the answer has of one tree.
  package struct Part: Sendable {
    package var name: String
    package var root: FilePath
    /// Files that were searched.
    package var fileCount = 0
    package var isComplete = false
    /// The commit that is checked out; nil where the repository's files do not say it.
    package var commit: String?
    package var freshness = SearchFreshness.asCommitted(nil)
    /// Why it was not searched; nil where it was.
    package var failure: Failure?

    package init(name: String, root: FilePath) {
      self.name = name
      self.root = root
    }
  }

  /// What is asked of the searcher, perhaps more than once; it is given the numbers of the trees by corpus.
  private typealias Find = @Sendable (Searcher, [Int], SearchContext) throws(Failure) -> SearchResults

  /// A tree as it answers.
  private struct State: Sendable {
    var answering: SearchRun.Answering?
    var part: Part
    var isHealed = false
  }

  private let trees: [Tree]
  private let makesFirstIndexes: Bool

  /// - Parameters:
  ///   - trees: in the order in which equally good places are shown.
  ///   - makesFirstIndexes: whether a tree without an index is indexed by a search that is to be fresh; else it is
  ///     answered from what another run has made of it so far.
  package init(_ trees: [Tree], makesFirstIndexes: Bool = true) {
    self.trees = trees
    self.makesFirstIndexes = makesFirstIndexes
  }

  /// Searches all trees that can be searched. Where the query is to be fresh, each is brought up to date first: those
  /// that have an index side by side, and then those that have none, one after the other, since a first run takes the
  /// memory that the settings allow.
  ///
  /// Throws where no tree can be searched what the first of them says, `.invalidArgument` for a search of the history,
  /// and within milliseconds what `context` says of its end.
  ///
  /// - Parameter place: what the results are to be like in place of the query's text: a line of a file of the tree with
  ///   this number.
  package func search(
    _ query: SearchQuery, like place: (tree: Int, path: FilePath, line: Int)? = nil, _ context: SearchContext,
    progress: (@Sendable (IndexProgress) -> Void)?
  ) throws(Failure) -> (outcome: SearchOutcome, parts: [Part]) {
    if query.searchesHistory {
      throw Failure(.invalidArgument, "a history is that of one repository: name the one that is meant")
    }
    var query = query
    // There is no place among several trees that a relative path could begin at.
    query.origin = PathOrigin()
    let find = find(query, like: place)
    var states = try begin(query, context, progress)
    while true {
      do throws(Failure) { return try outcome(of: states, query, context, progress, find) } catch {
        guard let number = number(of: error, in: states, query, context) else { throw error }
        // Mended, where an update may do that; met once more, it is left out.
        if states[number].isHealed {
          states[number].answering = nil
          states[number].part.failure = error
        } else {
          let run = run(number, query, context, progress, isLast: true)
          run.markDamage(error)
          trees[number].session.index.forget()
          states[number] = state(number, query, context, progress)
          states[number].isHealed = true
        }
        try context.check()
      }
    }
  }

  private func find(_ query: SearchQuery, like place: (tree: Int, path: FilePath, line: Int)?) -> Find {
    guard let place else {
      return { (searcher, _, context) throws(Failure) in try searcher.search(query, context: context) }
    }
    var filters = query
    filters.text = ""
    let name = trees[place.tree].name
    return { [filters] (searcher, numbers, context) throws(Failure) in
      guard let corpus = numbers.firstIndex(of: place.tree) else {
        throw Failure(.noIndex, "\(name) has the line that is named, and cannot be searched", path: place.path)
      }
      return try searcher.related(
        to: place.path, inCorpus: corpus, line: place.line, query: filters, context: context)
    }
  }

  // MARK: The state of each tree

  /// Threads that look at trees side by side: each opens some files and databases.
  private static let width = 4

  private func begin(
    _ query: SearchQuery, _ context: SearchContext, _ progress: (@Sendable (IndexProgress) -> Void)?
  ) throws(Failure) -> [State] {
    var states: [State?] = Array(repeating: nil, count: trees.count)
    try mapInOrder(
      count: trees.count, threadCount: trees.count > Self.width ? Self.width : 1, costLimit: .max, cost: { _ in 0 },
      transform: { [self] (number, _) -> State? in
        if context.isOver || query.isFresh && makesFirstIndexes && !isFilled(number) { return nil }
        return state(number, query, context, progress)
      },
      consume: { (number, state) throws(Failure) in states[number] = state })
    for number in trees.indices where states[number] == nil {
      try context.check()
      states[number] = state(number, query, context, progress)
    }
    try context.check()
    return states.compactMap { $0 }
  }

  private func isFilled(_ number: Int) -> Bool { trees[number].session.index.isFilled() }

  private func run(
    _ number: Int, _ query: SearchQuery, _ context: SearchContext,
    _ progress: (@Sendable (IndexProgress) -> Void)?, isLast: Bool
  ) -> SearchRun {
    var query = query
    if !makesFirstIndexes, !isFilled(number) { query.isFresh = false }
    return SearchRun(session: trees[number].session, query: query, context: context, isLast: isLast, progress: progress)
  }

  private func state(
    _ number: Int, _ query: SearchQuery, _ context: SearchContext,
    _ progress: (@Sendable (IndexProgress) -> Void)?
  ) -> State {
    let session = trees[number].session
    var state = State(part: Part(name: trees[number].name, root: session.root))
    do throws(Failure) {
      try session.checkTree()
      let answering = try session.reopening { isLast, notes throws(Failure) in
        var answering = try run(number, query, context, progress, isLast: isLast).answering()
        answering.notes = notes + answering.notes
        return answering
      }
      let snapshot = answering.snapshot
      if !snapshot.isComplete, snapshot.segments.isEmpty, answering.refresh.report == nil {
        throw answering.refresh.failure ?? Failure(.noIndex, "nothing of it is indexed yet", path: session.root)
      }
      state.part.fileCount = snapshot.segments.reduce(0) { $0 + $1.liveFileCount }
      state.part.isComplete = snapshot.isComplete && !answering.refresh.isOutdated
      state.part.freshness = answering.freshness
      state.part.commit = session.checkedOutCommit
      state.answering = answering
    } catch {
      state.part.failure = error
      if error.code == .noIndex, !makesFirstIndexes { state.part.failure?.message = "it is not indexed yet" }
    }
    return state
  }

  /// Of which tree's index `error` is; nil where it is of none, or says that the search is over.
  private func number(
    of error: Failure, in states: [State], _ query: SearchQuery, _ context: SearchContext
  ) -> Int? {
    guard !context.isOver, error.path != nil else { return nil }
    return trees.indices.first { number in
      states[number].answering != nil && run(number, query, context, nil, isLast: true).isOfDamage(error)
    }
  }

  // MARK: One search

  private func outcome(
    of states: [State], _ query: SearchQuery, _ context: SearchContext,
    _ progress: (@Sendable (IndexProgress) -> Void)?, _ find: @escaping Find
  ) throws(Failure) -> (outcome: SearchOutcome, parts: [Part]) {
    let numbers = states.indices.filter { states[$0].answering != nil }
    guard !numbers.isEmpty else {
      throw states.first?.part.failure.map { named($0, states[0].part) }
        ?? Failure(.notFound, "there is no repository to search")
    }
    let answering = numbers.compactMap { states[$0].answering }
    var joined = IndexSnapshot(joining: answering.map(\.snapshot))
    let leader = Self.leader(answering)
    let model = answering[leader].embedder.identity
    for index in joined.segments.indices {
      joined.segments[index].isComparable = answering[joined.segments[index].corpus].embedder.identity == model
    }
    let sessions = numbers.map { trees[$0].session }
    var notes = notes(on: states, model)
    let results = try run(numbers[leader], query, context, progress, isLast: true).results(
      of: joined, roots: sessions.map(\.root),
      fileByteCountLimit: sessions.reduce(0) { max($0, $1.settings.integer(.maximumFileByteCount)) },
      answering[leader].embedder,
      { (searcher, context) throws(Failure) in try find(searcher, numbers, context) }, &notes)
    var outcome = SearchOutcome(results: results, notes: notes)
    if results.results.isEmpty, results.filterProblems.isEmpty {
      let fileCount = states.reduce(0) { $0 + $1.part.fileCount }
      outcome.notes.append(
        Failure(
          .noAnswer,
          "nothing in \(counted(numbers.count, "repository", "repositories")) with \(counted(fileCount, "file")) is "
            + "like this"))
    }
    // A hit is of the tree, whichever of them were left out.
    for index in outcome.results.results.indices {
      outcome.results.results[index].corpus = numbers[outcome.results.results[index].corpus]
    }
    let parts = states.map(\.part)
    outcome.results.isComplete = parts.allSatisfy(\.isComplete)
    outcome.freshness = Self.oldest(numbers.map { parts[$0].freshness })
    return (outcome, parts)
  }

  /// The position of the state whose model embeds the query: of the model that made the vectors of most chunks, one
  /// that can be opened.
  private static func leader(_ answering: [SearchRun.Answering]) -> Int {
    var counts: [ModelIdentity: Int] = [:]
    for state in answering {
      counts[state.embedder.identity, default: 0] += state.snapshot.segments.reduce(0) { $0 + $1.liveChunkCount }
    }
    var best = 0
    func rank(_ index: Int) -> (Int, Int) {
      let embedder = answering[index].embedder
      return (counts[embedder.identity] ?? 0, embedder is AbsentModel ? 0 : 1)
    }
    for index in answering.indices where rank(index) > rank(best) { best = index }
    return best
  }

  /// Of all that the parts stand on what knows least of changes.
  private static func oldest(_ parts: [SearchFreshness]) -> SearchFreshness {
    func time(_ part: SearchFreshness) -> Int64 {
      switch part {
      case .watched(let time, _), .updated(let time): time
      case .asCommitted(let time): time ?? .min
      }
    }
    let committed = parts.filter { if case .asCommitted = $0 { true } else { false } }
    return (committed.isEmpty ? parts : committed).min { time($0) < time($1) } ?? .asCommitted(nil)
  }

  // MARK: Notes

  private func notes(on states: [State], _ model: ModelIdentity) -> [Failure] {
    var notes: [Failure] = []
    for state in states {
      guard let answering = state.answering else {
        if let failure = state.part.failure {
          notes.append(named(failure, state.part, joinedBy: " was not searched: "))
        }
        continue
      }
      notes += answering.notes.map { named($0, state.part) }
      let identity = answering.embedder.identity
      if identity != model {
        notes.append(
          named(
            Failure(
              .differentModel,
              "is found by words and paths alone: its index is of the model \(identity.name), and most others are of "
                + model.name), state.part, joinedBy: " "))
      }
    }
    return notes
  }

  /// `failure`, whose message then begins with the name of the tree; what the terminal is to do about it is about that
  /// tree.
  private func named(_ failure: Failure, _ part: Part, joinedBy words: String = ": ") -> Failure {
    var failure = failure
    failure.message = part.name + words + failure.message
    if failure.path == part.root { failure.path = nil }
    if failure.remedy?.action == .index { failure.remedy = Remedy(.updateRepository, part.name) }
    return failure
  }
}
