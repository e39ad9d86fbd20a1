import Embedding
import HTTP
import JSON
import Primitives
import RemoteEmbedding
import Synchronization
import TestSupport
import Testing

/// Endpoints that misbehave: each time a clear line, in little time, and the model works on when they do.
@Suite struct BadEndpointTests {
  /// Embeds one text at a server that answers with `answer`; gives the failure and the number of requests.
  func outcome(
    dimensions: Int? = 5, key: String? = nil, timeLimit: Duration = .seconds(20),
    _ answer: @escaping @Sendable (TestExchange) -> Void
  ) throws -> (failure: Failure, requestCount: Int) {
    let server = try TestServer(answer)
    var options = RemoteModelOptions.forTests(server)
    options.timeLimit = timeLimit
    if key != nil { options.keyVariable = "K" }
    let environment = key.map { ["K": Array($0.utf8)] } ?? [:]
    let failure = failure { () throws(Failure) in
      try RemoteModel(options, knownDimensions: dimensions, environment: environment, clock: TestClock())
        .embed(documents: [DocumentText("a"), DocumentText("b")])
    }
    let found = try #require(failure)
    #expect(found.message.contains("127.0.0.1:\(server.port)"), "\(found)")
    return (found, server.requests.count)
  }

  @Test func `an endpoint that hangs is left, after some attempts`() throws {
    let (failure, _) = try outcome(timeLimit: .milliseconds(30)) { $0.hang() }
    #expect(failure.code == .timedOut && failure.message.contains("request_timeout_s"))
    #expect(failure.message.hasSuffix("3 attempts were made"))
  }

