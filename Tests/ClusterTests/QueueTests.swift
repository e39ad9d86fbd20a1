import Chunking
import Cluster
import Embedding
import Inspection
import PostgreSQL
import Primitives
import Segments
import Synchronization
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
    try theirs.beat(quick, holding: [])
    let second = try #require(try theirs.claim(1, model: "m", worker: quick).first)
    #expect(second.id == first.id && second.lease != first.lease)
    try other.write([file("f1")], removing: [], to: collection) { () throws(Failure) in
      try theirs.complete([(second, 1)])
    }
    let lost = #expect(throws: Failure.self) {
      try store.write([file("late")], removing: [], to: collection) { () throws(Failure) in
        try mine.complete([(first, 1)])
      }
    }
    #expect(lost?.code == .leaseLost)
    #expect(try store.files(of: try #require(try store.collection(named: "c")), SearchContext()).map(\.path) == ["f1"])
  }

  @Test func `A claim whose answer was lost ends, though its worker lives`() throws {
    let queue = TaskQueue(store)
    try queue.add([task(1), task(2)], to: collection)
    let worker = try queue.register(name: "w", model: "m")
    let first = try #require(try queue.claim(1, model: "m", worker: worker).first)
    // The worker never learned of this one.
    _ = try queue.claim(1, model: "m", worker: worker)
    try store.connection.run("UPDATE cairn.task SET lease_until = now() - interval '1 second'", isPrepared: false)
    try queue.beat(worker, holding: [first.id])
    let status = try queue.status(of: collection)
    #expect(status.leasedCount == 1 && status.readyCount == 1)
  }

  @Test func `A worker of one collection takes no task of another`() throws {
    let second = try store.makeCollection(named: "d", of: collection.identity)
    let queue = TaskQueue(store)
    try queue.add([task(1)], to: second)
    try queue.add([task(2)], to: collection)
    let worker = try queue.register(name: "w", model: "m")
    #expect(try queue.claim(9, model: "m", worker: worker, of: "c").map(\.collection) == ["c"])
    #expect(try queue.claim(9, model: "m", worker: worker, of: "nowhere").isEmpty)
    #expect(try !queue.isEmpty(model: "m", of: "d") && queue.isEmpty(model: "m", of: "nowhere"))
    #expect(try queue.claim(9, model: "m", worker: worker).map(\.collection) == ["d"])
  }

  @Test func `Two that write the same file at once wait for each other, and both end`() throws {
    let (written, other, collection) = (file("same"), other, collection)
    let result = Mutex<Failure?>(nil)
    var thread: BlockingThread?
    // The first has written and not committed when the second comes.
    let connections = UncheckedStore(store: other)
    try store.write([written], removing: [], to: collection) { () throws(Failure) in
      thread = BlockingThread {
        do throws(Failure) { try connections.store.write([written], to: collection) } catch {
          result.withLock { $0 = error }
        }
      }
      let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
      while try store.connection.run(waiting, isPrepared: false).int(0, 0) == 0 {}
    }
    thread?.join()
    #expect(result.withLock { $0 } == nil)
    #expect(try store.collection(named: "c")?.fileCount == 1)
  }

  // `@unchecked Sendable`: one thread at a time uses it.
  private struct UncheckedStore: @unchecked Sendable { let store: PostgresStore }

  @Test func `Statements end with their context on a server that is held up`() throws {
    try other.connection.run("BEGIN", isPrepared: false)
    try other.connection.run("LOCK TABLE cairn.collection IN ACCESS EXCLUSIVE MODE", isPrepared: false)
    let began = ContinuousClock.now
    store.context = SearchContext(deadline: began + .milliseconds(200))
    let late = #expect(throws: Failure.self) { try store.collection(named: "c") }
    #expect(late?.code == .timedOut && began.duration(to: .now) < .seconds(5))
    try other.connection.run("ROLLBACK", isPrepared: false)
    store.context = SearchContext()
    #expect(try store.collection(named: "c") != nil)
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
