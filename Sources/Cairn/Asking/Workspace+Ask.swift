import Answering
import HTTP
import Inspection
import Primitives
import Searching
import Settings

extension Workspace {
  /// Answers a question in words: retrieves, packs what was found into a prompt, has the configured chat model answer,
  /// and checks every citation of the answer against what was retrieved.
  ///
  /// Without an endpoint, or with `isContextOnly`, the response has the context alone. What goes wrong on the way to
  /// the model is in the response's `failure`; thrown is what `search` throws. Cancelling the task ends the answer
  /// where it is.
  ///
  ///     let request = AskRequest("how does a session expire?")
  ///     let response = try await workspace.ask(request) { print($0.prompt) } onText: {
  ///       print($0, terminator: "")
  ///       return true
  ///     }
  ///
  /// - Parameters:
  ///   - request: the question, and how the code for it is searched.
  ///   - progress: called while the index is brought up to date, from another thread.
  ///   - onContext: called once, before anything is sent, with where it will go.
  ///   - onText: called with each piece of the answer as it comes, from another thread; false ends the answer.
  @concurrent public func ask(
    _ request: AskRequest, progress: (@Sendable (IndexProgress) -> Void)? = nil,
    onContext: (@Sendable (AskContext) -> Void)? = nil, onText: (@Sendable (String) -> Bool)? = nil
  ) async throws(CairnError) -> AskResponse {
    var search = request.search
    // More hits than any prompt has room for.
    search.limit = 40
    search.contextLineCount = nil
    if search.searchesHistory {
      throw CairnError(
        .invalidArgument, "a question is answered from files that are there: leave the history out, or search it")
    }
    var found = try await self.search(search, progress: progress)
    // The very commit that was searched, whatever its name means by now.
    let commit = found.revision
    let session = try await offPool { context throws(Failure) in
      try self.session.session(at: commit, context.cancellation)
    }

    if !configuration.includesSecrets { found.hits.removeAll { session.holdsSecret($0.path.filePath) } }

    let rules = AnswerPrompt(question: search.text, passages: []).tokenCount
    let names = PassageNames(found.hits.map(\.path.filePath))
    let passages = ContextPacking.pack(
      found.hits.map { Self.passage($0, names) }, tokenLimit: request.tokenLimit - rules)
    found.hits = []
    let prompt = AnswerPrompt(question: search.text, passages: passages)
    var context = AskContext(
      excerpts: passages.map {
        .init(
          path: names.path(named: $0.path).map { Path($0) } ?? Path($0.path), language: $0.language,
          lines: $0.lineRange, text: $0.lines)
      }, prompt: prompt.text, promptTokenCount: prompt.tokenCount, destination: nil, search: found)

    let endpoint = configuration.text(.llmEndpoint)
    guard !passages.isEmpty, !request.isContextOnly, !endpoint.isEmpty else {
      onContext?(context)
      return AskResponse(context: context)
    }
    let model: ChatModel
    do throws(Failure) {
      model = try session.chatModel(at: endpoint, request.model, for: passages)
      let address = try WebAddress(endpoint)
      context.destination = .init(
        host: address.hostAndPort, model: model.name, statement: prompt.statement(ofSendingTo: model, at: address))
    } catch {
      onContext?(context)
      return AskResponse(context: context, failure: CairnError(error))
    }
    onContext?(context)
    return response(context, passages, await model.outcome(of: prompt, onText), names, session)
  }

  private static func passage(_ hit: SearchHit, _ names: PassageNames) -> Passage {
    Passage(
      path: names.name(of: hit.path.filePath) ?? "", language: hit.language,
      isProse: Language.named(hit.language).map { $0.kind == .prose } ?? false, firstLine: hit.snippetFirstLine,
      lines: hit.snippet)
  }

  // MARK: The answer

  private func response(
    _ context: AskContext, _ passages: [Passage], _ outcome: ChatOutcome, _ names: PassageNames,
    _ session: IndexSession
  ) -> AskResponse {
    var response = AskResponse(context: context)
    response.answer = outcome.text.isEmpty ? nil : outcome.text
    response.isCutShort = outcome.ending == .cutShort
    response.failure = outcome.failure.map { CairnError($0) }
    response.citations = session.citations(in: outcome.text, of: passages, names).map {
      .init($0.citation, $0.verdict, file: $0.file.map { Path($0) })
    }
    return response
  }
}
