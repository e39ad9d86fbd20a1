import CSQLite
package import Primitives

extension Failure.Code {
  /// Another process held the catalog for longer than we wait.
  package static let busy = Self(rawValue: "busy")
}

extension Failure {
  /// The failure behind a result code of SQLite, with its text as the cause.
  @unsafe init(sqlite result: Int32, handle: OpaquePointer?, path: FilePath) {
    var cause = unsafe String(cString: sqlite3_errstr(result))
    if let handle = unsafe handle, unsafe sqlite3_extended_errcode(handle) == result {
      cause = unsafe String(cString: sqlite3_errmsg(handle))
    }
    // The low byte is the kind, the rest says more.
    switch result & 0xFF {
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      self = .damagedCatalog(path, cause: cause)
    case SQLITE_FULL:
      self.init(.diskFull, "the disk is full: free some room and run the command again", path: path, cause: cause)
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
      self.init(.busy, "another process keeps the index's catalog busy: try again", path: path, cause: cause)
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      self.init(
        .permissionDenied,
        "no permission to write the index's catalog; check its owner and mode, and those of its directory",
        path: path, cause: cause)
    case SQLITE_CANTOPEN:
      self.init(
        .inputOutput, "could not open the index's catalog; check the owner and mode of its directory", path: path,
        cause: cause)
    default:
      self.init(.inputOutput, "the index's catalog could not be read or written", path: path, cause: cause)
    }
  }

  static func damagedCatalog(_ path: FilePath, cause: String) -> Failure {
    Failure(
      .damaged, "the index's catalog is damaged: build it anew with `cairn index --rebuild`", path: path, cause: cause)
  }
}
