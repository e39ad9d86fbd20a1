import HTTP
import JSON
import Primitives
import Qdrant
import TestSupport
import Testing

/// Servers on bad days.
@Suite(.enabled(if: QdrantServer.isInstalled)) struct QdrantFaultTests {
  private let name: CollectionName
  private let points: [QdrantPoint]
  init() throws {
    name = try CollectionName("code-1")
    points = (1...6).map { point(UInt64($0), [Float($0), 1, 0, 0], "wparse", path: "a.c") }
  }

  @Test func `a busy server is waited for as long as it asks, and nothing is lost or doubled`() throws {
    let server = try QdrantServer(version: "1.16")
    let clock = TestClock()
    let client = try server.client(clock: clock)
    try client.create(name, smallPlan)
    try server.misbehave(.init("PUT /collections/code-1/points", "429", times: 2, seconds: 7))
    try client.upsert(points, to: name)
    #expect(clock.waits.count == 2 && clock.waits.allSatisfy { $0 >= .seconds(7) && $0 < .seconds(8) })
    #expect(try client.count(name, nil) == 6 && server.report().wrong.isEmpty)
  }

  @Test func `a server that fails is tried again after delays that grow, and then given up with a clear line`() throws {
    let server = try QdrantServer(version: "1.16")
    let clock = TestClock()
    let client = try server.client(clock: clock)
    try client.create(name, smallPlan)
    try server.misbehave(.init("PUT /collections/code-1/points", "503", times: 3))
    try client.upsert(points, to: name)
    #expect(clock.waits.count == 3 && clock.waits[2] > clock.waits[0])
    try server.misbehave(.init("POST /collections/code-1/points/count", "503", times: 99))
    let problem = try #require(failure { () throws(Failure) in try client.count(name, nil) })
    #expect(problem.code == .serverError && problem.message.contains("503") && problem.message.contains("attempts"))
    #expect(problem.cause == "a fault that was asked for")
  }

  @Test(arguments: ["half", "lost"])
  func `an answer that breaks off is asked for again, and a write that was done is not done twice`(
    _ kind: String
  ) throws {
    let server = try QdrantServer(version: "1.19")
    let client = try server.client()
    try server.misbehave(
      .init("PUT /collections/code-1", kind), .init("PUT /collections/code-1/points", kind),
      .init("POST /collections/code-1/points/query", kind), .init("POST /collections/aliases", kind))
    try client.create(name, smallPlan)
    try client.upsert(points, to: name)
    let alias = try CollectionName("code")
    try client.change([.point(alias, to: name)])
    try server.misbehave(.init("POST /collections/code-1/points/query", kind))
    let found = try client.query([PointQuery(.dense([1, 1, 0, 0], using: "dense"), limit: 3)], of: name)
    #expect(found[0].count == 3)
    #expect(try client.count(alias, nil) == 6 && server.report().wrong.isEmpty)
  }

  @Test func `a silent server is given up after the time that it has, with the time in the message`() throws {
    let server = try QdrantServer(version: "1.16")
    try server.client().create(name, smallPlan)
    // The silence is real: nothing else shows that it ends.
    let client = try server.client(timeLimit: .milliseconds(200))
    try server.misbehave(.init("POST /collections/code-1/points/count", "hang", times: 9, seconds: 3))
    let problem = try #require(failure { () throws(Failure) in try client.count(name, nil) })
    #expect(problem.code == .timedOut && problem.message.contains("0.2 s"))
  }

  @Test(arguments: ["text", "shape"])
  func `what is no answer of Qdrant's is not believed, and the message says what to check`(_ kind: String) throws {
    let server = try QdrantServer(version: "1.16")
    let client = try server.client()
    try client.create(name, smallPlan)
    let calls: [(String, () throws(Failure) -> Void)] = [
      ("GET /collections", { () throws(Failure) in _ = try client.collections() }),
      ("GET /collections/code-1/exists", { () throws(Failure) in _ = try client.exists(name) }),
      ("GET /collections/code-1", { () throws(Failure) in _ = try client.info(of: name) }),
      ("GET /aliases", { () throws(Failure) in _ = try client.aliases() }),
      ("PUT /collections/code-1/points", { () throws(Failure) in try client.upsert(points, to: name) }),
      ("PUT /collections/code-1/index", { () throws(Failure) in try client.index("path", as: .keyword, in: name) }),
      ("POST /collections/code-1/points/count", { () throws(Failure) in _ = try client.count(name, nil) }),
      (
        "POST /collections/code-1/points/scroll",
        { () throws(Failure) in
          _ = try client.scroll(name, nil, limit: 5, fields: [])
        }
      ),
      (
        "POST /collections/code-1/points/query",
        { () throws(Failure) in
          _ = try client.query([PointQuery(.filter, limit: 3)], of: name)
        }
      ),
      (
        "POST /collections/code-1/points",
        { () throws(Failure) in
          _ = try client.retrieve([points[0].id], of: name, fields: [])
        }
      ),
      ("POST /collections/aliases", { () throws(Failure) in try client.change([.delete(name)]) }),
      ("GET /collections/code-1/snapshots", { () throws(Failure) in _ = try client.snapshots(of: name) }),
    ]
    for (line, call) in calls {
      try server.misbehave(.init(line, kind, times: 9))
      let problem = try #require(failure(call), "\(line)")
      #expect(problem.code == .badAnswer && problem.message.contains("check qdrant_url"), "\(line): \(problem)")
    }
  }

  @Test func `a server that asks for a key hears that of the environment, and no message shows it`() throws {
    let server = try QdrantServer(version: "1.16", key: "s3cret")
    var options = QdrantOptions()
    options.address = server.address
    let refused = try #require(
      failure { () throws(Failure) in
        try QdrantClient(options, environment: ["QDRANT_API_KEY": Array("wr0ng".utf8)], clock: TestClock())
      })
    #expect(refused.code == .unauthorized && refused.message.contains("QDRANT_API_KEY"))
    #expect(!"\(refused)".contains("wr0ng"))
    let missing = try #require(
      failure { () throws(Failure) in try QdrantClient(options, environment: [:], clock: TestClock()) })
    #expect(missing.code == .unauthorized && missing.message.contains("QDRANT_API_KEY"))
    let client = try QdrantClient(options, environment: ["QDRANT_API_KEY": Array("s3cret".utf8)], clock: TestClock())
    #expect(try client.collections().isEmpty)
  }

  @Test func `a collection of another layout under the name is an error, and is left as it is`() throws {
    let server = try QdrantServer(version: "1.16")
    let client = try server.client()
    try client.create(name, smallPlan)
    try client.upsert(points, to: name)
    let problem = try #require(failure { () throws(Failure) in try client.create(name, smallPlan) })
    #expect(problem.code == .refusedByEndpoint && problem.cause?.contains("already exists") == true)
    #expect(try client.count(name, nil) == 6)
  }

  @Test func `a server that is no Qdrant, or that is gone, is told with what to check`() throws {
    let other = try TestServer { $0.reply(200, #"{"version": "1.2.3", "title": "something else"}"#) }
    var options = QdrantOptions()
    options.address = other.url()
    let strange = try #require(
      failure { () throws(Failure) in
        try QdrantClient(options, environment: [:], clock: TestClock())
      })
    #expect(strange.code == .badAnswer && strange.message.contains("no Qdrant server"))
    options.address = "http://127.0.0.1:1"
    let gone = try #require(
      failure { () throws(Failure) in
        try QdrantClient(options, environment: [:], clock: TestClock())
      })
    #expect(gone.code == .unreachable && gone.message.contains("127.0.0.1:1"))
  }
}