  @Test func `an endpoint that fails for ever is given up`() throws {
    let (failure, count) = try outcome { $0.reply(503, #"{"error":{"message":"overloaded"}}"#) }
    #expect(failure.code == .serverError && failure.cause == "overloaded" && count == 5)
  }

  @Test func `too many requests for ever is given up, and a quota that is used up at once`() throws {
    let (failure, count) = try outcome { $0.reply(429) }
    #expect(failure.code == .rateLimited && failure.message.contains("requests_per_minute") && count == 5)
    let quota = try outcome {
      $0.reply(429, #"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#)
    }
    #expect(quota.failure.code == .unauthorized && quota.requestCount == 1)
    let later = try outcome { $0.reply(429, headers: [("Retry-After", "86400")]) }
    #expect(later.failure.code == .rateLimited && later.requestCount == 1)
  }

  @Test func `a question is not waited for as long as the documents are`() throws {
    let server = try TestServer { exchange in
      exchange.reply(exchange.number < 3 ? 503 : 429, headers: exchange.number < 3 ? [] : [("Retry-After", "60")])
    }
    let clock = TestClock()
    let model = try RemoteModel(.forTests(server), knownDimensions: 5, environment: [:], clock: clock)
    #expect(failure { () throws(Failure) in try model.embed(query: "why") }?.code == .serverError)
    #expect(server.requests.count == 2 && clock.elapsed < .seconds(1))
    #expect(failure { () throws(Failure) in try model.embed(query: "why") }?.code == .rateLimited)
    #expect(server.requests.count == 3)
  }

  @Test func `more dimensions than any model has are refused with the limit, before any are known too`() throws {
    let vector = Array(repeating: "1", count: 65_537).joined(separator: ",")
    for dimensions in [nil, 5] {
      let (failure, count) = try outcome(dimensions: dimensions) { exchange in
        let data = EmbeddingServer.texts(exchange).map { _ in "{\"embedding\":[\(vector)]}" }.joined(separator: ",")
        exchange.reply(200, "{\"data\":[\(data)]}")
      }
      #expect(failure.message.contains("65537 dimensions, and no more than 65536"), "\(failure)")
      #expect(count == 1)
    }
  }

  @Test func `headers without an end are called that, and not asked for again`() throws {
    let line = [UInt8](repeating: UInt8(ascii: "a"), count: 65_536)
    for beginning in ["X: ", "X-A: a\r\nX: "] {
      let (failure, count) = try outcome { exchange in
        exchange.send("HTTP/1.1 200 OK\r\n" + beginning)
        while exchange.send(line) {}
      }
      #expect(failure.message.contains("headers that are too long"), "\(failure)")
      #expect(count == 1)
    }
    let (failure, count) = try outcome { exchange in
      exchange.send("HTTP/1.1 200 OK\r\n")
      while exchange.send("X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n") {}
    }
    #expect(failure.message.contains("a head of more than") && count == 1, "\(failure)")
  }

  @Test func `documents that a search waits for are not waited for longer than its query is`() throws {
    let server = try TestServer { exchange in
      if EmbeddingServer.texts(exchange).count > 16 { return exchange.reply(400, "too many for a moment") }
      if exchange.number < 3 { EmbeddingServer.reply(exchange) } else { exchange.hang() }
    }
    var options = RemoteModelOptions.forTests(server)
    options.timeLimit = .milliseconds(50)
    options.requestsInFlight = 1
    let model = try RemoteModel(options, knownDimensions: 5, environment: [:], clock: TestClock())
    let waited = try #require(model.interactive.batch)
    let texts = (0..<20).map { DocumentText("text \($0)") }
    let vectors = try waited.embed(documents: texts)
    #expect(vectors.count == 100 && server.requests.count == 2)
    let hung = failure { () throws(Failure) in try waited.embed(documents: [texts[0]]) }
    #expect(hung?.code == .timedOut && hung?.message.hasSuffix("2 attempts were made") == true, "\(hung as Any)")
    #expect(server.requests.count == 4)
  }

  @Test func `no key and a wrong key say which setting and which variable, and the key is shown nowhere`() throws {
    let none = try outcome { $0.reply(401, #"{"error":{"message":"no key"}}"#) }
    #expect(none.failure.code == .unauthorized && none.failure.message.contains("embedding_key_variable"))
    #expect(none.requestCount == 1)
    let wrong = try outcome(key: "sk-12345") { exchange in
      exchange.reply(
        401, #"{"error":{"message":"Incorrect key: \#(exchange.request.headers["authorization"] ?? "")"}}"#)
    }
    #expect(wrong.failure.message.contains("environment variable K"))
    #expect(wrong.failure.cause == "Incorrect key: Bearer $K")
    #expect(!wrong.failure.description.contains("sk-12345"))
  }

  @Test func `an unknown model or path names the settings`() throws {
    let (failure, count) = try outcome { $0.reply(404, #"{"error":"model not found, try pulling it first"}"#) }
    #expect(failure.message.contains("embedding_endpoint") && failure.message.contains("/v1/embeddings") && count == 1)
    #expect(failure.cause == "model not found, try pulling it first")
  }

  @Test func `a redirect is not followed with the texts and the key`() throws {
    let other = try TestServer { EmbeddingServer.reply($0) }
    let url = other.url("/v1/embeddings")
    let (failure, _) = try outcome(key: "secret") { $0.reply(308, headers: [("Location", url)]) }
    #expect(failure.message.contains(url) && other.requests.isEmpty)
  }

  @Test(arguments: [
    "<html><body>Welcome to nginx!</body></html>", "", "{\"data\": [", "null", "[]", "{\"error\":{\"message\":\"no\"}}",
    "{\"data\":[]}", "{\"data\":[{\"embedding\":[1,2,3,4,5]}]}",
    "{\"data\":[{\"index\":0,\"embedding\":[1,2,3,4,5]},{\"index\":0,\"embedding\":[1,2,3,4,5]}]}",
    "{\"data\":[{\"index\":0,\"embedding\":[1,2,3,4,5]},{\"index\":7,\"embedding\":[1,2,3,4,5]}]}",
    "{\"data\":[{\"index\":-1,\"embedding\":[1,2,3,4,5]},{\"index\":0,\"embedding\":[1,2,3,4,5]}]}",
    "{\"data\":[{\"index\":1e300,\"embedding\":[1,2,3,4,5]},{\"index\":1e300,\"embedding\":[1,2,3,4,5]}]}",
    "{\"data\":[{\"index\":0.5,\"embedding\":[1,2,3,4,5]},{\"index\":1,\"embedding\":[1,2,3,4,5]}]}",
    "{\"data\":[{\"index\":\"0\",\"embedding\":[1,2,3,4,5]},{\"index\":\"1\",\"embedding\":[1,2,3,4,5]}]}",
    "{\"data\":[{\"embedding\":[1,2,3,4,5]},{\"embedding\":[1,2,3,4,null]}]}",
    "{\"data\":[{\"embedding\":[1,2,3,4,5]},{\"embedding\":[1,2,3,4,NaN]}]}",
    "{\"data\":[{\"embedding\":[1,2,3,4,5]},{\"embedding\":[1,2,3,4,1e300]}]}",
    "{\"data\":[{\"embedding\":[1,2,3,4,5]},{\"embedding\":[]}]}", "{\"data\":[1,2]}",
    "{\"data\":[{\"embedding\":\"AACAPwA\"},{\"embedding\":\"????\"}]}",
    "{\"data\":[{\"embedding\":\"AADAfwAAwH8AAMB/AADAfwAAwH8=\"},{\"embedding\":[1,2,3,4,5]}]}",
  ])
  func `nonsense is a bad answer, asked for once more`(_ text: String) throws {
    let (failure, count) = try outcome { $0.reply(200, text) }
    #expect(failure.code == .badAnswer, "\(failure)")
    #expect(count == 2)
  }

  @Test func `vectors of another size than the index holds are refused with the way out`() throws {
    for dimensions in [nil, 4, 6] {
      let answer = #"{"data":[{"embedding":[1,2,3,4,5]},{"embedding":[1,2,3]}]}"#
      let (failure, count) = try outcome(dimensions: dimensions) { exchange in
        exchange.reply(
          200, exchange.request.text.contains("\"dimensions\"]") ? #"{"data":[{"embedding":[1,2,3,4,5]}]}"# : answer)
      }
      #expect(failure.code == .differentDimensions && failure.remedy == .rebuild)
      #expect(count == (dimensions == nil ? 2 : 1))
    }
  }

  @Test func `an answer that breaks off and one of a gigabyte are failures`() throws {
    let half = try outcome { exchange in
      exchange.begin(200, headers: [("Content-Length", "5000")])
      exchange.send("{\"data\":[{")
    }
    #expect(half.failure.code == .interrupted && half.requestCount == 5)
    let huge = try outcome { exchange in
      exchange.begin(200, headers: [("Content-Length", "\(1 << 30)")])
      let part = [UInt8](repeating: 32, count: 1 << 16)
      while exchange.send(part) {}
    }
    #expect(huge.failure.code.rawValue == "too-large" && huge.requestCount == 1)
  }

  @Test func `one failing batch ends the call soon, with its own reason, and the next call works`() throws {
    let isBroken = Atomic(true)
    let server = try TestServer { exchange in
      if !isBroken.load(ordering: .relaxed) { return EmbeddingServer.reply(exchange) }
      if EmbeddingServer.texts(exchange).contains("text 3") {
        exchange.reply(400, #"{"error":{"message":"this text is forbidden"}}"#)
      } else {
        // Would hold up the call if nobody told it to stop.
        exchange.hang()
      }
    }
    var options = RemoteModelOptions.forTests(server)
    options.batchTextCount = 1
    let model = try RemoteModel(options, knownDimensions: 5, environment: [:])
    let texts = (0..<6).map { DocumentText("text \($0)") }
    let began = ContinuousClock.now
    let failed = failure { () throws(Failure) in try model.embed(documents: texts) }
    #expect(failed?.code == .refusedByEndpoint && failed?.cause == "this text is forbidden")
    #expect(ContinuousClock.now - began < options.timeLimit)
    isBroken.store(false, ordering: .relaxed)
    #expect(try model.embed(documents: texts).count == 30)
  }
}
