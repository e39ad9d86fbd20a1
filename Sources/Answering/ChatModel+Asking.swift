package import HTTP
package import Primitives

/// How the chat server that is configured is asked.
package struct ChatServer: Sendable {
  /// The base address of the endpoint.
  package var address: String
  /// The environment variable that holds the key; empty sends none.
  package var keyVariable: String
  /// What that variable holds; nil if it is not set.
  package var key: [UInt8]?
  package var codeModel: String
  package var generalModel: String
  /// 0 is no limit but the server's own.
  package var requestsPerMinute: Int
  package var timeLimit: Duration

  package init(
    address: String, keyVariable: String, key: [UInt8]?, codeModel: String, generalModel: String,
    requestsPerMinute: Int, timeLimit: Duration
  ) {
    self.address = address
    self.keyVariable = keyVariable
    self.key = key
    self.codeModel = codeModel
    self.generalModel = generalModel
    self.requestsPerMinute = requestsPerMinute
    self.timeLimit = timeLimit
  }

  /// The model called `name`, or the one for `passages` if that is nil. Sends nothing. Throws `invalidArgument` if no
  /// model is configured, and what is wrong with the address or the key.
  package func model(_ name: String?, for passages: [Passage]) throws(Failure) -> ChatModel {
    guard let name = name ?? ChatModelChoice.model(for: passages, code: codeModel, general: generalModel) else {
      throw Failure(
        .invalidArgument, "llm_endpoint is configured and no model for it", remedy: .set("general_llm_model"))
    }
    var variables: [String: [UInt8]] = [:]
    if let key { variables[keyVariable] = key }
    return ChatModel(
      name,
      at: Endpoint(
        try WebAddress(address).withoutSuffix("/chat/completions"),
        key: try EndpointKey(variable: keyVariable, environment: variables),
        names: .init(address: "llm_endpoint", keyVariable: "llm_key_variable", model: "the model's name"),
        rate: RateLimit(requestsPerMinute: requestsPerMinute), timeLimit: timeLimit))
  }
}

extension AnswerPrompt {
  /// A sentence that says what leaves for where; to be shown before it does.
  package func statement(ofSendingTo model: ChatModel, at address: WebAddress) -> String {
    let count = passages.count == 1 ? "1 excerpt" : "\(passages.count) excerpts"
    var statement = "the question and \(count) of your code (\(text.utf8.count / 1000 + 1) kB) "
    statement +=
      address.isThisMachine
      ? "go to \(address.hostAndPort), a server on this machine" : "leave this machine for \(address.hostAndPort)"
    statement += ", for the model \(model.name)"
    if !address.isEncrypted, !address.isThisMachine { statement += "; NOT ENCRYPTED: anyone on the way can read it" }
    return statement
  }
}

/// What came of an answer, and how it ended.
package struct ChatOutcome: Sendable {
  /// With a `failure` it is a part.
  package var text = ""
  /// Nil if the answer did not come to an end.
  package var ending: ChatModel.Ending?
  package var failure: Failure?
}

extension ChatModel {
  /// Waits for the answer to `prompt` on a thread of its own; a task that is cancelled ends it where it is.
  ///
  /// - Parameter onText: called with each piece as it comes, from that thread; false ends the answer.
  package func outcome(
    of prompt: AnswerPrompt, _ onText: (@Sendable (String) -> Bool)?
  ) async -> ChatOutcome {
    let cancellation = Cancellation()
    let result = await onBlockingThread(cancelling: cancellation) { () -> Result<ChatOutcome, Failure> in
      var outcome = ChatOutcome()
      do throws(Failure) {
        outcome.ending = try answer(prompt, cancellation: cancellation) { piece throws(Failure) in
          outcome.text += piece
          if let onText, !onText(piece) { throw Failure(.cancelled, "stopped") }
        }
      } catch { outcome.failure = error }
      return .success(outcome)
    }
    switch result {
    case .success(let outcome): return outcome
    case .failure(let failure): return ChatOutcome(failure: failure)
    }
  }
}
