import HTTP
import JSON
import Primitives
import Qdrant
import TestSupport
import Testing

/// Against Qdrant's own engine behind `Tests/QdrantServer`, as servers of each version.
@Suite(.enabled(if: QdrantServer.isInstalled)) struct EngineTests {
  static let versions = (12...20).map { "1.\($0)" }

  @Test(arguments: versions)
  func `all that is asked of a server is in the interface of its version, and does what it says`(
    _ version: String
  ) throws {
    let server = try QdrantServer(version: version)
    let client = try server.client()
    #expect(client.version == QdrantVersion(version + ".0"))
    let (real, alias) = (try CollectionName("code-1"), try CollectionName("code"))
    #expect(try client.collections().isEmpty && !client.exists(real))
    try client.create(real, smallPlan)
    // Again, as after an answer that was lost.
    try client.create(real, smallPlan)
    try client.index("path", as: .keyword, in: real)
    try client.index("number", as: .integer, in: real)
    try client.index("terms", as: .tokens(scores: true), in: real)
    try client.upsert(
      [
        point(1, [1, 0, 0, 0], "wparse wopen", path: "a.c"), point(2, [1, 1, 0, 0], "wparse dopens", path: "b.c"),
        point(3, [0, 0, 1, -1], "wclose", path: "b.c"),
        QdrantPoint(id: PointID(high: 0x8000, low: 0b10 << 62 | 9), payload: [.init("path", "a.c")]),
      ], to: real)

    #expect(try client.count(real, nil) == 4)
    #expect(try client.count(real, .hasTokens("terms", "dopens wparse")) == 1)
    #expect(try client.count(real, .hasTokens("terms", "wPARSE")) == 0)
    #expect(try client.count(real, .all([.equals("number", 3), .isAny("path", ["b.c"])])) == 1)
    #expect(try client.count(real, .all([.isAny("path", ["a.c", "b.c"]), .not(.isAny("path", ["a.c"]))])) == 2)
    #expect(try client.count(real, .isNone("path", ["a.c"])) == 2)

    var dense = PointQuery(.dense([1, 0.9, 0, 0], using: "dense"), limit: 2, fields: ["path"])
    dense.search.beam = 64
    dense.search.oversampling = 2
    let sparse = PointQuery(
      .sparse(SparseVector([(6, 1), (5, 2)]), using: "terms"), filter: .isAny("path", ["a.c", "b.c"]), limit: 5)
    let found = try client.query(
      [
        dense, sparse, PointQuery(.fused([dense, sparse], .rrf), limit: 5),
        PointQuery(.fused([dense, sparse], .dbsf), limit: 5),
        PointQuery(.filter, filter: .any([.hasTokens("terms", "wclose"), .hasTokens("terms", "wopen")]), limit: 5),
      ], of: real)
    func numbers(_ list: [QdrantRecord]) -> [UInt64] { list.map { $0.id.low & 15 } }
    #expect(numbers(found[0]) == [2, 1] && found[0].first?.payload["path"]?.string == "b.c")
    #expect(Set(numbers(found[1])) == [1, 2, 3])
    #expect(Set(numbers(found[2])) == [1, 2, 3] && Set(numbers(found[3])) == [1, 2, 3])
    #expect(Set(numbers(found[4])) == [1, 3])
    if client.version.hasTextScoring {
      #expect(numbers(try client.query([PointQuery(.text("wopen", field: "terms"), limit: 5)], of: real)[0]) == [1])
    }

    var listed: [UInt64] = []
    try client.forEachPoint(of: real, nil, pageSize: 2, fields: ["number"], SearchContext()) { point throws(Failure) in
      listed.append(point.id.low & 15)
    }
    #expect(listed == [1, 2, 3, 9])
    let ids = [UInt64(3), 4].map { PointID(high: 0x8000, low: 0b10 << 62 | $0) }
    #expect(numbers(try client.retrieve(ids, of: real, fields: ["path"])) == [3])

    try client.change([.point(alias, to: real)])
    #expect(try client.aliases() == [alias: real] && client.exists(alias))
    #expect(try client.count(alias, nil) == 4)
    let snapshot = try client.makeSnapshot(of: alias)
    #expect(try client.snapshots(of: alias).map(\.name) == [snapshot.name])
    try client.deleteSnapshot(CollectionName(snapshot.name), of: alias)
    #expect(try client.snapshots(of: alias).isEmpty)
    try client.setIndexingThreshold(10_000, of: real)
    let info = try client.info(of: alias)
    #expect(info.health == .green && info.dimensions == ["dense": 4] && info.sparseNames == ["terms"])
    #expect(info.indexes == ["path": "keyword", "number": "integer", "terms": "text"])

    // Another takes its place in one request.
    let next = try CollectionName("code-2")
    try client.create(next, smallPlan)
    try client.change([.delete(alias), .point(alias, to: next)])
    #expect(try client.count(alias, nil) == 0)
    try client.deletePoints(.isAny("path", ["b.c"]), of: real)
    #expect(try client.count(real, nil) == 2)
    try client.removeIndex(of: "number", in: real)
    try client.delete(next)
    try client.delete(next)
    #expect(try client.aliases().isEmpty && client.collections() == [real])

    let report = try server.report()
    #expect(report.wrong.isEmpty && report.judges.contains("models"))
  }

  @Test func `what is not in the interface is noticed`() throws {
    let server = try QdrantServer(version: "1.16")
    try server.client().create(CollectionName("a"), smallPlan)
    func send(_ method: String, _ path: String, _ body: String) throws -> Int {
      var request = HTTPRequest(method, server.address + path)
      request.body = Array(body.utf8)
      return try HTTPClient().send(request).status
    }
    _ = try send("POST", "/collections/a/points/count", #"{"exact": true, "quickly": true}"#)
    _ = try send("POST", "/collections/a/points/count", #"{"exact": "perhaps"}"#)
    _ = try send("POST", "/collections/a/points/guess", "{}")
    _ = try send("PUT", "/collections/b", #"{"vectors": {"d": {"distance": "Cosine", "size": 4, "memory": "cold"}}}"#)
    let wrong = try server.report().wrong
    #expect(wrong.contains { $0.contains("quickly") } && wrong.contains { $0.contains("exact") })
    #expect(wrong.contains { $0.contains("no operation POST") } && wrong.contains { $0.contains("memory") })
  }
}
