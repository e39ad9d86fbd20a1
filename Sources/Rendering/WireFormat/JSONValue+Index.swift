package import Cairn
package import JSON

// The objects of `cairn index` that `Docs/JSON.md` describes.

extension JSONValue {
  package static func report(_ report: IndexReport, root: Path, indexDirectory: Path) -> JSONValue {
    let model: [(name: String, value: JSONValue)] = [
      ("model", .string(report.modelName)), ("kept_embeddings", .integer(report.keptEmbeddingCount)),
      ("new_embeddings", .integer(report.newEmbeddingCount)),
    ]
    let rest: [(name: String, value: JSONValue)] = [
      ("later", .array(report.later.map { self.report($0, root: root, indexDirectory: indexDirectory) }))
    ]
    let what: [(name: String, value: JSONValue)] = [("type", .string("report"))]
    let directories = what + members("root", root) + members("index_dir", indexDirectory)
    let run: [(name: String, value: JSONValue)] = [
      ("revision", report.revision.map { .string($0) } ?? .null),
      ("generation", .integer(Int(report.generation))),
      ("rebuild_reason", report.rebuildReason.map { .string($0) } ?? .null),
      ("resumed", report.resumed.map(resumption) ?? .null),
      ("adopted_from", report.adoptedFrom.map { .string($0.description) } ?? .null),
      ("repairs", .array(report.repairs.map(failure))),
      ("files_seen", .integer(report.filesSeen)),
      ("files_indexed", .integer(report.filesIndexed)), ("files_unchanged", .integer(report.filesUnchanged)),
      ("files_skipped", .integer(report.filesSkipped)), ("skipped", counts(report.skipped)),
      ("unvisited_directories", .array(report.unvisitedDirectories.map { .string($0.description) })),
      ("unread", .array(report.unread.map(unread))),
      ("files_removed", .integer(report.filesRemoved)), ("chunks_added", .integer(report.chunksAdded)),
      ("bytes_indexed", .integer(report.bytesIndexed)), ("reused", counts(report.reused)),
      ("files", .integer(report.fileCount)),
      ("chunks", .integer(report.chunkCount)), ("failures", .array(report.failures.map(failure))),
      (
        "stages",
        .array(
          report.stageTimes.map { .object([("stage", .string($0.stage)), ("seconds", .number($0.seconds))]) })
      ),
      ("seconds", .number(report.seconds)),
    ]
    return .object(directories + run + model + notes(report.notes) + rest)
  }

  private static func resumption(_ resumed: IndexReport.Resumption) -> JSONValue {
    .object([
      ("stopped", .number(resumed.stopped)), ("killed", .boolean(resumed.wasKilled)),
      ("files", .integer(resumed.fileCount)), ("of_files", .integer(resumed.totalFileCount)),
    ])
  }

  static func unread(_ place: UnreadPlace) -> JSONValue {
    .object(
      members("path", place.path) + [
        ("directory", .boolean(place.isDirectory)), ("reason", .string(place.reason.description)),
      ])
  }

  /// In the order of their names, so that the same counts are the same text.
  static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(counts.sorted { $0.key < $1.key }.map { (name: $0.key, value: .integer($0.value)) })
  }
}
