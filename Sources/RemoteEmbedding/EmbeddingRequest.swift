import HTTP
import JSON
package import Primitives

/// One request for the vectors of some texts, and the check of its answer.
struct EmbeddingRequest {
  /// More than any model has; an answer with more is not believed.
  private static let mostDimensions = 65_536

  private let options: RemoteModelOptions
  private let texts: [String]
  private let urgency: (retries: RetryPolicy, timeLimit: Duration)?

  /// What a search needs is not waited for any longer.
  private static let longestInteractiveWait = Duration.seconds(10)

  /// - Parameters:
  ///   - isInteractive: somebody waits for it, and can go on without it.
  ///   - context: of the one who waits; an endpoint is not waited for beyond its deadline.
  init(
    _ options: RemoteModelOptions, _ texts: [String], isInteractive: Bool = false,
    _ context: SearchContext = SearchContext()
  ) {
    self.options = options
    self.texts = texts
    if isInteractive {
      var retries = RetryPolicy.interactive
      // A second attempt would begin after the time of the first.
      if context.deadline != nil { retries.attemptCount = 1 }
      urgency = (retries, min(Self.longestInteractiveWait, context.remaining ?? Self.longestInteractiveWait))
    } else {
      urgency = nil
    }
  }

  /// The vectors of the texts, contiguous, each of unit length. `dimensions` is what they must have, nil before that is
  /// known.
  func send(to endpoint: Endpoint, dimensions: Int?, _ cancellation: Cancellation?) throws(Failure) -> [Float] {
    var members: [JSONValue.Member] = [
      .init("model", .string(options.model)), .init("input", .array(texts.map { .string($0) })),
      .init("encoding_format", "float"),
    ]
    if let wanted = options.requestedDimensions { members.append(.init("dimensions", .integer(wanted))) }
    // A number takes at most some 25 characters; servers add little else.
    let limit = texts.count * (dimensions ?? Self.mostDimensions) * 32 + (1 << 20)
    return try endpoint.post(
      "embeddings", .object(members), tokenCount: texts.reduce(0) { $0 + RemoteLimits.tokenCount(of: $1) },
      answerByteLimit: limit, urgency: urgency, cancellation: cancellation
    ) { document throws(Failure) in
      try vectors(in: document, host: endpoint.address.hostAndPort, dimensions)
    }
  }

  private func vectors(in document: JSONValue, host: String, _ expected: Int?) throws(Failure) -> [Float] {
    guard let data = document["data"]?.array else {
      throw Failure(
        .badAnswer, "\(host) answered without vectors: check embedding_endpoint and the model",
        cause: Failure.message(in: document))
    }
    guard data.count == texts.count else {
      throw Failure(.badAnswer, "\(host) answered \(data.count) vectors for \(texts.count) texts")
    }
    var dimensions = expected
    var vectors: [Float] = []
    var seen = [Bool](repeating: false, count: texts.count)
    for (ordinal, element) in data.enumerated() {
      guard let index = Self.index(of: element, ordinal), seen.indices.contains(index), !seen[index] else {
        throw Failure(.badAnswer, "\(host) numbers its vectors wrongly")
      }
      seen[index] = true
      guard let vector = Self.floats(in: element["embedding"] ?? .null), !vector.isEmpty else {
        throw Failure(.badAnswer, "\(host) answered something that is no vector of finite numbers")
      }
      if vectors.isEmpty {
        dimensions = dimensions ?? vector.count
        vectors = [Float](repeating: 0, count: texts.count * (dimensions ?? vector.count))
      }
      guard vector.count <= Self.mostDimensions else {
        throw Failure(
          .differentDimensions,
          "\(host) answered a vector with \(vector.count) dimensions, and no more than \(Self.mostDimensions) are "
            + "taken: check the model")
      }
      guard let dimensions, vector.count == dimensions else {
        throw Failure(
          .differentDimensions,
          "\(host) answered a vector with \(vector.count) dimensions where \(dimensions ?? 0) were expected: another "
            + "model stands behind the name \(options.model) now", remedy: .rebuild)
      }
      for (component, value) in Self.normalised(vector).enumerated() {
        vectors[index * dimensions + component] = value
      }
    }
    return vectors
  }

  /// The number that `element` says it has, in the order of the texts: its place where it says none, nil where what it
  /// says is no whole number.
  private static func index(of element: JSONValue, _ ordinal: Int) -> Int? {
    guard let number = element["index"], !number.isNull else { return ordinal }
    return number.integer ?? number.number.flatMap { Int(exactly: $0) }
  }

  /// A list of numbers, or 32-bit floats in base64 with the lowest byte first; nil if one is not finite.
  private static func floats(in value: JSONValue) -> [Float]? {
    let floats: [Float]?
    if let numbers = value.array {
      var list: [Float] = []
      list.reserveCapacity(numbers.count)
      for number in numbers {
        guard let number = number.number else { return nil }
        list.append(Float(number))
      }
      floats = list
    } else {
      floats = value.string.flatMap { bytes(base64: $0) }.flatMap { bytes in
        guard bytes.count % 4 == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: 4).map { start in
          Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) })
        }
      }
    }
    return floats.flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
  }

  private static func normalised(_ vector: [Float]) -> [Float] {
    let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
    let factor = square > 0 ? 1 / square.squareRoot() : 0
    return vector.map { Float(Double($0) * factor) }
  }

  /// Standard base64 with its padding or without; nil for anything else.
  static func bytes(base64 text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var bits: UInt32 = 0
    var bitCount = 0
    var digitCount = 0
    for byte in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): digit = 62
      case UInt8(ascii: "/"): digit = 63
      default: return nil
      }
      digitCount += 1
      bits = bits << 6 | UInt32(digit)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    return digitCount % 4 == 1 ? nil : bytes
  }
}

extension Failure.Code {
  /// The endpoint's model gives vectors of another size than the index holds.
  package static let differentDimensions = Self(rawValue: "different-dimensions")
}
