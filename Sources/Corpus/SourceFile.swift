package import Disk
package import Primitives

/// A file that the walk found and that passed every rule that looks at names and sizes.
package struct SourceFile: Hashable, Sendable {
  /// Relative to the root of the corpus.
  package var path: FilePath
  package var fingerprint: Fingerprint
  /// Whether a secret in it does not keep it out, because that was asked for.
  package var includesSecrets = false
  /// Whether bulk that a program made is taken in like any other file, because that was asked for.
  package var includesGenerated = false

  package init(path: FilePath, fingerprint: Fingerprint) {
    self.path = path
    self.fingerprint = fingerprint
  }
}

/// What tells whether a file may have changed, without reading it. Equal fingerprints mean unchanged content, except
/// for a file that was written so shortly before it was read that its times cannot tell (see `isRacy`).
package struct Fingerprint: Hashable, Sendable {
  package var byteCount: Int
  /// Nanoseconds since 1970.
  package var modified: Int64
  /// Nanoseconds since 1970 of the last change of the entry itself: a tool can set `modified` back, but not this.
  package var changed: Int64
  package var inode: UInt64

  package init(byteCount: Int, modified: Int64, changed: Int64, inode: UInt64) {
    self.byteCount = byteCount
    self.modified = modified
    self.changed = changed
    self.inode = inode
  }

  package init(_ status: FileStatus) {
    self.init(
      byteCount: status.byteCount, modified: status.modified, changed: status.changed, inode: status.inode)
  }

  /// Whether a change made after the file was read at `readAt` (nanoseconds since 1970, taken just before) could leave
  /// this fingerprint as it is, because the file's times are no older than its file system's clock can tell. The rule
  /// of git's index for "racily clean" entries, with the clock's step guessed from the times: one with a fraction of a
  /// second comes from a clock that ticks at least every 10 ms (the slowest kernel tick), one without may tick every 2
  /// s (FAT).
  package func isRacy(readAt: Int64) -> Bool {
    let newest = max(modified, changed)
    let tick: Int64 = newest % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
    return newest >= readAt - tick
  }
}
