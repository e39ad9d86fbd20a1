import Chunking
import Cluster
import Embedding
import Indexing
import Primitives
import Qdrant
import Segments
import TestSupport
import Testing

/// A collection in Qdrant's engine, filled from a local index.
@Suite(.enabled(if: QdrantServer.isInstalled)) struct QdrantStoreTests {
  private let indexed: IndexedTree
  private let identity = StoreIdentity(
    model: ModelIdentity(name: "scripted", contentHash: ContentHash(high: 1, low: 2), dimensions: 16),
    chunkerVersion: 1, analyzerVersion: 1)
  private let context = SearchContext()

  init() async throws {
    indexed = try IndexedTree()
    for i in 0..<12 {
      let lines = (0..<8).map { "session token\(i) expires after refresh\($0) of the ünïcode cache, line \($0 * i)\n" }
      try indexed.tree.write(FilePath("src/file\(i).txt"), lines.joined(separator: "\n"))
    }
    try indexed.tree.write("notes.md", "# Sessions\n\nA session expires after an hour.\n")
    _ = try await indexed.run()
  }

  private func push(to store: QdrantStore, _ name: String = "code") throws -> MoveReport {
    try IndexPush(
      try indexed.snapshot(), of: identity, root: indexed.root, byteCountLimit: 1 << 20, followsLinks: false
    ).run(to: store, collection: name, context)
  }

  private func comparison(with store: QdrantStore) throws -> StoreComparison {
    let collection = try #require(try store.collection(named: "code"))
    return try StoreComparison(
      of: LocalFiles(try indexed.snapshot()), with: store, collection, deep: true, context)
  }

  @Test(arguments: ["1.12", "1.19", "1.20"])
  func `what was pushed is what the index holds, and comes back chunk for chunk`(_ version: String) throws {
    let server = try QdrantServer(version: version)
    let store = try server.store()
    let report = try push(to: store)
    #expect(report.movedFileCount == 13 && report.fileCount == 13 && report.chunkCount == report.movedChunkCount)
    let comparison = try comparison(with: store)
    #expect(comparison.isEqual && comparison.fileCount == 13)
    let collection = try #require(try store.collection(named: "code"))
    let file = try #require(try store.read(["src/file3.txt"], of: collection, context).first)
    #expect(try file.text == readFileBytes(indexed.root.appending("src/file3.txt")))
    #expect(try store.collections().map(\.name) == ["code"])
    #expect(try server.wrong().isEmpty)
  }

  @Test func `a second push sends nothing, and one after a change what has changed`() async throws {
    let server = try QdrantServer()
    let store = try server.store()
    _ = try push(to: store)
    let again = try push(to: store)
    #expect(again.movedFileCount == 0 && again.unchangedFileCount == 13 && again.removedFileCount == 0)
    try indexed.tree.write("src/file3.txt", "a session that never ends\n")
    try indexed.tree.remove("src/file4.txt")
    _ = try await indexed.run()
    let third = try push(to: store)
    #expect(third.movedFileCount == 1 && third.removedFileCount == 1 && third.fileCount == 12)
    #expect(try comparison(with: store).isEqual && server.wrong().isEmpty)
  }

  @Test func `a push through a server on a bad day holds the same as one through a good one`() throws {
    let server = try QdrantServer(version: "1.16")
    var layout = QdrantStore.Layout()
    layout.batchSize = 5
    let store = try server.store(layout)
    try server.misbehave(
      .init("PUT /collections/code-1/points", "lost", times: 2),
      .init("PUT /collections/code-1/points", "429", seconds: 3),
      .init("PUT /collections/code-1", "half"), .init("POST /collections/code-1/points", "503", times: 2),
      .init("POST /collections/aliases", "lost"))
    _ = try push(to: store)
    #expect(try comparison(with: store).isEqual && server.wrong().isEmpty)
  }

  @Test func `a push that was cut off is finished by the next one`() throws {
    let server = try QdrantServer()
    let store = try server.store()
    _ = try store.makeCollection(named: "code", of: identity)
    try server.misbehave(.init("POST /collections/code-1/points/delete", "503", times: 99))
    let problem = try #require(
      failure(Failure.self) { () throws(Failure) in
        do { _ = try push(to: store) } catch let error as Failure { throw error } catch {}
      })
    #expect(problem.code == .storeUnavailable && problem.message.contains("503"))
    try server.misbehave()
    _ = try push(to: store)
    #expect(try comparison(with: store).isEqual)
  }

  @Test func `paths that are not text are two paths, and one of them goes without the other`() throws {
    let server = try QdrantServer()
    let store = try server.store()
    _ = try push(to: store)
    let collection = try #require(try store.collection(named: "code"))
    var file = try #require(try store.read(["notes.md"], of: collection, context).first)
    let paths = [0xFE, 0xFF].map { FilePath(bytes: Array("odd".utf8) + [$0]) }
    for path in paths {
      file.path = path
      try store.write([file], to: collection)
    }
    #expect(try store.read(paths, of: collection, context).map(\.path) == paths)
    try store.remove([paths[0]], from: collection)
    #expect(try store.read(paths, of: collection, context).map(\.path) == [paths[1]])
    #expect(try server.wrong().isEmpty)
  }

  @Test func `a push waits for another one, and a view says that one is at work or was stopped`() throws {
    let server = try QdrantServer()
    let clock = TestClock()
    let (store, other) = (try server.store(clock: clock), try server.store(clock: clock))
    _ = try push(to: store)
    let collection = try #require(try store.collection(named: "code"))
    #expect(try store.view(of: collection, context).gaps.isEmpty)
    #expect(try other.beginPush(into: collection))
    #expect(try !store.beginPush(into: collection))
    #expect(try store.view(of: collection, context).gaps == [.push])
    try other.endPush(into: collection, isWhole: false)
    #expect(try store.view(of: collection, context).gaps == [.push])
    _ = try push(to: store)
    #expect(try store.view(of: collection, context).gaps.isEmpty)
    // Whose program was killed is at work no more after a while.
    #expect(try other.beginPush(into: collection))
    clock.advance(.seconds(1000))
    #expect(try store.beginPush(into: collection))
    #expect(try server.wrong().isEmpty)
  }

  @Test func `statistics are those of the index, and filters and counts agree with it`() throws {
    let server = try QdrantServer()
    let store = try server.store()
    _ = try push(to: store)
    let snapshot = try indexed.snapshot()
    let collection = try #require(try store.collection(named: "code"))
    let view = try store.view(of: collection, context)
    let live = snapshot.segments
    #expect(view.chunkCount == live.reduce(0) { $0 + $1.liveChunkCount })
    #expect(view.totalLength == live.reduce(0) { $0 + $1.liveTotalLength })
    let terms = ["session", "token3", "ünïcode", "refresh7", "nowhere", "expires"].map { Term($0) }
    let query = LexicalQuery(clauses: terms.map { LexicalQuery.Clause(term: $0) })
    let local = live.reduce([Int](repeating: 0, count: terms.count)) { sums, segment in
      zip(sums, segment.prepare(query).documentFrequencies).map(+)
    }
    #expect(try view.documentFrequencies(of: terms) == local)
    #expect(
      try view.fileEntries().map(\.path)
        == snapshot.segments.flatMap { segment in
          (0..<segment.segment.fileCount).map { segment.segment.path(ofFile: $0) }
        }.sorted())

    // What the store gives holds the best that the index has, for words and for vectors.
    let frequencies = try view.documentFrequencies(of: terms)
    var filter = StoreFilter()
    let some = try view.fileEntries().filter { ["src/file3.txt", "src/file7.txt"].contains($0.path) }
    filter.files = some.map(\.id)
    let lists = try view.candidates([
      .terms(query, documentFrequencies: frequencies, limit: 5, StoreFilter()),
      .terms(query, documentFrequencies: frequencies, limit: 5, filter),
      .holdingAll([Term("token3"), Term("session")], limit: 100, StoreFilter()), .files(some.map(\.id)),
    ])
    let records = try view.records(of: Array(Set(lists.joined())).sorted(), terms: terms)
    let files = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0.file.path) })
    #expect(lists[0].count == 15 && lists[0].contains { files[$0] == "src/file3.txt" })
    #expect(Set(lists[1].compactMap { files[$0] }) == ["src/file3.txt", "src/file7.txt"])
    #expect(Set(lists[2].compactMap { files[$0] }) == ["src/file3.txt"])
    #expect(lists[3].count == some.reduce(0) { $0 + $1.chunkCount } && Set(lists[2]).isSubset(of: lists[3]))
    #expect(records.contains { record in record.chunk.postings.contains { terms.contains($0.term) } })
    let text = try view.text(of: "notes.md")
    #expect(try text == readFileBytes(indexed.root.appending("notes.md")))
    #expect(try server.wrong().isEmpty)
  }

  @Test func `a collection that is made anew takes the place of the old one at once`() throws {
    let server = try QdrantServer()
    let store = try server.store()
    _ = try push(to: store)
    var other = identity
    other.model.name = "another"
    let problem = try #require(failure { () throws(Failure) in try store.makeCollection(named: "code", of: other) })
    #expect(problem.code == .modelMismatch && problem.message.contains("another"))
    let staged = try store.stage(named: "code", of: other)
    #expect(staged.key == 2 && staged.chunkCount == 0)
    // Until it is published, the old one answers.
    #expect(try store.collection(named: "code")?.identity == identity)
    try store.publish(staged)
    #expect(try store.collection(named: "code")?.identity == other)

    try store.removeCollection(named: "code")
    #expect(try store.collection(named: "code") == nil && store.collections().isEmpty)
    #expect(try server.wrong().isEmpty)
  }

  @Test func `a collection of another program is left alone`() throws {
    let server = try QdrantServer()
    let store = try server.store()
    var options = QdrantOptions()
    options.address = server.address
    let client = try QdrantClient(options, environment: [:], clock: TestClock())
    try client.create(
      CollectionName("code"), CollectionPlan(dimensions: 4, denseName: "dense", sparseName: "terms"))
    let problems = [
      failure { () throws(Failure) in _ = try store.collection(named: "code") },
      failure { () throws(Failure) in _ = try store.makeCollection(named: "code", of: identity) },
    ]
    for problem in problems {
      let problem = try #require(problem)
      #expect(problem.code == .storeRefused && problem.message.contains("none of Cairn's"))
    }
    try store.removeCollection(named: "code")
    #expect(try client.collections().map(\.text) == ["code"])
  }

  @Test func `a server that is gone is a store that is not there`() throws {
    var options = QdrantOptions()
    options.address = "http://127.0.0.1:1"
    let problem = try #require(
      failure { () throws(Failure) in try QdrantStore(options, environment: [:], clock: TestClock()) })
    #expect(problem.code == .storeUnavailable && problem.message.contains("127.0.0.1:1"))
  }
}
