import Foundation
import Primitives
import Synchronization
import TestSupport

/// An OpenAI-compatible embeddings endpoint with a model of its own: texts that share words are near each other.
final class EndpointServer: Sendable {
  static let dimensions = 24
  private let server: TestServer
  private let state: State

  /// What the server's threads and the test share.
  final class State: Sendable {
    let texts = Mutex<[String]>([])
    /// The status of every answer, when it is not 200.
    let status = Mutex<Int?>(nil)
  }

  init() throws {
    let state = State()
    self.state = state
    server = try TestServer { exchange in
      if let status = state.status.withLock({ $0 }) {
        return exchange.reply(status, "{\"error\": {\"message\": \"no\"}}")
      }
      let input = Self.reply(exchange)
      state.texts.withLock { $0 += input }
    }
  }

  /// Answers as the model; gives the texts that were sent.
  @discardableResult static func reply(_ exchange: TestExchange) -> [String] {
    let body = try? JSONSerialization.jsonObject(with: Data(exchange.request.body)) as? [String: Any]
    let input = body?["input"] as? [String] ?? []
    let data = input.enumerated().map { ["index": $0.offset, "embedding": vector(of: $0.element)] }
    let answer = (try? JSONSerialization.data(withJSONObject: ["data": data])) ?? Data()
    exchange.reply(200, Array(answer))
    return input
  }

  var url: String { server.url("/v1") }
  /// Every text that was sent so far.
  var received: [String] { state.texts.withLock { $0 } }
  /// Makes every answer one with that status; nil for real ones.
  func answer(with status: Int?) { state.status.withLock { $0 = status } }

  private static func vector(of text: String) -> [Double] {
    var vector = [Double](repeating: 0.01, count: dimensions)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
      let bytes = Array(word.utf8)
      vector[Int(ContentHash(of: bytes.span).low % UInt64(dimensions))] += 1
    }
    return vector
  }
}
