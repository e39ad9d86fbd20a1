import Catalog
import Disk
package import Primitives

/// What is left of an index in a directory of this user's that is not used as one, and what can be done about it.
package enum IndexRemains: Hashable, Sendable {
  /// It has a tag of this user's, and its mode lets others look into it, who may not write there. Once it is closed it
  /// is used again.
  case open
  /// It holds nothing but what Cairn makes, and no tag that is believed, or others may have written in it.
  case leftover(fileCount: Int, byteCount: Int)
  /// It holds other things, too, or alone: which, and whether an index is among what it holds. Nothing in it is
  /// touched.
  case mixed([FilePath], holdsIndex: Bool)
}

extension IndexSite {
  /// What is left there of an index that is not used; nil where there is no directory, where an index in it is used,
  /// where the user's key cannot be read, and for what is another user's, a link, or has files that git tracks. Some
  /// system calls for each entry, and a look-up in git's index; changes nothing.
  package func remains() -> IndexRemains? {
    // Without the user's key nothing tells whose an index is.
    guard case .tag(let tagger) = trust, tagger.keyProblem == nil, case .notOurs? = try? find(),
      let directory = ownDirectory(),
      let mode = try? directory.held.status().permissions, let found = try? directory.provenance()
    else { return nil }
    if mode & 0o077 != 0, mode & 0o022 == 0, tagger.check(directory.held) == .valid { return .open }
    if found.foreign.isEmpty { return .leftover(fileCount: found.fileCount, byteCount: found.byteCount) }
    return .mixed(found.foreign, holdsIndex: found.fileCount > 0)
  }

  /// Lets nobody but the user into a directory that is `.open`. Throws `.notOurs` for any other.
  package func close() throws(Failure) {
    guard remains() == .open, let directory = ownDirectory() else {
      throw Failure(.notOurs, "it has changed meanwhile, and was not touched", path: path)
    }
    try directory.held.restrict()
  }

  /// Removes an index that is `.open`, or a `.leftover`, as `StoredIndex.remove` does. Throws `.notOurs` for what is
  /// neither, and `.locked` while a process is at work in it.
  package func removeRemains() throws(Failure) -> IndexRemoval {
    switch remains() {
    case .open?, .leftover?: break
    case .mixed?, nil: throw Failure(.notOurs, "it has changed meanwhile, and was not touched", path: path)
    }
    return try StoredIndex(directory: path).remove()
  }
}

extension StoredIndex {
  /// Removes the index as `remove` does, and what is left of one that is not used as `IndexSite.removeRemains` does.
  package func removeWhole() throws(Failure) -> IndexRemoval {
    do throws(Failure) { return try remove() } catch {
      guard error.code == .notOurs, case .leftover? = site.remains() else { throw error }
      return try site.removeRemains()
    }
  }
}
