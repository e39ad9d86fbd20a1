import Embedding
import IndexStorage
import ModelOpening
import Primitives
import QueryLanguage
import Retrieval
import Segments
import Settings

extension IndexSession {
  /// The outcome of a search of the shared index; where its server is gone, that of the tree's own index as it is, with
  /// a note. Throws why the shared one does not answer where there is no other.
  func search(
    _ shared: any SharedIndex, _ query: SearchQuery, _ context: SearchContext, _ find: Find
  ) throws(Failure) -> SearchOutcome {
    if query.searchesHistory || revision != nil {
      throw Failure(
        .invalidArgument,
        "a shared index holds the files of one state: leave out the revision and the history, or search without the "
          + "store")
    }
    var query = query
    query.isFresh = false
    let run = SearchRun(session: self, query: query, context: context, isLast: true, progress: nil)
    do throws(Failure) { return try run.outcome(of: shared, find) } catch {
      // Whatever a request says that had no more time.
      try context.check()
      guard Self.endsWithoutAnswer.contains(error.code) else { throw error }
      guard var local = try? run.healing(find) else { throw error }
      local.notes.insert(
        Failure(
          error.code, "the index on this machine answered, as it was committed: \(error.message)", cause: error.cause,
          remedy: error.remedy), at: 0)
      return local
    }
  }

  /// What a store says that is not there, or does not take this user.
  private static let endsWithoutAnswer: Set<Failure.Code> = [
    .storeUnavailable, .storeRefused, .missingLibrary, Failure.Code(rawValue: "unreachable"),
  ]

  /// The model that made the vectors of a shared index.
  fileprivate func model(ofShared identity: ModelIdentity, _ context: SearchContext) throws(Failure) -> any Embedder {
    if ModelIdentity.isBuiltIn(identity.name) {
      let model = try models.open(.builtIn)
      if model.identity == identity { return model.embedder }
      throw Failure(
        .differentModel,
        "the shared index is of \(identity.name), another version of the built-in model than this program's: push it "
          + "anew, or use the program that made it")
    }
    if let embedder, embedder.identity == identity { return embedder }
    return try model(of: identity, models(context)).embedder
  }
}

extension SearchRun {
  fileprivate func outcome(of shared: any SharedIndex, _ find: IndexSession.Find) throws(Failure) -> SearchOutcome {
    let state = try shared.open(context)
    var notes = state.notes
    let embedder: any Embedder
    do throws(Failure) { embedder = try session.model(ofShared: state.model, context) } catch {
      embedder = AbsentModel(identity: state.model, reason: error)
      notes.append(
        Failure(
          .modelAbsent,
          "the answer is BM25-only: the model \(state.model.name) cannot be opened here: "
            + error.message, path: error.path, cause: error.cause, remedy: error.remedy))
    }
    let empty = IndexSnapshot(generation: state.generation, isComplete: state.isComplete, segments: [])
    let results = try results(
      of: empty, roots: [session.root], fileByteCountLimit: session.settings.integer(.maximumFileByteCount), embedder,
      find, &notes, shared: state)
    return SearchOutcome(results: results, notes: notes)
  }
}
