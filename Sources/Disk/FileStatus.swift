import CSystem
import Glibc
package import Primitives

/// What the file system says of an entry, without its content.
package struct FileStatus: Hashable, Sendable {
  package enum Kind: Sendable { case file, directory, symbolicLink, other }

  package var kind: Kind
  package var byteCount: Int
  /// Nanoseconds since 1970 of the last change of the content.
  package var modified: Int64
  /// Nanoseconds since 1970 of the last change of the content or the entry (owner, mode, links, name).
  package var changed: Int64
  package var device: UInt64
  package var inode: UInt64
  /// The user it belongs to.
  package var owner: UInt32
  /// The group it belongs to.
  package var group: UInt32
  /// What owner, group and others may do: the low twelve bits.
  package var permissions: UInt32
  /// The names it has.
  package var linkCount: Int

  init(_ raw: stat) {
    switch raw.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .symbolicLink
    default: kind = .other
    }
    byteCount = Int(raw.st_size)
    modified = Self.nanoseconds(raw.st_mtim)
    changed = Self.nanoseconds(raw.st_ctim)
    device = UInt64(raw.st_dev)
    inode = UInt64(raw.st_ino)
    owner = raw.st_uid
    group = raw.st_gid
    permissions = raw.st_mode & 0o7777
    linkCount = Int(raw.st_nlink)
  }

  /// An archive can bring any time: those that 64 bits of nanoseconds do not reach (before 1678, after 2262) wrap
  /// around, so that two of them still differ.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// The status of `path`; of the link itself rather than of its target when `followsLinks` is false.
  package init(of path: FilePath, followsLinks: Bool = true) throws(Failure) {
    var raw = stat()
    let result = unsafe path.withCPath { name in
      unsafe followsLinks ? stat(name, &raw) : lstat(name, &raw)
    }
    guard result == 0 else { throw Failure(errno: errno, path: path, action: "examine") }
    self.init(raw)
  }
}

/// The user whose rights this process has.
package var effectiveUser: UInt32 { geteuid() }

/// Whether there is something at `path`, a broken symbolic link included.
package func fileExists(_ path: FilePath) -> Bool { (try? FileStatus(of: path, followsLinks: false)) != nil }
