package import Embedding
package import HTTP
import JSON
package import Primitives
import Synchronization

/// A model behind an OpenAI-compatible `/embeddings` endpoint: OpenAI, Ollama, llama.cpp's server, vLLM and many
/// others.
///
/// Every text that is embedded leaves the process for that endpoint; `RemoteModelOptions.statementOfWhatLeaves` says so
/// and must be shown before. Calls block; `embed(documents:)` keeps several requests in flight by itself.
package final class RemoteModel: BatchEmbedder {
  package let options: RemoteModelOptions
  package let identity: ModelIdentity
  /// So few texts are in a request that somebody waits for: a slow server is to answer each within the limit.
  private static let interactiveTextCount = 16

  private let endpoint: Endpoint
  private let limits: Mutex<RemoteLimits>

  /// Opens the model. Without `knownDimensions` one short text is sent to learn them; with them nothing is sent yet,
  /// and an endpoint that gives others fails with the code `.differentDimensions`.
  ///
  /// - Parameters:
  ///   - environment: where the key is, under the name that the options give; the key is taken from nowhere else.
  ///   - cancellation: ends the wait for the dimensions.
  package convenience init(
    _ options: RemoteModelOptions, knownDimensions: Int? = nil, environment: [String: [UInt8]],
    cancellation: Cancellation? = nil,
    client: HTTPClient = HTTPClient(), retries: RetryPolicy = RetryPolicy(), clock: any WaitingClock = SystemClock()
  ) throws(Failure) {
    guard !options.model.isEmpty else {
      throw Failure(.invalidArgument, "an endpoint serves several models: name one")
    }
    let endpoint = Endpoint(
      try options.address(), key: try EndpointKey(variable: options.keyVariable, environment: environment),
      names: .init(address: "embedding_endpoint", keyVariable: "embedding_key_variable", model: "model"),
      client: client, retries: retries,
      rate: RateLimit(requestsPerMinute: options.requestsPerMinute, tokensPerMinute: options.tokensPerMinute),
      clock: clock, timeLimit: options.timeLimit)
    var dimensions = knownDimensions ?? 0
    if dimensions == 0 {
      let request = EmbeddingRequest(options, ["dimensions"])
      dimensions = try request.send(to: endpoint, dimensions: nil, cancellation).count
    }
    self.init(options, endpoint, dimensions: dimensions)
  }

  private init(_ options: RemoteModelOptions, _ endpoint: Endpoint, dimensions: Int) {
    self.options = options
    self.endpoint = endpoint
    limits = Mutex(RemoteLimits(options))
    identity = Self.identity(options, endpoint.address, dimensions: dimensions)
  }

  /// The host, the model and the number of dimensions make the identity, and the prefixes, which change every vector.
  private static func identity(
    _ options: RemoteModelOptions, _ address: WebAddress, dimensions: Int
  ) -> ModelIdentity {
    let parts = [
      "remote", address.host, "\(address.port)", options.model, "\(dimensions)", options.queryPrefix,
      options.documentPrefix,
    ]
    let text = Array(parts.joined(separator: "\0").utf8)
    return ModelIdentity(
      name: options.modelName(at: address), contentHash: ContentHash(of: text.span), dimensions: dimensions)
  }

  package var gatheredTextCount: Int { options.batchTextCount * options.requestsInFlight * 2 }

  /// What was sent so far.
  package var report: RemoteReport {
    let counts = endpoint.counts
    return limits.withLock {
      RemoteReport(
        requestCount: counts.requestCount, retryCount: counts.retryCount, textCount: $0.textCount,
        cutTextCount: $0.cutTextCount, sentByteCount: counts.sentByteCount, receivedByteCount: counts.receivedByteCount)
    }
  }

  package func embed(query: String) throws(Failure) -> [Float] { try embed(query: query, context: SearchContext()) }

  /// Waits for little: a query can be answered without its vector. A request in flight ends when `context` is over; if
  /// there is a deadline, the endpoint is asked once.
  package func embed(query: String, context: SearchContext) throws(Failure) -> [Float] {
    try context.check()
    if query.allSatisfy(\.isWhitespace) { return [Float](repeating: 0, count: identity.dimensions) }
    limits.withLock { $0.textCount += 1 }
    do throws(Failure) {
      return try EmbeddingRequest(options, [cut(options.queryPrefix + query)], isInteractive: true, context)
        .send(to: endpoint, dimensions: identity.dimensions, context.cancellation)
    } catch {
      // Whatever the request says of its end, this is why it ended.
      try context.check()
      throw error
    }
  }

  package func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
    try embed(documents, isInteractive: false)
  }

  package var interactive: any Embedder { InteractiveRemoteModel(model: self) }

  fileprivate func embed(_ documents: [DocumentText], isInteractive: Bool) throws(Failure) -> [Float] {
    let prefix = options.documentPrefix
    return try vectors(
      of: documents.map { prefix + $0.text }, isEmpty: { documents[$0].text.allSatisfy(\.isWhitespace) },
      isInteractive)
  }

  /// Endpoints refuse empty texts, so these get their zeros here.
  private func vectors(
    of texts: [String], isEmpty: (Int) -> Bool, _ isInteractive: Bool
  ) throws(Failure) -> [Float] {
    let numbers = texts.indices.filter { !isEmpty($0) }
    let wanted = numbers.map { cut(texts[$0]) }
    let batches = limits.withLock { limits in
      limits.textCount += wanted.count
      return limits.batches(of: wanted, textCount: isInteractive ? Self.interactiveTextCount : .max)
    }
    let cancellation = Cancellation()
    let first = Mutex<Failure?>(nil)
    var vectors = [Float](repeating: 0, count: texts.count * identity.dimensions)
    do throws(Failure) {
      try mapInOrder(
        count: batches.count, threadCount: min(options.requestsInFlight, batches.count), costLimit: .max,
        cost: { _ in 0 },
        transform: { (batch, _) -> Result<[Float], Failure> in
          do throws(Failure) {
            return .success(try self.vectors(of: Array(wanted[batches[batch]]), isInteractive, cancellation).floats)
          } catch {
            // The others need not wait for their answers any more.
            first.withLock { $0 = $0 ?? error }
            cancellation.cancel()
            return .failure(error)
          }
        },
        consume: { (batch, result: Result<[Float], Failure>) throws(Failure) in
          let floats = try result.get()
          for (ordinal, text) in batches[batch].enumerated() {
            let source = ordinal * identity.dimensions
            let target = numbers[text] * identity.dimensions
            for component in 0..<identity.dimensions { vectors[target + component] = floats[source + component] }
          }
        })
    } catch { throw first.withLock { $0 } ?? error }
    return vectors
  }

  /// One batch. What the endpoint refuses as too large is sent in halves, and a single text is halved itself; `hasCut`
  /// says whether one was.
  private func vectors(
    of texts: [String], _ isInteractive: Bool, _ cancellation: Cancellation
  ) throws(Failure) -> (floats: [Float], hasCut: Bool) {
    if limits.withLock({ texts.count > $0.batchTextCount }) { return try inHalves(texts, isInteractive, cancellation) }
    do throws(Failure) {
      let request = EmbeddingRequest(options, texts, isInteractive: isInteractive)
      return (try request.send(to: endpoint, dimensions: identity.dimensions, cancellation), false)
    } catch {
      guard error.code == .requestTooLarge else { throw error }
      if texts.count > 1 {
        let result = try inHalves(texts, isInteractive, cancellation)
        // Where a text had to be cut, it was at fault and not the number of texts.
        if !result.hasCut { limits.withLock { $0.refused(textCount: texts.count) } }
        return result
      }
      let byteCount = texts[0].utf8.count
      guard byteCount > RemoteLimits.smallestText else { throw error }
      let shorter = limits.withLock { limits in
        limits.refused(textByteCount: byteCount)
        return limits.cut(texts[0], to: byteCount / 2)
      }
      return (try vectors(of: [shorter], isInteractive, cancellation).floats, true)
    }
  }

  private func inHalves(
    _ texts: [String], _ isInteractive: Bool, _ cancellation: Cancellation
  ) throws(Failure) -> (floats: [Float], hasCut: Bool) {
    let half = texts.count / 2
    let first = try vectors(of: Array(texts[..<half]), isInteractive, cancellation)
    let second = try vectors(of: Array(texts[half...]), isInteractive, cancellation)
    return (first.floats + second.floats, first.hasCut || second.hasCut)
  }

  private func cut(_ text: String) -> String { limits.withLock { $0.cut(text, to: $0.textByteLimit) } }
}

/// The model for a run that a search waits for: chunks get as little of the endpoint's time as a query does.
private struct InteractiveRemoteModel: BatchEmbedder {
  let model: RemoteModel

  var identity: ModelIdentity { model.identity }
  var gatheredTextCount: Int { model.gatheredTextCount }

  func embed(query: String) throws(Failure) -> [Float] { try model.embed(query: query) }
  func embed(query: String, context: SearchContext) throws(Failure) -> [Float] {
    try model.embed(query: query, context: context)
  }
  func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
    try model.embed(documents, isInteractive: true)
  }
}

/// What embedding at an endpoint took.
package struct RemoteReport: Hashable, Sendable {
  /// With those that failed.
  package var requestCount: Int
  package var retryCount: Int
  package var textCount: Int
  /// Texts whose end was not embedded, because it was too long for the model.
  package var cutTextCount: Int
  package var sentByteCount: Int
  package var receivedByteCount: Int
}
