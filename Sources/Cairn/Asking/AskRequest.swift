import Answering
import HTTP
import Primitives
import Searching
import Settings

/// A question that is to be answered in words.
///
///     var request = AskRequest("how does a session expire?")
///     request.search.paths = ["src/**"]
///     let response = try await workspace.ask(request)
public struct AskRequest: Hashable, Sendable {
  /// The question, and the filters for what is retrieved. How many hits there are and how much of each is shown follows
  /// from `tokenLimit`.
  public var search: SearchRequest
  /// About how many tokens the prompt may have, the rules and the question among them.
  public var tokenLimit = 6000
  /// The chat model; nil chooses between `code_llm_model` and `general_llm_model`.
  public var model: String?
  /// Whether only the context is wanted, and nothing is sent anywhere.
  public var isContextOnly = false

  public init(_ question: String) { search = SearchRequest(question) }
}

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
    let packed = PackedContext(
      found.hits.map { ($0.path.filePath, $0.language, $0.snippetFirstLine, $0.snippet) }, for: search.text,
      tokenLimit: request.tokenLimit)
    found.hits = []
    var context = AskContext(packed, search: found)

    let asks = !context.excerpts.isEmpty && !request.isContextOnly && !configuration.text(.llmEndpoint).isEmpty
    guard asks else {
      onContext?(context)
      return AskResponse(context: context)
    }
    let model: ChatModel
    do throws(Failure) {
      let address: WebAddress
      (model, address) = try session.chatModel(request.model, for: packed)
      context.destination = .init(
        host: address.hostAndPort, model: model.name,
        statement: packed.prompt.statement(ofSendingTo: model, at: address))
    } catch {
      onContext?(context)
      return AskResponse(context: context, failure: CairnError(error))
    }
    onContext?(context)
    let outcome = await model.outcome(of: packed.prompt, onText)
    return AskResponse(
      context: context, answer: outcome.text.isEmpty ? nil : outcome.text, isCutShort: outcome.ending == .cutShort,
      citations: session.citations(in: outcome.text, of: packed).map {
        .init($0.citation, $0.verdict, file: $0.file.map { Path($0) })
      }, failure: outcome.failure.map { CairnError($0) })
  }
}
