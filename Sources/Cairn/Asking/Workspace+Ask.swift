import Answering
import Corpus
import Disk
import HTTP
import Primitives
import Retrieval
import Settings

extension Workspace {
  /// More hits than any prompt has room for.
  private static let hitCount = 40

  /// Answers a question in words: retrieves, packs what was found into a prompt, has the configured chat model answer, and
  /// holds every citation of the answer against what was retrieved.
  ///
  /// Without an endpoint, or with `isContextOnly`, the response has the context alone. What goes wrong on the way to the
  /// model is in the response's `failure`; thrown is what `search` throws. Cancelling the task ends the answer where it is.
  ///
  ///     let response = try await workspace.ask(AskRequest("how does a session expire?")) { print($0.prompt) } onText: {
  ///       print($0, terminator: "")
  ///       return true
  ///     }
  ///
  /// - Parameters:
  ///   - onContext: called once, before anything is sent, with where it will go.
  ///   - onText: called with each piece of the answer as it comes, from another thread; false ends the answer.
  @concurrent public func ask(
    _ request: AskRequest, progress: (@Sendable (IndexProgress) -> Void)? = nil,
    onContext: (@Sendable (AskContext) -> Void)? = nil, onText: (@Sendable (String) -> Bool)? = nil
  ) async throws(CairnError) -> AskResponse {
    var search = request.search
    search.limit = Self.hitCount
    search.contextLineCount = nil
    var found = try await self.search(search, progress: progress)

    found.hits = found.hits.filter { mayLeave($0) }

    let rules = AnswerPrompt(question: search.text, passages: []).tokenCount
    let names = Self.names(of: found.hits)
    let passages = ContextPacking.pack(
      found.hits.map { Self.passage($0, named: names[$0.path] ?? "") }, tokenLimit: request.tokenLimit - rules)
    let paths = Dictionary(names.map { ($0.value, $0.key) }) { first, _ in first }
    found.hits = []
    let prompt = AnswerPrompt(question: search.text, passages: passages)
    var context = AskContext(
      excerpts: passages.map {
        .init(path: paths[$0.path] ?? Path($0.path), language: $0.language, lines: $0.lineRange, text: $0.lines)
      }, prompt: prompt.text, promptTokenCount: prompt.tokenCount, destination: nil, search: found)

    let endpoint = configuration.text(.llmEndpoint)
    guard !passages.isEmpty, !request.isContextOnly, !endpoint.isEmpty else {
      onContext?(context)
      return AskResponse(context: context)
    }
    let model: ChatModel
    do throws(Failure) {
      model = try chatModel(at: endpoint, request.model, for: passages)
      context.destination = try Self.destination(of: prompt, to: model, at: WebAddress(endpoint))
    } catch {
      onContext?(context)
      return AskResponse(context: context, failure: CairnError(error))
    }
    onContext?(context)
    let outcome = await Self.answer(prompt, model, onText)
    return response(context, passages, outcome, paths)
  }

  /// Whether a hit may be part of a prompt. A file with a secret in it is in an index only if somebody wanted it there, and
  /// wanting it found is not wanting it sent.
  private func mayLeave(_ hit: SearchHit) -> Bool {
    if configuration.includesSecrets { return true }
    var reader = SourceReader(SourceTree(root: root.filePath, followsLinks: configuration.followsLinks))
    guard let bytes = reader.bytes(of: hit.path.filePath) else { return false }
    return !ContentInspector().holdsSecret(bytes.span, path: hit.path.filePath)
  }

