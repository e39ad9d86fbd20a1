import CSystem
import Glibc
package import Primitives

/// A directory held open: what is inside is named relative to it, so that no path above is looked up again and a path
/// below may be longer than the system's limit. One descriptor, closed when the value goes. Safe to share by threads,
/// except that `entries` is for one thread at a time.
package final class OpenDirectory: Sendable {
  let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// Opens `path`; a symbolic link at its end is followed.
  package convenience init(_ path: FilePath) throws(Failure) {
    let opened = unsafe path.withCPath { unsafe csystem_open($0, O_RDONLY | O_DIRECTORY, 0) }
    guard opened >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    self.init(descriptor: opened)
  }

  /// Opens `path`; a symbolic link at its end is not followed.
  package convenience init(notFollowing path: FilePath) throws(Failure) {
    let opened = unsafe path.withCPath { unsafe csystem_open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0) }
    guard opened >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    self.init(descriptor: opened)
  }

  /// Opens the directory at the absolute `path`; no symbolic link is followed on the way to it.
  package convenience init(exactly path: FilePath) throws(Failure) {
    let held = try holdExactly(path)
    defer { close(held) }
    let opened = unsafe csystem_openat(held, ".", O_RDONLY | O_DIRECTORY)
    guard opened >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    self.init(descriptor: opened)
  }

  /// Whether what is inside is made up by the kernel (`/proc`, `/sys` and their kin) and kept nowhere.
  package var isMadeUp: Bool { madeUpFileSystems.contains(csystem_file_system(descriptor)) }

  /// What the file system is called, for people, where other machines may change what is inside, of which this one's
  /// kernel tells nobody: network file systems, those that a host shares with its guest, and those that a program makes
  /// (FUSE), which may be such. Nil of one that is none.
  package var networkName: String? {
    let number = csystem_file_system(descriptor)
    if let name = FileSystemStatus.networkNames[number] { return name }
    return FileSystemStatus.relayed.contains(number) ? "FUSE or its kin" : nil
  }

  /// Whether a directory on this file system is known to have other times after each change of its entries: those of
  /// Linux' own that keep files on this machine. Not so where other machines write too, where a program or another file
  /// system answers (FUSE, overlays), or where times are kept in steps of two seconds (FAT).
  package var timesTellOfEntries: Bool { FileSystemStatus.timely.contains(csystem_file_system(descriptor)) }

  /// Opens the directory at the relative `path` below this one; a symbolic link at its end is not followed. The empty
  /// path opens this directory again.
  package func directory(_ path: FilePath) throws(Failure) -> OpenDirectory {
    let name: FilePath = path.isEmpty ? "." : path
    let opened = unsafe name.withCPath {
      unsafe csystem_openat(descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }
    guard opened >= 0 else { throw Failure(errno: errno, path: path, action: "open") }
    return OpenDirectory(descriptor: opened)
  }

  /// Opens the directory to which `names` lead, each in the one before; no symbolic link is followed. This one where
  /// there are none.
  package func directory(through names: some Sequence<FilePath>) throws(Failure) -> OpenDirectory {
    var directory = self
    for name in names { directory = try directory.directory(name) }
    return directory
  }

  /// The entries in no particular order, without `.` and `..`.
  package func entries() throws(Failure) -> [DirectoryEntry] {
    let copy = dup(descriptor)
    guard copy >= 0 else { throw Failure(errno: errno, path: ".", action: "list") }
    guard let stream = unsafe fdopendir(copy) else {
      let code = errno
      close(copy)
      throw Failure(errno: code, path: ".", action: "list")
    }
    defer { unsafe closedir(stream) }
    // The position is shared with `descriptor`: an earlier listing left it at the end.
    unsafe rewinddir(stream)
    return try unsafe readEntries(of: stream, path: ".")
  }

  /// The status of the entry `name`; of a link itself, not of its target.
  package func status(of name: FilePath) throws(Failure) -> FileStatus {
    var raw = stat()
    let result = unsafe name.withCPath { unsafe fstatat(descriptor, $0, &raw, AT_SYMLINK_NOFOLLOW) }
    guard result == 0 else { throw Failure(errno: errno, path: name, action: "examine") }
    return FileStatus(raw)
  }

  /// The same for many names in a row: of an entry whose name is all of `name` but a zero at its end; nil where there
  /// is none, or its status is not to be had. Allocates nothing.
  package func status(ofTerminated name: Span<UInt8>) -> FileStatus? {
    guard name.count > 1, name[name.count - 1] == 0 else { return nil }
    var raw = stat()
    let result = unsafe name.withUnsafeBufferPointer { bytes in
      unsafe fstatat(
        descriptor, UnsafeRawPointer(bytes.baseAddress!).assumingMemoryBound(to: CChar.self), &raw, AT_SYMLINK_NOFOLLOW)
    }
    return result == 0 ? FileStatus(raw) : nil
  }

  /// The content of the regular file `name`, as `readFile` reads it, except that a symbolic link is not followed.
  package func readFile(_ name: FilePath, limit: Int = .max) throws(Failure) -> (bytes: [UInt8], status: FileStatus) {
    let opened = openDescriptor(name, flags: O_RDONLY)
    guard opened >= 0 else { throw Failure(errno: errno, path: name, action: "open") }
    defer { close(opened) }
    return try readDescriptor(opened, path: name, limit: limit)
  }

  deinit { close(descriptor) }
}
