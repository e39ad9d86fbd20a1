import Disk
import Glibc
import Primitives
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
}
