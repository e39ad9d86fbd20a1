package import Catalog
import Disk
package import Primitives

/// The layout of the directory that holds an index:
///
///     catalog.sqlite (and -wal, -shm)   what is live
///     catalog.newest                    the newest generation, which tells of a catalog that lost it
///     segments/000042.segment           the segments
///     segments/000042.damaged           that one was found damaged: the next run looks at every byte of it
///     writer.lock                       held by the one writer
///     .gitignore                        `*`: git does not see the directory
///     CACHEDIR.TAG                      backup programs leave the directory out: it can be made again
package struct IndexDirectory: Hashable, Sendable {
  package let path: FilePath
  /// Segments of no more bytes are read whole instead of mapped.
  let wholeByteCount: Int
  package init(_ path: FilePath, readsWholeUpTo wholeByteCount: Int = 0) {
    self.path = path
    self.wholeByteCount = wholeByteCount
  }

  package var segments: FilePath { path.appending("segments") }
  package func segment(_ id: SegmentID) -> FilePath { segments.appending(SegmentRecord.fileName(id)) }
  package var lock: FilePath { path.appending("writer.lock") }

  /// Makes what is missing, and removes what is in its way. Writes nothing where all is there. The caller holds the writer's
  /// lock.
  func prepare() throws(Failure) {
    try clear(segments, for: .directory)
    try makeDirectory(segments)
    try write("*\n", to: ".gitignore")
    try write(
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This file is a cache directory tag created by Cairn.
      # For information about cache directory tags, see https://bford.info/cachedir/

      """, to: "CACHEDIR.TAG")
  }

  private func write(_ text: String, to name: String) throws(Failure) {
    if fileExists(path.appending(name)) { return }
    var file = try AtomicFile(path.appending(name))
    try file.write(Array(text.utf8))
    try file.commit()
  }

  /// Removes what lies at `path` where it is of another kind: a link itself, a directory only when it is empty.
  private func clear(_ path: FilePath, for kind: FileStatus.Kind) throws(Failure) {
    guard let status = try? FileStatus(of: path, followsLinks: false), status.kind != kind else { return }
    try removeEntry(path)
  }

  /// Takes the writer's lock for as long as the value lives.
  func lockForWriting() throws(Failure) -> FileLock {
    try clear(lock, for: .file)
    guard let held = try FileLock(lock) else {
      throw Failure(
        .locked, "another process is indexing this directory: wait for it to finish and run the command again",
        path: path)
    }
    return held
  }
}

extension Failure.Code {
  /// Another writer is at work on the index.
  package static let locked = Self(rawValue: "locked")
  /// The index was built with another model than the one that is to answer.
  package static let differentModel = Self(rawValue: "different-model")
}