  /// What the files of `hits` are called in a prompt, which is printed and whose names come back: with nothing unseen
  /// in them, and each its own. Two that differ in what is not seen would pass for one.
  private static func names(of hits: [SearchHit]) -> [Path: String] {
    var names: [Path: String] = [:]
    var taken: Set<String> = []
    for hit in hits where names[hit.path] == nil {
      let visible = visibleName(hit.path.description)
      var name = visible
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(visible) (\(number))"
        number += 1
      }
      names[hit.path] = name
    }
    return names
  }

  private static func passage(_ hit: SearchHit, named name: String) -> Passage {
    Passage(
      path: name, language: hit.language,
      isProse: Language.named(hit.language).map { $0.kind == .prose } ?? false, firstLine: hit.snippetFirstLine,
      lines: hit.snippet)
  }

  // MARK: The model

  private func chatModel(
    at endpoint: String, _ named: String?, for passages: [Passage]
  ) throws(Failure) -> ChatModel {
    try configuration.values.checkProjectWidensNothing(environment)
    let chosen = ChatModelChoice.model(
      for: passages, code: configuration.text(.codeLLMModel), general: configuration.text(.generalLLMModel))
    guard let name = named ?? chosen else {
      throw Failure(
        .invalidArgument,
        "llm_endpoint is configured and no model for it", remedy: .set("general_llm_model"))
    }
    let variable = configuration.text(.llmKeyVariable)
    var variables: [String: [UInt8]] = [:]
    if let value = environment.bytes(of: variable) { variables[variable] = value }
    return ChatModel(
      name,
      at: Endpoint(
        try WebAddress(endpoint).withoutSuffix("/chat/completions"),
        key: try EndpointKey(variable: variable, environment: variables),
        names: .init(address: "llm_endpoint", keyVariable: "llm_key_variable", model: "the model's name"),
        rate: RateLimit(requestsPerMinute: configuration.integer(.requestsPerMinute)),
        timeLimit: .seconds(configuration.integer(.requestTimeoutSeconds))))
  }

  private static func destination(
    of prompt: AnswerPrompt, to model: ChatModel, at address: WebAddress
  ) -> AskContext.Destination {
    let count = prompt.passages.count == 1 ? "1 excerpt" : "\(prompt.passages.count) excerpts"
    var statement = "the question and \(count) of your code (\(prompt.text.utf8.count / 1000 + 1) kB) "
    statement +=
      address.isThisMachine
      ? "go to \(address.hostAndPort), a server on this machine" : "leave this machine for \(address.hostAndPort)"
    statement += ", for the model \(model.name)"
    if !address.isEncrypted, !address.isThisMachine { statement += "; NOT ENCRYPTED: anyone on the way can read it" }
    return .init(host: address.hostAndPort, model: model.name, statement: statement)
  }

  /// What came, and how it ended.
  private struct Outcome: Sendable {
    var text = ""
    var ending: ChatModel.Ending?
    var failure: Failure?
  }

  /// Waits for the answer on a thread of its own.
  private static func answer(
    _ prompt: AnswerPrompt, _ model: ChatModel, _ onText: (@Sendable (String) -> Bool)?
  ) async -> Outcome {
    let cancellation = Cancellation()
    return await withTaskCancellationHandler {
      let result = await onOwnThread { () -> Result<Outcome, Failure> in
        var outcome = Outcome()
        do throws(Failure) {
          outcome.ending = try model.answer(prompt, cancellation: cancellation) { piece throws(Failure) in
            outcome.text += piece
            if let onText, !onText(piece) { throw Failure(.cancelled, "stopped") }
          }
        } catch { outcome.failure = error }
        return .success(outcome)
      }
      switch result {
      case .success(let outcome): return outcome
      case .failure(let failure): return Outcome(failure: failure)
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  // MARK: The answer

  private func response(
    _ context: AskContext, _ passages: [Passage], _ outcome: Outcome, _ paths: [String: Path]
  ) -> AskResponse {
    var files: [String: [String]] = [:]
    var reader = SourceReader(
      SourceTree(
        root: root.filePath, byteCountLimit: configuration.maximumFileByteCount,
        followsLinks: configuration.followsLinks))
    for path in Set(passages.map(\.path)) {
      guard let file = paths[path], let text = reader.text(of: file.filePath) else { continue }
      // Whole: of a long one the model saw a part.
      files[path] = (0..<text.lineCount).map { text.line($0 + 1, limit: 1 << 32) }
    }
    let check = CitationCheck(passages) { [files] in files[$0] }
    var response = AskResponse(context: context)
    response.answer = outcome.text.isEmpty ? nil : outcome.text
    response.isCutShort = outcome.ending == .cutShort
    response.failure = outcome.failure.map { CairnError($0) }
    response.citations = CitationScanner(knownPaths: passages.map(\.path)).citations(in: outcome.text).map {
      .init($0, check.verdict(on: $0), file: paths[$0.path])
    }
    return response
  }
}
