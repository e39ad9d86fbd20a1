import CSystem
import Glibc
package import Primitives
import Synchronization

/// What is mounted where, as this process sees it, and whether that has changed: a directory that something is mounted
/// over tells nobody (`FileEvents`). One descriptor, closed when the value goes. Safe to share by threads.
package final class MountTable: Sendable {
  /// The kernel says on it that the table has changed (proc(5), `/proc/[pid]/mounts`).
  private let descriptor: Int32
  private let root: FilePath
  private let known: Mutex<Set<[UInt8]>>

  /// - Parameter root: absolute, without links: what is mounted below it is of interest.
  /// - Returns: nil where the system does not say what is mounted.
  package init?(below root: FilePath) {
    let opened = unsafe Self.path.withCPath { unsafe csystem_open($0, O_RDONLY, 0) }
    guard opened >= 0 else { return nil }
    descriptor = opened
    self.root = root
    known = Mutex(Self.mounts(below: root))
  }

  deinit { close(descriptor) }

  /// Whether something was mounted below the root, or unmounted there, since the last call, or since the value was
  /// made. One system call where nothing was mounted on the whole machine.
  package func hasChanged() -> Bool {
    var awaited = pollfd(fd: descriptor, events: Int16(POLLPRI), revents: 0)
    guard unsafe poll(&awaited, 1, 0) > 0 else { return false }
    let now = Self.mounts(below: root)
    return known.withLock { known in
      defer { known = now }
      return known != now
    }
  }

  private static let path: FilePath = "/proc/self/mountinfo"

  private static func mounts(below root: FilePath) -> Set<[UInt8]> {
    guard let table = try? readSystemBytes(path, limit: .max) else { return [] }
    return mounts(below: root, in: table)
  }

  /// The lines of `table` of what is mounted below `root`. Each line has the mount's number, that of the one around it,
  /// the device, the part of the file system, and where it is mounted.
  package static func mounts(below root: FilePath, in table: [UInt8]) -> Set<[UInt8]> {
    var prefix = escaped(root)
    if prefix.last != UInt8(ascii: "/") { prefix.append(UInt8(ascii: "/")) }
    var found: Set<[UInt8]> = []
    for line in table.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
      if words.count > 5, words[4].count > prefix.count, words[4].starts(with: prefix) { found.insert(Array(line)) }
    }
    return found
  }

  /// As the table has the path: blanks and backslashes by their octal numbers.
  private static func escaped(_ path: FilePath) -> [UInt8] {
    path.bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: " "): Array("\\040".utf8)
      case UInt8(ascii: "\t"): Array("\\011".utf8)
      case UInt8(ascii: "\n"): Array("\\012".utf8)
      case UInt8(ascii: "\\"): Array("\\134".utf8)
      default: [byte]
      }
    }
  }
}
