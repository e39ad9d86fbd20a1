import CSystem
import Glibc
package import Primitives

/// One entry of a directory: its name, and its kind where the file system tells it without a further call.
package struct DirectoryEntry: Sendable {
  package var name: FilePath
  package var kind: FileStatus.Kind?
}

/// The entries of `directory` in no particular order, without `.` and `..`.
package func listDirectory(_ directory: FilePath) throws(Failure) -> [DirectoryEntry] {
  let handle = unsafe directory.withCPath { name in unsafe opendir(name) }
  guard let handle = unsafe handle else { throw Failure(errno: errno, path: directory, action: "list") }
  defer { unsafe closedir(handle) }
  return try unsafe readEntries(of: handle, path: directory)
}

/// The entries that an open directory stream still has to give; `path` is for errors.
@unsafe func readEntries(of stream: OpaquePointer, path: FilePath) throws(Failure) -> [DirectoryEntry] {
  var entries: [DirectoryEntry] = []
  while true {
    errno = 0
    guard let entry = unsafe readdir(stream) else {
      if errno != 0 { throw Failure(errno: errno, path: path, action: "list") }
      return entries
    }
    // The name is read through the entry itself: the record may be longer than the declared 256 bytes on some systems.
    let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
    let start = unsafe UnsafeRawPointer(entry) + offset
    let count = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
    let name = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    if name == [UInt8(ascii: ".")] || name == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
    let kind: FileStatus.Kind? =
      switch Int(unsafe entry.pointee.d_type) {
      case Int(DT_REG): .file
      case Int(DT_DIR): .directory
      case Int(DT_LNK): .symbolicLink
      case Int(DT_UNKNOWN): nil
      default: .other
      }
    entries.append(DirectoryEntry(name: FilePath(bytes: name), kind: kind))
  }
}

/// The absolute path of `path` with every symbolic link followed.
package func resolvedPath(_ path: FilePath) throws(Failure) -> FilePath {
  guard let resolved = realPath(path) else { throw Failure(errno: errno, path: path, action: "resolve") }
  return resolved
}

/// The absolute path that the symbolic link at `path` leads to, with every link on the way followed; nil if it leads
/// nowhere, or in a circle. Throws where that cannot be told.
package func target(ofLink path: FilePath) throws(Failure) -> FilePath? {
  if let resolved = realPath(path) { return resolved }
  if [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(errno) { return nil }
  throw Failure(errno: errno, path: path, action: "follow")
}

/// Returns nil if the system does not say; `errno` then tells why.
private func realPath(_ path: FilePath) -> FilePath? {
  guard let resolved = unsafe path.withCPath({ name in unsafe realpath(name, nil) }) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe FilePath(bytes: Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved))))
}

/// The target of a symbolic link, as written.
package func readLink(_ path: FilePath) throws(Failure) -> FilePath {
  var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = unsafe path.withCPath { name in
    unsafe buffer.withUnsafeMutableBytes { target in
      unsafe readlink(name, target.baseAddress!.assumingMemoryBound(to: CChar.self), target.count)
    }
  }
  guard count >= 0 else { throw Failure(errno: errno, path: path, action: "read") }
  return FilePath(bytes: Array(buffer[..<count]))
}

/// Makes `directory` and the missing ones above it.
///
/// - Parameter mode: what owner, group and others may do with each that is made, less what the umask says.
package func makeDirectory(_ directory: FilePath, mode: UInt32 = 0o777) throws(Failure) {
  if let status = try? FileStatus(of: directory), status.kind == .directory { return }
  if !directory.parent.isEmpty, directory.parent != directory { try makeDirectory(directory.parent, mode: mode) }
  let result = unsafe directory.withCPath { name in unsafe mkdir(name, mode) }
  if result == 0 { return }
  let code = errno
  // Another process may have made it meanwhile; anything else of that name is in the way.
  if code == EEXIST, let status = try? FileStatus(of: directory), status.kind == .directory { return }
  throw Failure(errno: code, path: directory, action: "make")
}

/// Removes one file. Nothing there is no error.
package func removeFile(_ path: FilePath) throws(Failure) {
  let result = unsafe path.withCPath { name in unsafe unlink(name) }
  guard result == 0 || errno == ENOENT else { throw Failure(errno: errno, path: path, action: "remove") }
}

/// The directory the process works in.
package func currentDirectory() throws(Failure) -> FilePath { try resolvedPath(".") }
