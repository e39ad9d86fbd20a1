import Disk
import Glibc
import IndexStorage
import Primitives
import Searching
import Synchronization
import TestSupport
import Testing

/// What a watcher says of itself where the system lets it watch less than the tree.
@Suite struct WatchingTests {
  private let test: TestSession
  init() throws {
    test = try TestSession()
    for name: FilePath in ["a/x.py", "b/y.py", "c/z.py"] { try test.tree.write(name, "x = 1\n") }
  }

  /// The record of a watcher of the tree, which is ended again.
  private func record(
    polls: Bool = false, _ makeEvents: @escaping @Sendable () throws(Failure) -> FileEvents
  ) throws -> WatchRecord? {
    let session = try test.session()
    let cancellation = Cancellation()
    let told = Monitor<WatchRecord?>(nil)
    let thread = BlockingThread {
      _ = Result { () throws(Failure) in
        try session.watch(polls: polls, cancellation, makeEvents: makeEvents) { news in
          if case .watching(let record, _) = news { told.update { $0 = record } }
        }
      }
    }
    _ = told.wait(for: .seconds(30)) { $0 != nil }
    var record: WatchRecord?
    told.updateSilently { record = $0 }
    cancellation.cancel()
    thread?.join()
    return record
  }

  @Test func `all changes are told where the system has watches enough`() throws {
    let record = try #require(try record { () throws(Failure) in try FileEvents() })
    #expect(record.sight == .events && record.reason == nil)
  }

  @Test(arguments: [0, 1, 2, 4])
  func `too few watches are a reason to poll, with the limit that is to be raised`(_ limit: Int) throws {
    let record = try #require(try record { () throws(Failure) in try FileEvents(watchLimit: limit) })
    #expect(record.sight != .events)
    #expect(record.reason?.contains("fs.inotify.max_user_watches") == true, "\(record)")
  }

  @Test func `no queue of events is another reason, with another limit`() throws {
    let record = try #require(
      try record { () throws(Failure) in throw FileEvents.failure(toStart: EMFILE) })
    #expect(record.sight != .events)
    #expect(record.reason?.contains("fs.inotify.max_user_instances") == true, "\(record)")
  }

  @Test func `who is told to poll has no reason of its own`() throws {
    let record = try #require(try record(polls: true) { () throws(Failure) in try FileEvents() })
    #expect(record.sight != .events && record.reason == nil)
  }

  @Test func `a watch ends with its tree, and makes nothing where that was`() throws {
    let place = try TemporaryTree(inMemory: true)
    try place.write("above/tree/a.py", "x = 1\n")
    let root = place.root.appending("above/tree")
    let session = try test.session(root: root)
    let isWatched = Monitor(false)
    let outcome = Mutex<Failure?>(nil)
    let thread = try #require(
      BlockingThread {
        let result = Result { () throws(Failure) in
          try session.watch(polls: false, Cancellation()) { news in
            if case .watching = news { isWatched.update { $0 = true } }
          }
        }
        if case .failure(let failure) = result { outcome.withLock { $0 = failure } }
      })
    #expect(isWatched.wait(for: .seconds(30)) { $0 })
    removeTree(root)
    thread.join()
    let failure = outcome.withLock { $0 }
    #expect(failure?.code == .treeGone && failure?.path == root, "\(String(describing: failure))")
    #expect(!fileExists(root))
  }
}
