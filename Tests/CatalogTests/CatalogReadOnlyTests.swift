import Catalog
import Disk
import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

/// Reading where nothing may be written. Root may write anywhere, so these tests look from a thread that has given that
/// up.
@Suite struct CatalogReadOnlyTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree() }

  /// Runs `body` on a thread for which only the mode of files counts: without the rights of root over files.
  func unprivileged<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
    nonisolated(unsafe) var value: Value?
    let thread = Thread {
      // Linux keeps both for each thread; the header that declares them is not part of the module.
      typealias SetIdentity = @convention(c) (UInt32) -> Int32
      for name in ["setfsgid", "setfsuid"] {
        _ = unsafe unsafeBitCast(dlsym(nil, name), to: SetIdentity.self)(65534)
      }
      unsafe value = body()
    }
    thread.start()
    while !thread.isFinished { sched_yield() }
    return unsafe value!
  }

  func mode(_ path: FilePath, _ mode: mode_t) { _ = unsafe chmod(path.description, mode) }

  func read() -> Result<Int, Failure> {
    let root = tree.root
    return unprivileged {
      Result { () throws(Failure) in
        let catalog = try IndexCatalog(directory: root, mode: .reading)
        try catalog.verify()
        return try catalog.files().count
      }
    }
  }

  func make() throws {
    _ = try IndexCatalog(directory: tree.root, mode: .writing).commit(addition(1, ["a", "b"]))
  }
  func lock(_ names: [String]) {
    for name in names { mode(tree.root.appending(name), 0o444) }
    mode(tree.root, 0o555)
  }

  @Test func `an index in a directory without the right to write is read`() throws {
    try make()
    lock(["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"])
    #expect(try read().get() == 2)
    mode(tree.root, 0o755)
  }

  @Test func `so is one whose log is not there and cannot be made`() throws {
    try make()
    try removeFile(tree.root.appending("catalog.sqlite-wal"))
    try removeFile(tree.root.appending("catalog.sqlite-shm"))
    lock(["catalog.sqlite"])
    #expect(try read().get() == 2)
    mode(tree.root, 0o755)
  }

  @Test func `and one that a killed writer left with its log full`() throws {
    let catalog = try IndexCatalog(directory: tree.root, mode: .writing)
    _ = try catalog.commit(addition(1, ["a", "b"]))
    lock(["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"])
    #expect(try read().get() == 2)
    mode(tree.root, 0o755)
  }

  @Test func `a catalog that may not be read says so`() throws {
    try make()
    mode(tree.root.appending("catalog.sqlite"), 0)
    switch read() {
    case .success: Issue.record("it was read")
    case .failure(let failure): #expect(failure.message.contains("owner and mode"))
    }
  }

  @Test func `a writer without the right to write is told so`() throws {
    try make()
    lock(["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"])
    let root = tree.root
    let result = unprivileged {
      Result { () throws(Failure) in
        try IndexCatalog(directory: root, mode: .writing).commit(addition(2, ["c"]))
      }
    }
    switch result {
    case .success: Issue.record("it was written")
    case .failure(let failure): #expect(failure.code == .permissionDenied)
    }
    mode(tree.root, 0o755)
  }
}
