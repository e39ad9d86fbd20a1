package import Cairn
package import JSON

// The objects of `cairn status`, `verify`, `vacuum` and `cache` that `Docs/JSON.md` describes.

extension JSONValue {
  package static func status(
    _ status: Status, revisions: [IndexedRevision], history: History? = nil
  ) -> JSONValue {
    .object(
      [("type", .string("status")), ("indexed", .boolean(true))] + members("root", status.root)
        + [("revision", status.revision.map { .string($0) } ?? .null)] + members("index_dir", status.indexDirectory) + [
          ("generation", .integer(Int(status.generation))), ("complete", .boolean(status.isComplete)),
          ("unread", .array(status.unread.map(unread))), ("outdated", .boolean(status.isOutdated)),
          ("files", .integer(status.fileCount)),
          ("chunks", .integer(status.chunkCount)), ("segments", .integer(status.segmentCount)),
          ("retired_files", .integer(status.retiredFileCount)),
          ("index_bytes", .integer(status.indexByteCount)),
          ("parts", .object(status.parts.map { (name: $0.name, value: .integer($0.byteCount)) })),
          ("source_bytes", .integer(status.sourceByteCount)),
          ("model", .string(status.modelName)),
          ("damaged_segments", .array(status.damagedSegments.map { .string($0) })),
          ("later", status.later.map(self.later) ?? .null),
          ("last_run", status.lastRun.map { .number($0) } ?? .null),
          ("last_run_finished", .boolean(status.lastRunFinished)),
          ("writer", status.writer.map { .integer($0) } ?? .null),
          ("watcher", status.watcher.map(watcher) ?? .null),
          ("skipped", counts(status.skipped)),
          ("without_syntax", counts(status.withoutSyntax)),
          ("cut_for_memory", .array(status.cutForMemory.map(failure))),
          ("revisions", .array(revisions.map(revision))),
          ("history", history.map(self.history) ?? .null),
        ])
  }

  private static func revision(_ revision: IndexedRevision) -> JSONValue {
    .object([
      ("commit", .string(revision.commit)), ("complete", .boolean(revision.isComplete)),
      ("files", .integer(revision.fileCount)), ("bytes", .integer(revision.byteCount)),
      ("shared_bytes", .integer(revision.sharedByteCount)), ("last_used", .number(revision.lastUsed)),
    ])
  }

  package static func skipped(_ entry: LeftOutEntry) -> JSONValue {
    .object(
      [("type", .string("skipped"))] + members("path", entry.path) + [
        ("directory", .boolean(entry.isDirectory)), ("reason", .string(entry.reason)),
        ("remedy", entry.remedy.map { .string($0) } ?? .null),
      ])
  }

  package static func skippedSummary(_ counts: [String: Int], notes: [CairnError], root: Path) -> JSONValue {
    .object(
      [("type", .string("skipped_summary"))] + members("root", root) + [
        ("files_skipped", .integer(counts.values.reduce(0, +))), ("skipped", self.counts(counts)),
      ] + self.notes(notes))
  }

  package static func verification(_ verification: Verification) -> JSONValue {
    .object(
      [("type", .string("verification"))] + members("root", verification.root)
        + members("index_dir", verification.indexDirectory) + [
          ("sound", .boolean(verification.isSound)), ("generation", .integer(Int(verification.generation))),
          ("files", .integer(verification.fileCount)), ("chunks", .integer(verification.chunkCount)),
          ("segments", .integer(verification.segmentCount)), ("bytes", .integer(verification.byteCount)),
          ("problems", .array(verification.problems.map(failure))), ("seconds", .number(verification.seconds)),
        ])
  }

  private static func later(_ later: Status.Later) -> JSONValue {
    .object([
      ("model", .string(later.modelName)), ("files", .integer(later.fileCount)),
      ("complete", .boolean(later.isComplete)),
    ])
  }

  package static func noIndex(
    root: Path, indexDirectory: Path, writer: Int?, revisions: [IndexedRevision]
  ) -> JSONValue {
    .object(
      [("type", .string("status")), ("indexed", .boolean(false))] + members("root", root)
        + members("index_dir", indexDirectory) + [
          ("writer", writer.map { .integer($0) } ?? .null), ("revisions", .array(revisions.map(revision))),
        ])
  }

  package static func vacuum(root: Path, indexDirectory: Path, byteCount: Int, seconds: Double) -> JSONValue {
    .object(
      [("type", .string("vacuum"))] + members("root", root) + members("index_dir", indexDirectory) + [
        ("freed_bytes", .integer(byteCount)), ("seconds", .number(seconds)),
      ])
  }

  package static func cache(_ cache: CacheStatus) -> JSONValue {
    .object(
      [("type", .string("cache")), ("name", .string(cache.name))] + members("path", cache.path) + [
        ("entries", .integer(cache.entryCount)), ("hits", cache.hitCount.map { .integer($0) } ?? .null),
        ("misses", cache.missCount.map { .integer($0) } ?? .null), ("bytes", .integer(cache.byteCount)),
        ("limit_bytes", .integer(cache.byteLimit)),
      ])
  }

  package static func cacheAction(_ action: String, byteCount: Int, seconds: Double) -> JSONValue {
    .object([
      ("type", .string("cache_action")), ("action", .string(action)), ("bytes", .integer(byteCount)),
      ("seconds", .number(seconds)),
    ])
  }
}
