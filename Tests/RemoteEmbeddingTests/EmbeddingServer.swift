import HTTP
import JSON
import Primitives
import RemoteEmbedding
import TestSupport

/// An endpoint with a model of its own: the vector of a text has its byte counts in it, so that a test can tell whether
/// every vector is that of its text.
struct EmbeddingServer {
  static let dimensions = 5

  /// Not of unit length, as some real models' vectors are not.
  static func vector(of text: String) -> [Double] {
    var vector = [0.5, 0, 0, 0, 0]
    for byte in text.utf8 { vector[1 + Int(byte % 4)] += Double(byte) / 64 }
    return vector
  }

  static func unitVector(of text: String) -> [Float] {
    let vector = vector(of: text)
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { Float($0 / length) }
  }

  static func texts(_ exchange: TestExchange) -> [String] {
    ((try? JSONValue(parsing: exchange.request.body))?["input"]?.array ?? []).compactMap(\.string)
  }

  /// A right answer, its vectors in reversed order, which their numbers put right.
  static func answer(_ texts: [String]) -> JSONValue {
    .object([
      .init("object", "list"),
      .init(
        "data",
        .array(
          texts.enumerated().reversed().map { index, text in
            [
              "object": "embedding", "index": .integer(index),
              "embedding": .array(vector(of: text).map { .real($0) }),
            ]
          })),
    ])
  }

  static func reply(_ exchange: TestExchange) { exchange.reply(200, answer(texts(exchange)).bytes) }
}

extension RemoteModelOptions {
  static func forTests(_ server: TestServer) -> RemoteModelOptions {
    var options = RemoteModelOptions(endpoint: server.url("/v1"), model: "small")
    options.timeLimit = .seconds(20)
    return options
  }
}
