import CSystem
import Glibc
package import Primitives

/// A file that appears under its name whole or not at all: written under a temporary name beside it, synced, renamed,
/// and its directory synced. Dropped without `commit`, it leaves nothing behind; a killed process leaves a file whose
/// name `temporaryTarget` knows, which the next vacuum removes. Beside the user's own files no vacuum comes: there it
/// has no name until it is whole (`init(replacing:)`), where the file system has such files.
///
/// The temporary name cannot be guessed and no link is followed: who may write in the directory cannot choose what is
/// overwritten.
package struct AtomicFile: ~Copyable {
  package static let temporarySuffix = ".tmp"
  /// Hexadecimal digits of the random part of a temporary name.
  private static let digitCount = 16

  private let target: HeldName
  private let temporary: FilePath
  private let descriptor: Int32
  /// Whether it has its temporary name from the start.
  private let isNamed: Bool
  /// Bytes written so far.
  package private(set) var byteCount = 0

  /// A file that all whom the umask allows may read.
  package init(_ target: FilePath) throws(Failure) {
    let target = try HeldName(target)
    (temporary, descriptor) = try Self.begin(target, mode: 0o666, obeysUmask: true)
    isNamed = true
    self.target = target
  }

  /// - Parameter mode: what owner, group and others may do, whatever the umask says.
  package init(_ target: HeldName, mode: UInt32 = 0o600) throws(Failure) {
    (temporary, descriptor) = try Self.begin(target, mode: mode, obeysUmask: false)
    isNamed = true
    self.target = target
  }

  /// A file that takes the place of the one at `target` with its mode, owner, group and extended attributes (lists of
  /// who may do what among them), or is new as `init(_:)` makes it. Throws where the old one is no regular file, or
  /// where something of these cannot be kept.
  package init(replacing target: FilePath) throws(Failure) {
    let held = try HeldName(target)
    (temporary, descriptor, isNamed) = try Self.begin(replacing: held)
    self.target = held
  }

  private typealias Created = (name: FilePath, descriptor: Int32, isNamed: Bool)

  private static func begin(replacing target: HeldName) throws(Failure) -> Created {
    guard let old = try? target.directory.status(of: target.name) else {
      return try beginUnnamed(target, mode: 0o666, obeysUmask: true)
    }
    guard old.kind == .file else {
      throw Failure(
        .invalidArgument, "it is not a regular file and is left as it is; edit it by hand", path: target.path)
    }
    let new = try beginUnnamed(target, mode: 0o600, obeysUmask: false)
    var made = stat()
    let isOwned = unsafe fstat(new.descriptor, &made) == 0 && made.st_uid == old.owner && made.st_gid == old.group
    // The owner first: a change of it takes the bits of the set-user mode away. The mode last: a list of who may do
    // what changes it.
    if isOwned || fchown(new.descriptor, old.owner, old.group) == 0, keepAttributes(of: target, on: new.descriptor),
      fchmod(new.descriptor, old.permissions) == 0
    {
      return new
    }
    close(new.descriptor)
    if new.isNamed { try? target.directory.remove(new.name) }
    throw Failure(
      .permissionDenied,
      "its owner, group, mode or extended attributes could not be kept, so it is left as it is; edit it by hand",
      path: target.path)
  }

  private static let accessList = "system.posix_acl_access"

  /// Gives the file behind `new` the extended attributes of `old`: the user's own, and the list of who may do what,
  /// which it must not have from its directory where the old one has none. Those of the system's (labels) are the
  /// system's to set, and kept where it lets one. False where something of the user's is not kept.
  private static func keepAttributes(of old: HeldName, on new: Int32) -> Bool {
    let descriptor = old.directory.openDescriptor(old.name, flags: O_RDONLY)
    // What cannot be read was read by nobody who now writes it.
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    var list = [CChar](repeating: 0, count: 1 << 16)
    let length = unsafe Int(csystem_list_attributes(descriptor, &list, list.count))
    // A file system that has none, or a list that is longer than the kernel makes any.
    guard length >= 0 else { return errno == ENOTSUP || errno == ENOSYS }
    let names = list[..<length].split(separator: 0).map { name in
      String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    if !names.contains(accessList) { _ = unsafe csystem_remove_attribute(new, accessList) }
    var value = [UInt8](repeating: 0, count: 1 << 16)
    for name in names {
      let isUsers = name.hasPrefix("user.") || name == accessList
      guard isUsers || name == "security.selinux" else { continue }
      let size = unsafe Int(csystem_get_attribute(descriptor, name, &value, value.count))
      let isKept = unsafe size >= 0 && csystem_set_attribute(new, name, value, size) == 0
      guard isKept || !isUsers else { return false }
    }
    return true
  }

  /// As `begin`, without a name where the file system has such files.
  private static func beginUnnamed(
    _ target: HeldName, mode: UInt32, obeysUmask: Bool
  ) throws(Failure) -> Created {
    let opened = target.directory.openUnnamed(mode: mode)
    guard opened >= 0 else {
      let created = try begin(target, mode: mode, obeysUmask: obeysUmask)
      return (created.name, created.descriptor, true)
    }
    if obeysUmask || fchmod(opened, mode) == 0 {
      do throws(Failure) { return (try temporaryName(of: target), opened, false) } catch {
        close(opened)
        throw error
      }
    }
    let code = errno
    close(opened)
    throw Failure(errno: code, path: target.path, action: "create")
  }

  private static func temporaryName(of target: HeldName) throws(Failure) -> FilePath {
    let random = try randomBytes(digitCount / 2).hexadecimal
    return FilePath(bytes: target.name.bytes + Array("-\(random)\(temporarySuffix)".utf8))
  }

  private static func begin(
    _ target: HeldName, mode: UInt32, obeysUmask: Bool
  ) throws(Failure) -> (name: FilePath, descriptor: Int32) {
    let name = try temporaryName(of: target)
    let opened = target.directory.openDescriptor(name, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode)
    guard opened >= 0 else { throw Failure(errno: errno, path: target.path, action: "create") }
    if obeysUmask || fchmod(opened, mode) == 0 { return (name, opened) }
    let code = errno
    close(opened)
    try? target.directory.remove(name)
    throw Failure(errno: code, path: target.path, action: "create")
  }

  /// The name of the file that was to be written under the temporary `name`, or nil for any other name.
  package static func temporaryTarget(_ name: FilePath) -> FilePath? {
    let suffix = Array(temporarySuffix.utf8)
    let tail = digitCount + suffix.count + 1
    guard name.bytes.count > tail, name.bytes.suffix(suffix.count).elementsEqual(suffix) else { return nil }
    let rest = name.bytes.suffix(tail).dropLast(suffix.count)
    let digits = Array("0123456789abcdef".utf8)
    guard rest.first == UInt8(ascii: "-"), rest.dropFirst().allSatisfy({ digits.contains($0) }) else { return nil }
    return FilePath(bytes: Array(name.bytes.dropLast(tail)))
  }

  /// Appends `bytes`.
  package mutating func write(_ bytes: Span<UInt8>) throws(Failure) {
    var failure: Int32 = 0
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var done = 0
      while done < buffer.count {
        let wrote = unsafe Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
        if wrote < 0 && errno == EINTR { continue }
        guard wrote > 0 else {
          failure = errno
          return
        }
        done += wrote
      }
    }
    guard failure == 0 else { throw Failure(errno: failure, path: target.path, action: "write") }
    byteCount += bytes.count
  }
  package mutating func write(_ bytes: [UInt8]) throws(Failure) { try write(bytes.span) }

  /// Makes the file durable and gives it its name.
  ///
  /// - Parameter isDurable: false for a file whose loss in a power failure does no harm; it may then be the one from
  ///   before, none, or empty.
  package consuming func commit(isDurable: Bool = true) throws(Failure) {
    guard !isDurable || fsync(descriptor) == 0 else { throw Failure(errno: errno, path: target.path, action: "write") }
    do throws(Failure) {
      if !isNamed { try target.directory.giveName(temporary, to: descriptor) }
      try target.directory.rename(temporary, to: target.name)
      if isDurable { try target.directory.sync() }
    } catch {
      throw Failure(error.code, error.message, path: target.path, cause: error.cause, remedy: error.remedy)
    }
  }

  deinit {
    close(descriptor)
    // After a commit the temporary name is gone and there is nothing to remove.
    try? target.directory.remove(temporary)
  }
}

/// Makes the names in `directory` durable.
package func syncDirectory(_ directory: FilePath) throws(Failure) {
  let descriptor = unsafe directory.withCPath { unsafe csystem_open($0, O_RDONLY | O_DIRECTORY, 0) }
  guard descriptor >= 0 else { throw Failure(errno: errno, path: directory, action: "open") }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else { throw Failure(errno: errno, path: directory, action: "sync") }
}

/// Gives what is at `path`, a file or a directory, the name `target`, in one step. A file that has the name already is
/// replaced, a directory only when it is empty. Both must lie on one file system. Durable after `syncDirectory`.
package func renameFile(_ path: FilePath, to target: FilePath) throws(Failure) {
  let result = unsafe path.withCPath { from in unsafe target.withCPath { to in unsafe rename(from, to) } }
  guard result == 0 else { throw Failure(errno: errno, path: target, action: "name") }
}

/// Removes an empty directory. Nothing there is no error.
package func removeDirectory(_ path: FilePath) throws(Failure) {
  let result = unsafe path.withCPath { name in unsafe rmdir(name) }
  guard result == 0 || errno == ENOENT else { throw Failure(errno: errno, path: path, action: "remove") }
}
