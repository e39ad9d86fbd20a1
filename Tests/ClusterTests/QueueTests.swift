import Chunking
import Cluster
import Embedding
import Inspection
import PostgreSQL
import Primitives
import Segments
import TestSupport
import Testing

@Suite(.enabled(if: PostgresServer.isInstalled, "Scripts/setup --checks installs PostgreSQL"))
struct QueueTests {
  private let store: PostgresStore
  private let other: PostgresStore
  private let collection: StoreCollection

  init() throws {
    let address = try PostgresAddress(try PostgresServer.shared().newDatabase())
    store = try PostgresStore(address)
    other = try PostgresStore(address)
    collection = try store.makeCollection(
      named: "c",
      of: StoreIdentity(
        model: ModelIdentity(name: "m", contentHash: ContentHash(high: 1, low: 2), dimensions: 8), chunkerVersion: 1,
        analyzerVersion: 1))
  }

  private func task(_ number: Int, model: String = "m", priority: Int = 0) -> ClusterTask {
    ClusterTask(
      collection: "c", root: "/tree", revision: nil,
      files: [ClusterTask.File(path: FilePath("f\(number)"), contentHash: ContentHash(high: 0, low: UInt64(number)))],
      model: model, priority: priority)
  }

  private func file(_ path: FilePath) -> StoreFile {
    var terms = FileTerms(lengthCodes: [3])
    terms.add(Term("word"), postings: [(0, 1)])
    return StoreFile(
      path: path, language: .plainText, contentHash: ContentHash(high: 5, low: 5), text: Array("a word\n".utf8),
      chunks: [
        StoreChunk(
          chunk: Chunk(bytes: 0..<7, lines: 1...1), contentHash: ChunkHash(bits: 9), lengthCode: 3,
          vector: QuantisedVector([1, 0, 0, 0, 0, 0, 0, 0.5]))
      ], terms: terms)
  }

  @Test func `An answer that comes after the lease was lost changes nothing`() throws {
    let (mine, theirs) = (TaskQueue(store), TaskQueue(other))
    try mine.add([task(1)], to: collection)
    let slow = try mine.register(name: "slow", model: "m")
    let quick = try theirs.register(name: "quick", model: "m")
    let first = try #require(try mine.claim(1, model: "m", worker: slow).first)
    try store.connection.run("UPDATE cairn.task SET lease_until = now() - interval '1 second'", isPrepared: false)
    try theirs.beat(quick)
    let second = try #require(try theirs.claim(1, model: "m", worker: quick).first)
    #expect(second.id == first.id && second.lease != first.lease)
    try other.write([file("f1")], removing: [], to: collection) { () throws(Failure) in
      try theirs.complete(second, chunkCount: 1)
    }
    let lost = #expect(throws: Failure.self) {
      try store.write([file("late")], removing: [], to: collection) { () throws(Failure) in
        try mine.complete(first, chunkCount: 1)
      }
    }
    #expect(lost?.code == .leaseLost)
    #expect(try store.files(of: try #require(try store.collection(named: "c")), SearchContext()).map(\.path) == ["f1"])
  }

  @Test func `Tasks are claimed once, the most urgent first, and only by who has their model`() throws {
    let (queue, others) = (TaskQueue(store), TaskQueue(other))
    try queue.add((0..<20).map { task($0, priority: $0 == 13 ? 5 : 0) } + [task(99, model: "large")], to: collection)
    let a = try queue.register(name: "a", model: "m")
    let b = try others.register(name: "b", model: "m")
    let first = try queue.claim(10, model: "m", worker: a)
    #expect(first.first?.files.first?.path == "f13")
    let second = try others.claim(100, model: "m", worker: b)
    #expect(Set(first.map(\.id)).isDisjoint(with: second.map(\.id)) && first.count + second.count == 20)
    try queue.setPaused(true, collection)
    #expect(try queue.claim(1, model: "large", worker: a).isEmpty)
    try queue.setPaused(false, collection)
    #expect(try queue.claim(1, model: "large", worker: a).count == 1)
    try queue.deregister(a)
    #expect(try queue.status(of: collection).readyCount == 11)
  }

  @Test func `What was written is read back as it was`() throws {
    try store.write([file("a"), file("b")], to: collection)
    try store.write([file("a")], to: collection)
    let read = try store.read(["a", "b", "c"], of: collection, SearchContext())
    #expect(read.map(\.path) == ["a", "b"])
    #expect(read.allSatisfy { $0.isSame(as: file($0.path)) })
    #expect(read.first?.text == Array("a word\n".utf8))
    try store.remove(["a"], from: collection)
    try store.optimise(collection)
    let view = try other.view(of: collection, SearchContext())
    #expect(try view.documentFrequencies(of: [Term("word"), Term("none")]) == [1, 0])
    #expect(view.chunkCount == 1)
  }

  @Test func `A statement that is cancelled ends, and the connection can be used again`() throws {
    let cancellation = Cancellation()
    store.connection.context = SearchContext(cancellation: cancellation)
    cancellation.cancel()
    let failure = #expect(throws: Failure.self) { try store.connection.run("SELECT pg_sleep(100)", isPrepared: false) }
    #expect(failure?.code == .cancelled)
    store.connection.context = SearchContext()
    #expect(try store.connection.run("SELECT 7").int(0, 0) == 7)
  }
}
