import Embedding
import HTTP
import JSON
import Primitives
import RemoteEmbedding
import TestSupport
import Testing

@Suite struct RemoteModelTests {
  func texts(_ count: Int) -> [DocumentText] { (0..<count).map { DocumentText("text number \($0 * 7919)") } }

  func expectVectors(_ vectors: [Float], of texts: [DocumentText], prefix: String = "") {
    let wanted = texts.flatMap { EmbeddingServer.unitVector(of: prefix + $0.text) }
    #expect(vectors.count == wanted.count)
    #expect(zip(vectors, wanted).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `every text gets its own vector of unit length, whatever the order of the answer`() throws {
    let server = try TestServer { EmbeddingServer.reply($0) }
    var options = RemoteModelOptions.forTests(server)
    options.batchTextCount = 7
    let model = try RemoteModel(options, environment: [:])
    #expect(model.identity.dimensions == EmbeddingServer.dimensions)
    let texts = texts(100)
    expectVectors(try model.embed(documents: texts), of: texts)
    #expect(try model.embed(query: "why") == EmbeddingServer.unitVector(of: "why"))
    // The probe, fifteen batches, the query.
    #expect(server.requests.count == 17 && model.report.requestCount == 17 && model.report.textCount == 101)
    #expect(server.requests.allSatisfy { $0.path == "/v1/embeddings" && $0.headers["authorization"] == nil })
    #expect(server.connectionCount <= options.requestsInFlight)
  }

  @Test func `several requests are in flight at once`() throws {
    let together = Monitor(0)
    let server = try TestServer { exchange in
      together.update { $0 += 1 }
      // Answered only when all four are there.
      together.wait { $0 >= 4 ? () : nil }
      EmbeddingServer.reply(exchange)
    }
    var options = RemoteModelOptions.forTests(server)
    options.batchTextCount = 1
    let model = try RemoteModel(options, knownDimensions: 5, environment: [:])
    let texts = texts(8)
    expectVectors(try model.embed(documents: texts), of: texts)
  }

  @Test func `a query is not waited for longer than the one who asks`() throws {
    let isOver = Monitor(false)
    defer { isOver.update { $0 = true } }
    let cancelled = SearchContext()
    let server = try TestServer { _ in
      cancelled.cancellation.cancel()
      _ = isOver.wait(for: .seconds(20), until: { $0 })
    }
    let model = try RemoteModel(RemoteModelOptions.forTests(server), knownDimensions: 5, environment: [:])
    func code(_ context: SearchContext) -> Failure.Code? {
      failure { () throws(Failure) in try model.embed(query: "why", context: context) }?.code
    }
    let start = ContinuousClock.now
    #expect(code(cancelled) == .cancelled)
    #expect(code(SearchContext(deadline: .now + .milliseconds(100))) == .timedOut)
    #expect(start.duration(to: .now) < .seconds(8))
    #expect(code(SearchContext(deadline: .now)) == .timedOut)
    #expect(server.requests.count == 2)
  }

  @Test func `a batch has no more tokens than it may`() throws {
    let server = try TestServer { EmbeddingServer.reply($0) }
    var options = RemoteModelOptions.forTests(server)
    options.batchTokenCount = 100
    let model = try RemoteModel(options, knownDimensions: 5, environment: [:])
    let texts = (0..<20).map { DocumentText(String(repeating: "ab ", count: 5 + $0 * 3)) }
    expectVectors(try model.embed(documents: texts), of: texts)
    for request in server.requests {
      let sent = try JSONValue(parsing: request.body)["input"]?.array?.compactMap(\.string) ?? []
      #expect(sent.count == 1 || sent.reduce(0) { $0 + $1.utf8.count / 3 } <= 100)
    }
    #expect(server.requests.count > 5)
  }

