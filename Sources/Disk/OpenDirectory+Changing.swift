import CSystem
import Glibc
package import Primitives

// What is done inside a held directory. Names are single components: `/`, `.`, `..` and the empty name are refused, so
// that nothing here leads out of the directory.

extension OpenDirectory {
  /// The status of the directory itself.
  package func status() throws(Failure) -> FileStatus {
    var raw = stat()
    guard unsafe fstat(descriptor, &raw) == 0 else { throw Failure(errno: errno, path: ".", action: "examine") }
    return FileStatus(raw)
  }

  /// Makes the directory `name`, for its owner alone, and opens it; opens the one that is there already. A link of that
  /// name is an error.
  package func makeDirectory(_ name: FilePath) throws(Failure) -> OpenDirectory {
    try Self.check(name)
    let made = unsafe name.withCPath { unsafe mkdirat(descriptor, $0, 0o700) }
    guard made == 0 || errno == EEXIST else { throw Failure(errno: errno, path: name, action: "make") }
    if made != 0 { return try directory(name) }
    // A umask may have taken away what the owner needs.
    let opened: OpenDirectory
    do throws(Failure) { opened = try directory(name) } catch  where error.code == .permissionDenied {
      _ = unsafe name.withCPath { unsafe fchmodat(descriptor, $0, 0o700, 0) }
      opened = try directory(name)
    }
    try opened.restrict()
    return opened
  }

  /// Lets nobody but the owner into the directory.
  package func restrict() throws(Failure) {
    guard fchmod(descriptor, 0o700) == 0 else { throw Failure(errno: errno, path: ".", action: "change") }
  }

  /// Lets the owner of the entry `name`, and others, do what `mode` says; a link is not followed.
  package func setMode(_ mode: UInt32, of name: FilePath) throws(Failure) {
    try Self.check(name)
    let result = unsafe name.withCPath { unsafe fchmodat(descriptor, $0, mode, AT_SYMLINK_NOFOLLOW) }
    guard result == 0 else { throw Failure(errno: errno, path: name, action: "change") }
  }

  /// Sets the times of the entry `name` to now; a link is not followed.
  package func touch(_ name: FilePath) throws(Failure) {
    try Self.check(name)
    let result = unsafe name.withCPath { unsafe utimensat(descriptor, $0, nil, AT_SYMLINK_NOFOLLOW) }
    guard result == 0 else { throw Failure(errno: errno, path: name, action: "change") }
  }

  /// Whether this process may make files in the directory.
  package var isWritable: Bool { unsafe faccessat(descriptor, ".", W_OK | X_OK, AT_EACCESS) == 0 }

  /// A file without a name in the directory; -1 and `errno` where there can be none. The descriptor is the caller's to
  /// close.
  func openUnnamed(mode: UInt32) -> Int32 { csystem_open_unnamed(descriptor, mode) }

  /// Gives the file of `openUnnamed` the name `name`, which nothing has.
  func giveName(_ name: FilePath, to unnamed: Int32) throws(Failure) {
    try Self.check(name)
    let result = unsafe name.withCPath { unsafe csystem_name_file(unnamed, descriptor, $0) }
    guard result == 0 else { throw Failure(errno: errno, path: name, action: "name") }
  }

  /// Opens the file `name` without following a link; -1 and `errno` where that fails. The descriptor is the caller's to
  /// close.
  package func openDescriptor(_ name: FilePath, flags: Int32, mode: UInt32 = 0o600) -> Int32 {
    guard Self.isName(name) else {
      errno = EINVAL
      return -1
    }
    return unsafe name.withCPath {
      unsafe csystem_openat_making(descriptor, $0, flags | O_NOFOLLOW | O_NONBLOCK, mode)
    }
  }

  /// Another descriptor of the directory itself, or -1.
  package func openItself() -> Int32 { unsafe csystem_openat(descriptor, ".", O_RDONLY | O_DIRECTORY) }

  /// As `fstatat(2)`, of a link itself, into the `struct stat` at `result`; -1 and `errno` where that fails.
  @unsafe package func examine(_ name: FilePath, _ result: UnsafeMutableRawPointer) -> Int32 {
    unsafe name.withCPath {
      unsafe fstatat(descriptor, $0, result.assumingMemoryBound(to: stat.self), AT_SYMLINK_NOFOLLOW)
    }
  }

  /// As `faccessat(2)`.
  package func access(_ name: FilePath, _ mode: Int32) -> Int32 {
    unsafe name.withCPath { unsafe faccessat(descriptor, $0, mode, 0) }
  }

  /// Gives the entry `name` another name in the same directory, in one step.
  package func rename(_ name: FilePath, to target: FilePath) throws(Failure) {
    try Self.check(name)
    try Self.check(target)
    let result = unsafe name.withCPath { from in
      unsafe target.withCPath { to in unsafe renameat(descriptor, from, descriptor, to) }
    }
    guard result == 0 else { throw Failure(errno: errno, path: target, action: "name") }
  }

  /// Gives the file `name` a second name, unless that is taken: false then.
  package func link(_ name: FilePath, as target: FilePath) throws(Failure) -> Bool {
    try Self.check(name)
    try Self.check(target)
    let result = unsafe name.withCPath { from in
      unsafe target.withCPath { to in unsafe linkat(descriptor, from, descriptor, to, 0) }
    }
    if result == 0 { return true }
    if errno == EEXIST { return false }
    throw Failure(errno: errno, path: target, action: "name")
  }

  /// Gives the file `name` of another directory a second name in this one. False where that cannot be: the name is
  /// taken, the directories lie on two file systems, or theirs has no second names.
  package func link(_ name: FilePath, of other: OpenDirectory, as target: FilePath) throws(Failure) -> Bool {
    try Self.check(name)
    try Self.check(target)
    let result = unsafe name.withCPath { from in
      unsafe target.withCPath { to in unsafe linkat(other.descriptor, from, descriptor, to, 0) }
    }
    if result == 0 { return true }
    if [EEXIST, EXDEV, EPERM, EMLINK, EOPNOTSUPP].contains(errno) { return false }
    throw Failure(errno: errno, path: target, action: "name")
  }

  /// Removes the entry `name`: a file, a link (not its target), or an empty directory. Nothing there is no error.
  package func remove(_ name: FilePath) throws(Failure) {
    try Self.check(name)
    var result = unsafe name.withCPath { unsafe unlinkat(descriptor, $0, 0) }
    if result != 0, errno == EISDIR { result = unsafe name.withCPath { unsafe unlinkat(descriptor, $0, AT_REMOVEDIR) } }
    if result != 0, errno == ENOTEMPTY {
      throw Failure(
        .inputOutput, "a directory that holds something is in its place, and was not touched: move it away",
        path: name)
    }
    guard result == 0 || errno == ENOENT else { throw Failure(errno: errno, path: name, action: "remove") }
  }

  /// Makes the names in the directory durable.
  package func sync() throws(Failure) {
    guard fsync(descriptor) == 0 else { throw Failure(errno: errno, path: ".", action: "sync") }
  }

  /// When the directory was made, in nanoseconds since 1970; 0 if the file system does not say.
  package var birthTime: Int64 { csystem_birth_time(descriptor) }

  static func isName(_ name: FilePath) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.bytes.contains(UInt8(ascii: "/")) && !name.bytes.contains(0)
  }

  private static func check(_ name: FilePath) throws(Failure) {
    guard isName(name) else { throw Failure(.invalidArgument, "it is no name of an entry", path: name) }
  }
}
