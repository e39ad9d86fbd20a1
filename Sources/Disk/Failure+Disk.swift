import Glibc
package import Primitives

extension Failure {
  /// The failure that `errno` names after a call on `path` that was to `action` it ("read", "lock", ...).
  package init(errno code: Int32, path: FilePath, action: String) {
    let cause = unsafe String(cString: strerror(code))
    switch code {
    case ENOENT, ENOTDIR:
      self.init(.notFound, "there is no such file or directory", path: path, cause: cause)
    case EACCES, EPERM, EROFS:
      self.init(.permissionDenied, "no permission to \(action) it; check its owner and mode", path: path, cause: cause)
    case ENOSPC, EDQUOT:
      self.init(.diskFull, "the disk is full: free some room and try again", path: path, cause: cause)
    case EFBIG:
      self.init(
        .inputOutput,
        "it would be larger than this process may make a file (`ulimit -f`): raise that limit and try again",
        path: path, cause: cause)
    case ENOLCK:
      self.init(
        .inputOutput,
        "the system gives no locks here, as on a network drive without a lock service: it must live on another file "
          + "system (an index: where index_dir says, which may be \"cache\")", path: path, cause: cause)
    case ENOMEM:
      self.init(.outOfMemory, "there is no memory to \(action) it", path: path, cause: cause)
    default:
      self.init(.inputOutput, "could not \(action) it", path: path, cause: cause)
    }
  }
}

extension Failure.Code {
  /// A file was cut in place, or could not be read, while it was mapped: opened anew, it may be whole again.
  package static let cut = Self(rawValue: "cut")
}

extension FilePath {
  /// Calls `body` with the path as a C string. A path with a NUL byte names no file and gives an empty string.
  func withCPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var terminated = bytes.contains(0) ? [] : bytes
    terminated.append(0)
    return unsafe terminated.withUnsafeBytes { unsafe body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
  }
}