  @Test func `prefixes, the number of dimensions and the key are sent, the key from the environment alone`() throws {
    let server = try TestServer { EmbeddingServer.reply($0) }
    var options = RemoteModelOptions.forTests(server)
    options.queryPrefix = "query: "
    options.documentPrefix = "passage: "
    options.requestedDimensions = 5
    options.keyVariable = "MY_KEY"
    let model = try RemoteModel(options, knownDimensions: 5, environment: ["MY_KEY": Array(" secret-1 \n".utf8)])
    let texts = texts(2)
    expectVectors(try model.embed(documents: texts), of: texts, prefix: "passage: ")
    #expect(try model.embed(query: "q") == EmbeddingServer.unitVector(of: "query: q"))
    for request in server.requests {
      #expect(request.headers["authorization"] == "Bearer secret-1")
      #expect(try JSONValue(parsing: request.body)["dimensions"] == 5)
    }
    let missing = failure { () throws(Failure) in try RemoteModel(options, environment: [:]) }
    #expect(missing?.code == .unauthorized && missing?.message.contains("MY_KEY") == true)
  }

  @Test func `empty texts are zeros and are not sent`() throws {
    let server = try TestServer { EmbeddingServer.reply($0) }
    let model = try RemoteModel(.forTests(server), knownDimensions: 5, environment: [:])
    let vectors = try model.embed(documents: [DocumentText(""), DocumentText("a"), DocumentText(" \n")])
    #expect(vectors == [0, 0, 0, 0, 0] + EmbeddingServer.unitVector(of: "a") + [0, 0, 0, 0, 0])
    #expect(try model.embed(documents: [DocumentText("")]) == [0, 0, 0, 0, 0])
    #expect(try model.embed(documents: []).isEmpty)
    #expect(server.requests.count == 1)
  }

