import CSystem
import Glibc
package import Primitives

/// A directory held to read files below it and nowhere else, whatever becomes of the tree meanwhile: no symbolic link
/// is followed, neither in the place of a file nor in that of a directory on the way, and only regular files are read.
/// One descriptor, closed when the value goes. Safe to share by threads.
///
/// The directory need not be readable: nothing is listed.
package final class HeldDirectory: Sendable {
  private let descriptor: Int32
  /// False if each component is opened by itself, as on kernels before 5.6: the same answer, by more calls.
  private let opensAtOnce: Bool

  /// Holds `path`; a symbolic link at its end is followed.
  ///
  /// - Parameter opensAtOnce: whether the kernel is asked for whole paths first; only a test says no.
  package init(_ path: FilePath, opensAtOnce: Bool = true) throws(Failure) {
    let opened = unsafe path.withCPath { unsafe csystem_hold_directory($0) }
    guard opened >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    descriptor = opened
    self.opensAtOnce = opensAtOnce
  }

  /// Holds the directory at the absolute `path`; no symbolic link is followed on the way to it.
  package init(exactly path: FilePath) throws(Failure) {
    descriptor = try holdExactly(path)
    opensAtOnce = true
  }

  /// The content and status of the regular file at the relative `path`, in one go through one descriptor. Blocks on no
  /// FIFO and no device.
  ///
  /// Throws `.notFound` where there is no file, `.notRegular` where a link, a directory or something else is in its
  /// place or a link in that of a directory above, `.tooLarge` when it holds more than `limit` bytes, and what the
  /// system says of files that cannot be read. The path of a failure is the relative one.
  ///
  /// - Parameter end: what lies behind it is not read.
  package func readFile(
    _ path: FilePath, limit: Int = .max, upTo end: Int = .max
  ) throws(Failure) -> (bytes: [UInt8], status: FileStatus) {
    let file = try openFile(path)
    return (try file.read(limit: limit, upTo: end), file.status)
  }

  /// The regular file at the relative `path`, open. Throws as `readFile` does.
  ///
  /// - Parameter name: what failures to read it call it; its path when left out.
  package func openFile(_ path: FilePath, as name: FilePath? = nil) throws(Failure) -> OpenFile {
    let opened = try open(path)
    var raw = stat()
    guard unsafe fstat(opened, &raw) == 0 else {
      let failure = Failure(errno: errno, path: path, action: "examine")
      close(opened)
      throw failure
    }
    let status = FileStatus(raw)
    guard status.kind == .file else {
      close(opened)
      throw Self.notRegular(path)
    }
    return OpenFile(opened, status, path: name ?? path)
  }

  /// Whether what is inside is made up by the kernel (`/proc`, `/sys` and their kin) and kept nowhere.
  package var isMadeUp: Bool { madeUpFileSystems.contains(csystem_file_system(descriptor)) }

  private func open(_ path: FilePath) throws(Failure) -> Int32 {
    if path.isEmpty || path.bytes.first == UInt8(ascii: "/") { throw Self.notRegular(path) }
    if opensAtOnce {
      let opened = unsafe path.withCPath {
        unsafe csystem_openat_beneath(descriptor, $0, O_RDONLY | O_NONBLOCK | O_NOCTTY)
      }
      if opened >= 0 { return opened }
      switch errno {
      // Too old a kernel, one that is not allowed to (a filter answers as it likes), a path that is too long, a tree
      // that is being moved: component by component there is an answer.
      case ENOSYS, EPERM, EINVAL, E2BIG, EAGAIN, ENAMETOOLONG: break
      default: throw Self.failure(errno, path)
      }
    }
    return try openByComponents(path)
  }

  private func openByComponents(_ path: FilePath) throws(Failure) -> Int32 {
    var names = path.bytes.split(separator: UInt8(ascii: "/")).map { FilePath(bytes: Array($0)) }
    guard let last = names.popLast(), last != "..", !names.contains("..") else { throw Self.notRegular(path) }
    var directory = descriptor
    defer { if directory != descriptor { close(directory) } }
    for name in names {
      let next = unsafe name.withCPath { unsafe csystem_hold_directory_at(directory, $0) }
      guard next >= 0 else {
        let code = errno
        // A link is held as what it is, which is no directory.
        throw code == ENOTDIR && Self.isLink(name, in: directory) ? Self.notRegular(path) : Self.failure(code, path)
      }
      if directory != descriptor { close(directory) }
      directory = next
    }
    let opened = unsafe last.withCPath {
      unsafe csystem_openat(directory, $0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW)
    }
    guard opened >= 0 else { throw Self.failure(errno, path) }
    return opened
  }

  private static func isLink(_ name: FilePath, in directory: Int32) -> Bool {
    var raw = stat()
    return unsafe name.withCPath { unsafe fstatat(directory, $0, &raw, AT_SYMLINK_NOFOLLOW) } == 0
      && FileStatus(raw).kind == .symbolicLink
  }

  private static func failure(_ code: Int32, _ path: FilePath) -> Failure {
    switch code {
    // A link where none is followed, a path that leads out, a socket.
    case ELOOP, EXDEV, ENXIO, ENODEV: notRegular(path)
    default: Failure(errno: code, path: path, action: "open")
    }
  }

  private static func notRegular(_ path: FilePath) -> Failure {
    Failure(.notRegular, "it is not a regular file, or a symbolic link leads to it", path: path)
  }

  deinit { close(descriptor) }
}

// linux/magic.h: proc, sysfs, devpts, debugfs, tracefs, cgroup, cgroup2, securityfs, bpf, pstore, efivarfs, configfs,
// selinux, mqueue, nsfs, binfmt_misc, binder, smack, xenfs, fusectl.
let madeUpFileSystems: Set<Int64> = [
  0x9FA0, 0x6265_6572, 0x1CD1, 0x6462_6720, 0x7472_6163, 0x27_E0EB, 0x6367_7270, 0x7363_6673, 0xCAFE_4A11,
  0x6165_676C, 0xDE5E_81E4, 0x6265_6570, 0xF97C_FF8C, 0x1980_0202, 0x6E73_6673, 0x4249_4E4D, 0x6C6F_6F70,
  0x4341_5D53, 0xABBA_1974, 0x6573_5543,
]

/// Holds the directory at the absolute `path`, each component in the one above: no symbolic link is followed.
func holdExactly(_ path: FilePath) throws(Failure) -> Int32 {
  var directory = unsafe csystem_hold_directory("/")
  guard directory >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
  for name in path.bytes.split(separator: UInt8(ascii: "/")) {
    let next = unsafe FilePath(bytes: Array(name)).withCPath { unsafe csystem_hold_directory_at(directory, $0) }
    let code = errno
    close(directory)
    guard next >= 0 else { throw Failure(errno: code, path: path, action: "open") }
    directory = next
  }
  return directory
}

extension Failure.Code {
  /// Something else than a regular file is at a path, or a symbolic link that is not followed.
  package static let notRegular = Self(rawValue: "not-regular")
}
