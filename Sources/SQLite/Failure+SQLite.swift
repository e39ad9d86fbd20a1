import CSQLite
import Disk
import Glibc
package import Primitives

extension Failure.Code {
  /// Another process held the database for longer than we wait.
  package static let busy = Self(rawValue: "busy")
}

extension Failure {
  /// The failure behind a result code of SQLite, with its text as the cause.
  ///
  /// - Parameter database: knows why the system did not write or lock, which SQLite does not tell; nil if none was
  ///   opened.
  @unsafe init(
    sqlite result: Int32, database: OpenDatabase?, handle: OpaquePointer?, path: FilePath, wording: DatabaseWording
  ) {
    let writeError = database?.takeWriteError() ?? 0
    var cause = unsafe String(cString: sqlite3_errstr(result))
    if let handle = unsafe handle, unsafe sqlite3_extended_errcode(handle) == result {
      cause = unsafe String(cString: sqlite3_errmsg(handle))
    }
    if [SQLITE_IOERR, SQLITE_CANTOPEN].contains(result & 0xFF) {
      let code = unsafe writeError == 0 && handle != nil ? sqlite3_system_errno(handle) : writeError
      switch code {
      // These say what to do; an error of the disk says nothing.
      case ENOSPC, EDQUOT, EFBIG:
        self.init(errno: code, path: path, action: "write")
        return
      default: break
      }
    }
    // The low byte is the kind, the rest says more.
    switch result & 0xFF {
    // What the program asks is right, so that an SQL error means that the tables are not what they were.
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_TOOBIG:
      self = wording.damaged(path, cause: cause)
    case SQLITE_FULL:
      self.init(.diskFull, "the disk is full: free some room and try again", path: path, cause: cause)
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
      if let code = database?.lockError, code != 0 {
        self.init(errno: code, path: path, action: "lock")
        return
      }
      self.init(.busy, "another process keeps \(wording.name) busy: try again", path: path, cause: cause)
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      self.init(
        .permissionDenied,
        "no permission to write \(wording.name); check its owner and mode, and those of its directory",
        path: path, cause: cause)
    case SQLITE_CANTOPEN:
      self.init(
        .inputOutput, "could not open \(wording.name); check the owner and mode of its directory", path: path,
        cause: cause)
    default:
      self.init(.inputOutput, "\(wording.name) could not be read or written", path: path, cause: cause)
    }
  }
}

/// How failures speak of a database: what it is to a person, and what to do when it is damaged.
package struct DatabaseWording: Hashable, Sendable {
  /// `the index's catalog`
  package var name: String
  /// What comes of damage by itself: `it is created anew`; nil if nothing does.
  package var consequence: String?
  /// What to do about damage.
  package var remedy: Remedy?

  package init(name: String, consequence: String? = nil, remedy: Remedy? = nil) {
    self.name = name
    self.consequence = consequence
    self.remedy = remedy
  }

  /// The failure of a database whose content is not what it must be.
  package func damaged(_ path: FilePath, cause: String) -> Failure {
    Failure(
      .damaged, "\(name) is damaged" + (consequence.map { ": \($0)" } ?? ""), path: path, cause: cause, remedy: remedy)
  }

  /// The failure of a database whose files were cut while they were open; says nothing of what is in them.
  func cut(_ path: FilePath) -> Failure {
    Failure(
      .cut,
      "\(name) was cut, or could not be read, while it was open, and what came of it was thrown away; try again",
      path: path)
  }
}