  @Test func `vectors in base64 are read too`() throws {
    let server = try TestServer { exchange in
      // 1, -2, 0.5 and 3 as 32-bit floats, lowest byte first.
      exchange.reply(200, #"{"data":[{"index":0,"embedding":"AACAPwAAAMAAAAA/AABAQA=="}]}"#)
    }
    let model = try RemoteModel(.forTests(server), environment: [:])
    let vector = try model.embed(query: "x")
    let length = Float(14.25).squareRoot()
    #expect(zip(vector, [1, -2, 0.5, 3]).allSatisfy { abs($0 * length - $1) < 1e-5 } && vector.count == 4)
  }

  @Test func `a batch that is too large is halved, and later ones are smaller from the start`() throws {
    let server = try TestServer { exchange in
      let texts = EmbeddingServer.texts(exchange)
      if texts.count > 5 {
        exchange.reply(
          exchange.number % 2 == 0 ? 413 : 422, #"{"error":"batch size 16 > maximum allowed batch size 5"}"#)
      } else {
        EmbeddingServer.reply(exchange)
      }
    }
    var options = RemoteModelOptions.forTests(server)
    options.batchTextCount = 16
    options.requestsInFlight = 1
    let model = try RemoteModel(options, knownDimensions: 5, environment: [:])
    let texts = texts(64)
    expectVectors(try model.embed(documents: texts), of: texts)
    // Refused at 16, at 8 and for the other 8 of the first batch; after that every batch comes as four times four.
    #expect(server.requests.count == 2 + 16)
    #expect(model.report.cutTextCount == 0)
  }

  @Test func `a text that is too long is cut until it fits, counted, and spoils nothing for the others`() throws {
    let server = try TestServer { exchange in
      if EmbeddingServer.texts(exchange).contains(where: { $0.utf8.count > 1000 }) {
        exchange.reply(400, #"{"error":{"message":"This model's maximum context length is 8192 tokens","type":"x"}}"#)
      } else {
        EmbeddingServer.reply(exchange)
      }
    }
    var options = RemoteModelOptions.forTests(server)
    options.requestsInFlight = 1
    options.batchTextCount = 8
    let model = try RemoteModel(options, knownDimensions: 5, environment: [:])
    // Two bytes each, so that a cut in the middle of a character would show.
    let long = String(repeating: "é", count: 3001)
    let texts = texts(8) + [DocumentText("a" + long)] + texts(15)
    let vectors = try model.embed(documents: texts)
    for (index, text) in texts.enumerated() where index != 8 {
      let wanted = EmbeddingServer.unitVector(of: text.text)
      #expect(zip(vectors[index * 5..<index * 5 + 5], wanted).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    #expect(model.report.cutTextCount >= 1)
    let sent = server.requests.flatMap { request in
      ((try? JSONValue(parsing: request.body))?["input"]?.array ?? []).compactMap(\.string)
    }
    #expect(sent.allSatisfy { !$0.contains("\u{FFFD}") })
    // The limit is known now: the next long text is cut before it is sent.
    let before = server.requests.count
    _ = try model.embed(documents: [DocumentText(long)])
    #expect(server.requests.count == before + 1)
    let after = server.requests.count
    _ = try model.embed(documents: self.texts(8))
    #expect(server.requests.count == after + 1)
  }

  @Test func `a text is cut to the limit that is configured`() throws {
    let server = try TestServer { EmbeddingServer.reply($0) }
    var options = RemoteModelOptions.forTests(server)
    options.textTokenLimit = 10
    let model = try RemoteModel(options, knownDimensions: 5, environment: [:])
    _ = try model.embed(documents: [DocumentText(String(repeating: "x", count: 100)), DocumentText("short")])
    #expect(server.requests.first?.text.contains("\"\(String(repeating: "x", count: 30))\",\"short\"") == true)
    #expect(model.report.cutTextCount == 1)
  }

  @Test func `429 with Retry-After is waited for, and 500 three times is survived`() throws {
    let server = try TestServer { exchange in
      switch exchange.number {
      case 1: exchange.reply(429, headers: [("Retry-After", "11")])
      case 2, 3, 4: exchange.reply(500, "oops")
      default: EmbeddingServer.reply(exchange)
      }
    }
    let clock = TestClock()
    let model = try RemoteModel(.forTests(server), knownDimensions: 5, environment: [:], clock: clock)
    expectVectors(try model.embed(documents: texts(3)), of: texts(3))
    #expect(server.requests.count == 5 && model.report.retryCount == 4)
    #expect(clock.waits.count == 4 && clock.waits[0] >= .seconds(11) && clock.waits[0] < .seconds(12))
  }

  @Test func `requests a minute are kept`() throws {
    let server = try TestServer { EmbeddingServer.reply($0) }
    var options = RemoteModelOptions.forTests(server)
    options.requestsPerMinute = 2
    options.batchTextCount = 1
    options.requestsInFlight = 1
    let clock = TestClock()
    let model = try RemoteModel(options, knownDimensions: 5, environment: [:], clock: clock)
    _ = try model.embed(documents: texts(5))
    #expect(clock.elapsed == .seconds(120))
  }

  @Test func `host, model, dimensions and prefixes make the identity`() throws {
    func identity(_ change: (inout RemoteModelOptions) -> Void, dimensions: Int = 5) throws(Failure) -> ModelIdentity {
      var options = RemoteModelOptions(endpoint: "https://api.example.com/v1", model: "m")
      change(&options)
      return try RemoteModel(options, knownDimensions: dimensions, environment: ["K": [65]]).identity
    }
    let plain = try identity { _ in }
    #expect(plain.name == "m@api.example.com" && plain.dimensions == 5)
    #expect(try identity { $0.keyVariable = "K" } == plain)
    #expect(try identity { $0.endpoint = "https://API.example.com/v1/embeddings/" } == plain)
    let others = [
      try identity({ _ in }, dimensions: 6), try identity { $0.model = "n" },
      try identity { $0.endpoint = "https://api.example.org/v1" }, try identity { $0.queryPrefix = "q" },
    ]
    #expect(Set(others.map(\.contentHash) + [plain.contentHash]).count == 5)
  }

  @Test func `what leaves the machine is said with the host, and what is not encrypted is said loudly`() throws {
    func statement(_ endpoint: String, key: String = "") throws(Failure) -> String {
      var options = RemoteModelOptions(endpoint: endpoint, model: "m")
      options.keyVariable = key
      return try options.statementOfWhatLeaves()
    }
    #expect(
      try statement("https://api.example.com/v1", key: "K") == """
        the text of every indexed chunk with the end of its path, and every query, leave this machine for \
        api.example.com, for the model m, with the key in K
        """)
    #expect(try statement("http://gpu.lan:8000/v1").hasSuffix("NOT ENCRYPTED: anyone on the way can read it"))
    #expect(try statement("http://localhost:11434/v1").contains("a server on this machine"))
    #expect(failure { () throws(Failure) in try statement("localhost") }?.code == .invalidArgument)
  }
}

/// What `body` throws.
