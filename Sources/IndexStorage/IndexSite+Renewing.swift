import Catalog
import Corpus
import Disk
package import Primitives

// An index whose tag does not hold any more, made anew in its own directory.

extension IndexSite {
  /// Whether `directory` is the index still that another process would find here: in its place, and with its tag. Some
  /// ten microseconds.
  package func isWhole(_ directory: IndexDirectory) -> Bool {
    guard isStill(directory) else { return false }
    guard case .tag(let tagger) = trust else { return true }
    return tagger.check(directory.held) == .valid
  }

  /// Makes an index anew of `directory`, which was this process' own index, where it has lost its tag and nothing else
  /// was put in its place: somebody has removed what was in it, as `git clean` does, and left the directory. Emptied of
  /// what it still holds, unread. Does nothing otherwise. Throws `.locked` while a writer is at work.
  package func renew(_ directory: IndexDirectory) throws(Failure) {
    guard case .tag(let tagger) = trust, isStill(directory), tagger.check(directory.held) == .missing,
      let status = try? directory.held.status(), status.owner == effectiveUser, status.permissions & 0o077 == 0,
      try !gitTracks(realPath())
    else { return }
    try empty(directory, tagger) { tagger.check(directory.held) == .missing }
  }

  /// Makes a stale directory anew.
  func renew(stale held: OpenDirectory, _ tagger: IndexTagger) throws(Failure) {
    let directory = IndexDirectory(held, path: path, readsWholeUpTo: wholeByteCount)
    try empty(directory, tagger) { () throws(Failure) in
      guard case .stale = try judge(held) else { return false }
      return true
    }
  }

  /// Without a catalog no segment is live, so nothing that was there before is ever read. The tag comes last: a killed
  /// process leaves a directory that is none of Cairn's still.
  ///
  /// - Parameter isNeeded: asked under the writer's lock, since another process may have done it meanwhile.
  private func empty(
    _ directory: IndexDirectory, _ tagger: IndexTagger, where isNeeded: () throws(Failure) -> Bool
  ) throws(Failure) {
    let held = directory.held
    let lock = try directory.lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    guard try isNeeded() else { return }
    try directory.remove { () throws(Failure) in try IndexCatalog.remove(from: held) }
    try removeSegments(directory)
    if let status = try? held.status(of: IndexTagger.fileName), status.kind == .directory {
      try held.remove(IndexTagger.fileName)
    }
    try tagger.tag(held, path)
  }
}
