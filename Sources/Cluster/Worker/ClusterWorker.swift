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
    /// Gives a clone of the repository at an address that has the files of a commit; without it no task of a repository
    /// is taken that names one.
    package var clone: (@Sendable (_ address: String, _ commit: String) throws(Failure) -> FilePath)?
    /// Of whose tasks alone it takes some; nil for all.
    package var collection: String?
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
  private let held = HeldTasks()
  /// The clone that was made last: the tasks of one come together.
  private var cloned: (address: String, commit: String, root: FilePath)?

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
      if options.endsWhenEmpty, options.collection != nil { _ = try opener.known(in: store) }
      let queue = TaskQueue(store)
      try queue.connection.run("LISTEN \(TaskQueue.channel)", isPrepared: false)
      return try queue.register(name: name, model: model)
    }
    tell(.began(worker: worker, model: model))
    let heart = WorkerHeart(worker, held, opener)
    heart.start()
    defer { heart.stop() }
    while !isStopping() {
      let tasks = try reaching { store throws(Failure) in
        try TaskQueue(store).claim(
          options.batch, model: model, worker: worker, of: options.collection, clones: options.clone != nil)
      }
      held.set(tasks.map(\.id))
      if tasks.isEmpty {
        if options.endsWhenEmpty, try isEmpty() { break }
        _ = try reaching { store throws(Failure) in try store.connection.notifications(within: .milliseconds(500)) }
      }
      for group in Self.groups(of: tasks) {
        if isStopping() { break }
        try perform(group)
      }
    }
    // Where the server is gone its leases end by themselves.
    if let store { try? TaskQueue(store).deregister(worker) }
  }

  /// Whether no task that it could do is left, now or later.
  private func isEmpty() throws(Failure) -> Bool {
    try reaching { store throws(Failure) in
      try TaskQueue(store).isEmpty(model: model, of: options.collection, clones: options.clone != nil)
    }
  }

  /// Tasks that are done together, as one local run and one transaction: small ones of the same tree that were not
  /// tried before, up to the files of a large one.
  private static func groups(of tasks: [ClusterTask]) -> [[ClusterTask]] {
    var groups: [[ClusterTask]] = []
    var fileCount = 0
    for task in tasks {
      fileCount += task.files.count
      if let last = groups.last?.last, fileCount <= Self.filesAtOnce, task.attempts == 1, last.attempts == 1,
        (task.collection, task.address, task.revision) == (last.collection, last.address, last.revision),
        task.root == last.root
      {
        groups[groups.count - 1].append(task)
      } else {
        groups.append([task])
        fileCount = task.files.count
      }
    }
    return groups
  }
  private static let filesAtOnce = 16

  /// Does tasks together or, where that fails, each by itself.
  private func perform(_ tasks: [ClusterTask]) throws(Failure) {
    if tasks.count > 1 {
      do throws(Failure) { return try complete(tasks) } catch {
        if error.code == .cancelled { throw error }
      }
    }
    for task in tasks {
      if isStopping() { return }
      try perform(task)
    }
  }

  private func perform(_ task: ClusterTask) throws(Failure) {
    do throws(Failure) {
      if task.attempts > 2, task.files.count > 1 {
        // It is one of them that fails: each by itself, so that the others are done.
        try reaching { store throws(Failure) in try TaskQueue(store).split(task) }
        return
      }
      try complete([task])
    } catch {
      if error.code == .cancelled { throw error }
      tell(.failed(task: task.id, error))
      // Not this worker's any more: the one that has it does it.
      if error.code == .leaseLost { return }
      try reaching { store throws(Failure) in try TaskQueue(store).fail(task, error) }
    }
  }

  /// Makes of the files of tasks of one tree what is to be made of them, and writes it with their completion.
  private func complete(_ tasks: [ClusterTask]) throws(Failure) {
    let began = ContinuousClock.now
    var all = tasks[0]
    all.files = tasks.flatMap(\.files)
    // A file of two tasks is of the newer one: each by itself, in their order.
    guard tasks.count == 1 || Set(all.files.map(\.path)).count == all.files.count else {
      throw Failure(.invalidArgument, "two tasks have the same file")
    }
    all.root = try tree(of: all)
    let outcome = try indexer.outcome(of: all, cancellation)
    let chunkCounts = Dictionary(uniqueKeysWithValues: outcome.files.map { ($0.path, $0.chunks.count) })
    let done = tasks.map { task in
      (task: task, chunkCount: task.files.reduce(0) { $0 + (chunkCounts[$1.path] ?? 0) })
    }
    try reaching { store throws(Failure) in
      guard let collection = try store.collection(named: all.collection) else {
        throw Failure(.notFound, "the collection \(all.collection) is not in the store any more")
      }
      try store.write(outcome.files, removing: outcome.leftOut, to: collection) { () throws(Failure) in
        try TaskQueue(store).complete(done)
      }
    }
    let seconds = began.duration(to: .now) / .seconds(1) / Double(tasks.count)
    for (task, chunkCount) in done {
      let fileCount = task.files.count { chunkCounts[$0.path] != nil }
      tell(.done(task: task.id, fileCount: fileCount, chunkCount: chunkCount, seconds: seconds))
    }
  }

  /// The tree or the clone that the task's files are in.
  private func tree(of task: ClusterTask) throws(Failure) -> FilePath {
    if let address = task.address {
      guard let clone = options.clone, let commit = task.revision else {
        throw Failure(.permissionDenied, "this worker was not started to clone repositories")
      }
      if let cloned, cloned.address == address, cloned.commit == commit { return cloned.root }
      let root = try clone(address, commit)
      cloned = (address, commit, root)
      return root
    }
    let tree = (try? resolvedPath(task.root)) ?? task.root
    guard tree == root || tree.relative(to: root) != nil else {
      throw Failure(
        .permissionDenied,
        "this worker reads the files of \(visibleName(root.description)) alone: start it with the task's directory",
        path: task.root)
    }
    return task.root
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

/// The tasks that a worker knows it has.
private final class HeldTasks: Sendable {
  private let ids = Mutex<[Int64]>([])
  func set(_ held: [Int64]) { ids.withLock { $0 = held } }
  var all: [Int64] { ids.withLock { $0 } }
}

/// Says from a thread of its own that a worker lives, however long a task takes.
// `@unchecked Sendable`: the thread alone uses what is not thread-safe.
private final class WorkerHeart: @unchecked Sendable {
  private let worker: Int64
  private let held: HeldTasks
  private let opener: StoreOpener
  private let cancellation = Cancellation()
  private var thread: BlockingThread?

  /// A third of a lease, so that one that is missed costs nothing.
  private static let interval = Duration.seconds(TaskQueue.leaseSeconds / 4)

  init(_ worker: Int64, _ held: HeldTasks, _ opener: StoreOpener) {
    (self.worker, self.held, self.opener) = (worker, held, opener)
  }

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
        try TaskQueue(open).beat(worker, holding: held.all)
        _ = try open.connection.notifications(within: Self.interval)
      } catch {
        store = nil
        usleep(200_000)
      }
    }
  }
}
