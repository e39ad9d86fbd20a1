import CSystem
import Glibc
package import Primitives

/// A file by its name in a directory that is held open: no path above is looked up again, and no link is followed.
package struct HeldName: Sendable {
  package let directory: OpenDirectory
  /// One component.
  package let name: FilePath
  /// For messages alone.
  package let path: FilePath
  /// Whether the owner's file may have other names too, elsewhere: only of what is never written in place, and is held
  /// to a checksum when it is read.
  package var mayHaveOtherNames = false

  package init(_ name: FilePath, in directory: OpenDirectory, path: FilePath) {
    self.directory = directory
    self.name = name
    self.path = path
  }

  /// The file at `path`, in the directory above it, which is opened here; links in the path of that directory are
  /// followed.
  package init(_ path: FilePath) throws(Failure) {
    directory = try OpenDirectory(path.parent.isEmpty ? "." : path.parent)
    name = path.lastComponent
    self.path = path
  }

  /// Opens the file. Throws `.notFound` where there is none, `.damaged` where the entry is not a regular file with this
  /// one name that belongs to the owner of the directory: a link, a pipe, or (unless `mayHaveOtherNames`) a file that
  /// somebody else knows under another name is not what Cairn put there. The descriptor is the caller's to close.
  func open(_ flags: Int32) throws(Failure) -> Int32 {
    let opened = directory.openDescriptor(name, flags: flags)
    if opened < 0 {
      switch errno {
      case ELOOP, EISDIR, ENXIO, ENODEV: throw notOwn
      default: throw Failure(errno: errno, path: path, action: "open")
      }
    }
    do throws(Failure) {
      var raw = stat()
      guard unsafe fstat(opened, &raw) == 0 else { throw Failure(errno: errno, path: path, action: "examine") }
      let isOwn = FileStatus(raw).isOwnFile(
        of: try directory.status().owner, mayHaveOtherNames: mayHaveOtherNames)
      guard isOwn else { throw notOwn }
    } catch {
      close(opened)
      throw error
    }
    return opened
  }

  /// Makes the file, empty and for its owner alone whatever the umask says, where there is nothing of its name.
  package func makeIfMissing() throws(Failure) {
    let opened = directory.openDescriptor(name, flags: O_RDWR | O_CREAT | O_EXCL)
    if opened < 0, errno == EEXIST { return }
    guard opened >= 0 else { throw Failure(errno: errno, path: path, action: "create") }
    defer { close(opened) }
    guard fchmod(opened, 0o600) == 0 else { throw Failure(errno: errno, path: path, action: "create") }
  }

  /// The content of the file, which must be as `open` wants it.
  package func read(limit: Int = .max) throws(Failure) -> (bytes: [UInt8], status: FileStatus) {
    let descriptor = try open(O_RDONLY)
    defer { close(descriptor) }
    return try readDescriptor(descriptor, path: path, limit: limit)
  }

  /// The first `count` bytes of the file, which must be as `open` wants it; fewer where it has no more.
  package func beginning(_ count: Int) throws(Failure) -> [UInt8] {
    let descriptor = try open(O_RDONLY)
    defer { close(descriptor) }
    return try readDescriptor(descriptor, path: path, limit: .max, upTo: count).bytes
  }

  private var notOwn: Failure {
    Failure(.damaged, "it is not a regular file of one name that belongs to the directory's owner", path: path)
  }
}

extension FileStatus {
  /// Whether it is a regular file that belongs to `user` and has no other name.
  package func isOwnFile(of user: UInt32, mayHaveOtherNames: Bool = false) -> Bool {
    kind == .file && owner == user && (linkCount == 1 || mayHaveOtherNames && linkCount > 1)
  }
}

/// `count` bytes (256 at most) that nobody can guess.
package func randomBytes(_ count: Int) throws(Failure) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  let result = unsafe bytes.withUnsafeMutableBytes { unsafe csystem_random($0.baseAddress!, $0.count) }
  guard result == 0 else { throw Failure(.inputOutput, "the system gives no random bytes") }
  return bytes
}

extension [UInt8] {
  /// Two hexadecimal digits for each byte, in lower case.
  package var hexadecimal: String {
    let digits = [Character]("0123456789abcdef")
    return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
