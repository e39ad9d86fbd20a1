import Disk
import Embedding
import Glibc
import Indexing
import ModelOpening
import PostgreSQL
package import Primitives
package import Searching
import Settings
import Synchronization

/// A worker: claims tasks, makes what is to be made of them, and writes it with their completion in one transaction.
///
/// It survives its server: while nothing answers it waits and connects again. Killed at any instant it costs time and
/// nothing else. Stopped, it ends the task that it is at, gives back the others and leaves.
package final class ClusterWorker {
  /// How a worker works.
  package struct Options: Sendable {
    /// Tasks that are claimed at once: the bound on what it has in flight.
    package var batch = 4
    /// Ends when there is nothing to claim, in place of waiting for more.
    package var endsWhenEmpty = false
    package init() {}
  }

  /// What it tells of.
  package enum Event: Sendable {
    case began(worker: Int64, model: String)
    case done(task: Int64, fileCount: Int, chunkCount: Int, seconds: Double)
    case failed(task: Int64, Failure)
    /// The store does not answer; it is tried again.
    case waits(Failure)
    /// It answers again.
    case goesOn
  }

  private let opener: StoreOpener
  private let options: Options
  private let name: String
  private let model: String
  private let indexer: TaskIndexer
  private let scratch: ScratchDirectory
  /// The tree, with what is below it, of which alone files are read: a user who may write the table of tasks must not
  /// read all that the worker's user may.
  private let root: FilePath
  private let cancellation = Cancellation()
  private let tell: @Sendable (Event) -> Void
  private let isStopping: @Sendable () -> Bool
  private var store: PostgresStore?
  private var worker: Int64 = 0

  /// Opens the model that the settings name; throws what keeps it from being opened.
  ///
  /// - Parameters:
  ///   - session: of the tree that tasks are taken of, or one above it: its settings hold for all that the worker does.
  ///   - isStopping: asked between tasks, and while it waits.
  package init(
    _ session: IndexSession, opener: StoreOpener, options: Options, isStopping: @escaping @Sendable () -> Bool,
    tell: @escaping @Sendable (Event) -> Void
  ) throws(Failure) {
    let opened = try session.indexingModel()
    var indexing = session.indexingOptions(rebuild: false, for: opened.choice)
    indexing.merging = .none
    root = (try? resolvedPath(session.root)) ?? session.root
    self.opener = opener
    self.options = options
    self.isStopping = isStopping
    self.tell = tell
    model = opened.identity.name
    scratch = try ScratchDirectory(named: "cairn-worker", in: EnvironmentVariables.process.absolutePath("TMPDIR"))
    indexing.excludedDirectory = scratch.path
    indexer = TaskIndexer(embedder: opened.embedder, options: indexing, scratch: scratch.path)
    var host = [CChar](repeating: 0, count: 256)
    unsafe gethostname(&host, 255)
    name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + ":\(getpid())"
  }

  // MARK: Working

  /// Works until it is stopped, or there is nothing to do where it ends then.
  package func run() throws(Failure) {
    worker = try reaching { store throws(Failure) in
      try store.migrate()
      let queue = TaskQueue(store)
      try queue.connection.run("LISTEN \(TaskQueue.channel)", isPrepared: false)
      return try queue.register(name: name, model: model)
    }
    tell(.began(worker: worker, model: model))
    let heart = WorkerHeart(worker, opener)
    heart.start()
    defer { heart.stop() }
    while !isStopping() {
      let tasks = try reaching { store throws(Failure) in
        try TaskQueue(store).claim(options.batch, model: model, worker: worker)
      }
      if tasks.isEmpty {
        if options.endsWhenEmpty, try isEmpty() { break }
        _ = try reaching { store throws(Failure) in try store.connection.notifications(within: .milliseconds(500)) }
      }
      for task in tasks {
        if isStopping() { break }
        try perform(task)
      }
    }
    // Where the server is gone its leases end by themselves.
    if let store { try? TaskQueue(store).deregister(worker) }
  }

  /// Whether no task that it could do is left, now or later.
  private func isEmpty() throws(Failure) -> Bool {
    try reaching { store throws(Failure) in
      try store.connection.run(
        "SELECT NOT EXISTS (SELECT 1 FROM cairn.task WHERE needs = $1 AND state IN (0, 1))", [.text(model)]
      ).boolean(0, 0)
    }
  }

  private func perform(_ task: ClusterTask) throws(Failure) {
    let began = ContinuousClock.now
    do throws(Failure) {
      if task.attempts > 2, task.files.count > 1 {
        // It is one of them that fails: each by itself, so that the others are done.
        try reaching { store throws(Failure) in try TaskQueue(store).split(task) }
        return
      }
      let tree = (try? resolvedPath(task.root)) ?? task.root
      guard tree == root || tree.relative(to: root) != nil else {
        throw Failure(
          .permissionDenied,
          "this worker reads the files of \(visibleName(root.description)) alone: start it with the task's directory",
          path: task.root)
      }
      let outcome = try indexer.outcome(of: task, cancellation)
      let chunkCount = outcome.files.reduce(0) { $0 + $1.chunks.count }
      try reaching { store throws(Failure) in
        guard let collection = try store.collection(named: task.collection) else {
          throw Failure(.notFound, "the collection \(task.collection) is not in the store any more")
        }
        try store.write(outcome.files, removing: outcome.leftOut, to: collection) { () throws(Failure) in
          try TaskQueue(store).complete(task, chunkCount: chunkCount)
        }
      }
      tell(
        .done(
          task: task.id, fileCount: outcome.files.count, chunkCount: chunkCount,
          seconds: began.duration(to: .now) / .seconds(1)))
    } catch {
      if error.code == .cancelled { throw error }
      tell(.failed(task: task.id, error))
      // Not this worker's any more: the one that has it does it.
      if error.code == .leaseLost { return }
      try reaching { store throws(Failure) in try TaskQueue(store).fail(task, error) }
    }
  }

  /// What `body` gives of the store; where that does not answer, once it does again.
  private func reaching<Value>(_ body: (PostgresStore) throws(Failure) -> Value) throws(Failure) -> Value {
    var wait = Duration.milliseconds(100)
    var hasToldOfWait = false
    while true {
      do throws(Failure) {
        let open: PostgresStore
        if let store {
          open = store
        } else {
          open = try opener.openPostgres(SearchContext(cancellation: cancellation))
          store = open
          if worker != 0 { try open.connection.run("LISTEN \(TaskQueue.channel)", isPrepared: false) }
        }
        let value = try body(open)
        if hasToldOfWait { tell(.goesOn) }
        return value
      } catch {
        // Two writers in each other's way try again, as if the server had been away.
        guard error.code == .storeUnavailable || error.code == .storeBusy, !isStopping() else { throw error }
        if error.code == .storeUnavailable { store = nil }
        if !hasToldOfWait, error.code == .storeUnavailable {
          hasToldOfWait = true
          tell(.waits(error))
        }
        usleep(UInt32(wait.components.attoseconds / 1_000_000_000_000 + wait.components.seconds * 1_000_000))
        wait = min(wait * 2, .seconds(5))
      }
    }
  }
}

/// Says from a thread of its own that a worker lives, however long a task takes.
// `@unchecked Sendable`: the thread alone uses what is not thread-safe.
private final class WorkerHeart: @unchecked Sendable {
  private let worker: Int64
  private let opener: StoreOpener
  private let cancellation = Cancellation()
  private var thread: BlockingThread?

  /// A third of a lease, so that one that is missed costs nothing.
  private static let interval = Duration.seconds(TaskQueue.leaseSeconds / 4)

  init(_ worker: Int64, _ opener: StoreOpener) { (self.worker, self.opener) = (worker, opener) }

  func start() { thread = BlockingThread { [self] in beat() } }

  func stop() {
    cancellation.cancel()
    thread?.join()
  }

  private func beat() {
    let context = SearchContext(cancellation: cancellation)
    var store: PostgresStore?
    while !context.isOver {
      do throws(Failure) {
        let open: PostgresStore
        if let store { open = store } else { open = try opener.openPostgres(context) }
        store = open
        open.connection.context = context
        try TaskQueue(open).beat(worker)
        _ = try open.connection.notifications(within: Self.interval)
      } catch {
        store = nil
        usleep(200_000)
      }
    }
  }
}
