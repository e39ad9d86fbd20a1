import Disk
import Glibc
import Primitives
import Synchronization
import TestSupport
import Testing

/// Who holds a lock, without asking for it.
@Suite struct LockHolderTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree() }

  @Test func `the process that holds a lock is told by its number and its name`() throws {
    let path = tree.root.appending("lock")
    try tree.write("lock", "")
    let status = try FileStatus(of: path)
    let nobody = try LockHolder(of: status)
    #expect(nobody == nil)
    do {
      guard let lock = try FileLock(path) else {
        Issue.record("the lock is held")
        return
      }
      defer { withExtendedLifetime(lock) {} }
      let holder = try #require(try LockHolder(of: status))
      #expect(holder.process == Int(getpid()) && holder.name?.isEmpty == false)
    }
    let after = try LockHolder(of: status)
    #expect(after == nil)
  }

  @Test func `lines of other locks, files and devices say nothing, and one who waits holds nothing`() throws {
    try tree.write("lock", "")
    let status = try FileStatus(of: tree.root.appending("lock"))
    let (inode, other) = (status.inode, status.inode + 1)
    func holder(_ line: String) throws(Failure) -> LockHolder? {
      try LockHolder(of: status) { path in path == "/proc/locks" ? line + "\n" : nil }
    }
    let device = status.device
    let major = String((device >> 8) & 0xFFF | (device >> 32) & ~0xFFF, radix: 16)
    for line in [
      "1: FLOCK  ADVISORY  WRITE 7 \(major):01:\(other) 0 EOF",
      "1: POSIX  ADVISORY  WRITE 7 \(major):01:\(inode) 0 EOF",
      "1: -> FLOCK  ADVISORY  WRITE 7 \(major):01:\(inode) 0 EOF", "", "1: FLOCK", "1: FLOCK A W 7 x 0 EOF",
    ] {
      let found = try holder(line)
      #expect(found == nil, "\(line)")
    }
    let hidden = try #require(try holder("1: FLOCK  ADVISORY  WRITE 0 \(major):01:\(inode) 0 EOF"))
    #expect(hidden.process == nil && hidden.name == nil)
    #expect(failure { () throws(Failure) in try LockHolder(of: status) { _ in nil } }?.code == .notFound)
  }

  @Test func `a long list that lacks a line is read again`() throws {
    try tree.write("lock", "")
    let status = try FileStatus(of: tree.root.appending("lock"))
    let major = String((status.device >> 8) & 0xFFF | (status.device >> 32) & ~0xFFF, radix: 16)
    let others = String(repeating: "1: POSIX  ADVISORY  READ 7 00:01:7 0 EOF\n", count: 100)
    let reads = Mutex(0)
    let found = try LockHolder(of: status) { path in
      guard path == "/proc/locks" else { return nil }
      let isFirst = reads.withLock { reads in
        reads += 1
        return reads == 1
      }
      return isFirst ? others : others + "2: FLOCK  ADVISORY  WRITE 4711 \(major):01:\(status.inode) 0 EOF\n"
    }
    #expect(found?.process == 4711 && reads.withLock { $0 } == 2)
  }
}
