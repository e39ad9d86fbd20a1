package import Disk

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
}
