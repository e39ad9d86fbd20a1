package import HTTP
import JSON
package import Primitives

/// A model behind an OpenAI-compatible `/chat/completions` endpoint: Ollama, llama.cpp's server, vLLM, OpenAI and
/// others.
package struct ChatModel: Sendable {
  /// How an answer came to its end.
  package enum Ending: Hashable, Sendable {
    case complete
    /// The model had no room for more.
    case cutShort
  }
  /// More than any answer; a model in a loop is stopped.
  private static let longestAnswer = 4 << 20
  /// Under which servers send what a model thinks.
  private static let thoughtNames = ["reasoning_content", "reasoning", "thinking"]

  private let endpoint: Endpoint
  package let name: String

  package init(_ name: String, at endpoint: Endpoint) {
    self.name = name
    self.endpoint = endpoint
  }

  /// Hands on the answer to `prompt` piece by piece, on the calling thread, which is blocked until its end.
  ///
  /// Throws what `Endpoint.postForEvents` throws, `.interrupted` for a stream that stops before its end, and
  /// `.badAnswer` for one without an answer; what was handed on by then stays an answer cut short.
  package func answer(
    _ prompt: AnswerPrompt, cancellation: Cancellation? = nil, onText: (String) throws(Failure) -> Void
  ) throws(Failure) -> Ending {
    let host = endpoint.address.hostAndPort
    let body: JSONValue = ["model": .string(name), "messages": prompt.messages, "stream": true]
    var byteCount = 0
    var thoughtByteCount = 0
    var ending: Ending?
    var sawEnd = false
    try endpoint.postForEvents(
      "chat/completions", body, tokenCount: prompt.tokenCount, cancellation: cancellation
    ) { event throws(Failure) in
      // What comes behind the end is none of our business.
      if sawEnd || event.data.isEmpty { return false }
      if event.data == "[DONE]" {
        sawEnd = true
        return true
      }
      guard let part = try? JSONValue(parsing: Array(event.data.utf8)) else {
        throw Failure(
          .badAnswer, "\(host) sends something in its answer that is not JSON", cause: String(event.data.prefix(200)))
      }
      if let error = part["error"], !error.isNull {
        throw Failure(
          .serverError, "\(host) broke off its answer with an error", cause: Failure.message(in: part))
      }
      // Some servers send parts without a choice, to say how many tokens there were.
      guard let choice = part["choices"]?[0] else {
        if part["choices"] == nil, event.name.isEmpty { throw Self.noChat(host) }
        return false
      }
      var hasContent = false
      let delta = choice["delta"] ?? choice["message"]
      // What a model thinks before it answers is no part of the answer, and shows that it is at work.
      for name in Self.thoughtNames {
        guard let thought = delta?[name]?.string, !thought.isEmpty else { continue }
        hasContent = true
        thoughtByteCount += thought.utf8.count
      }
      let text = delta?["content"]?.string ?? ""
      byteCount += text.utf8.count
      guard byteCount <= Self.longestAnswer, thoughtByteCount <= Self.longestAnswer else {
        throw Failure(.badAnswer, "\(host) does not come to an end: the answer was cut off")
      }
      if !text.isEmpty {
        hasContent = true
        try onText(text)
      }
      if let reason = choice["finish_reason"]?.string {
        hasContent = true
        ending = reason == "length" ? .cutShort : .complete
      }
      return hasContent
    }
    guard sawEnd || ending != nil else {
      throw Failure(.interrupted, "\(host) broke off in the middle of its answer; its log may say why")
    }
    guard byteCount > 0 else { throw Failure(.badAnswer, "\(host) gave an empty answer with the model \(name)") }
    return ending ?? .complete
  }

  private static func noChat(_ host: String) -> Failure {
    Failure(.badAnswer, "\(host) answered without a message: check llm_endpoint, which usually ends in /v1")
  }
}

/// Which of the two configured models answers.
package enum ChatModelChoice {
  /// The model for code if at least half of the retrieved lines are code, else the general one; if one of them is not
  /// configured, the other. Nil if neither is.
  package static func model(for passages: [Passage], code: String, general: String) -> String? {
    let lineCount = passages.reduce(0) { $0 + $1.lines.count }
    let codeLineCount = passages.reduce(0) { $0 + ($1.isProse ? 0 : $1.lines.count) }
    let names = codeLineCount * 2 >= lineCount ? [code, general] : [general, code]
    return names.first { !$0.isEmpty }
  }
}
