package import Cairn
package import JSON

// What `Docs/JSON.md` describes of the index of a history.

extension JSONValue {
  /// What is indexed of the history.
  package static func history(_ history: History) -> JSONValue {
    .object(
      extent(history) + [
        ("chunks", .integer(history.chunkCount)), ("index_bytes", .integer(history.byteCount)),
      ])
  }

  /// The object of `cairn index --history`.
  package static func historyReport(_ history: History, root: Path, indexDirectory: Path) -> JSONValue {
    .object(
      [("type", .string("history_report"))] + members("root", root) + members("index_dir", indexDirectory)
        + extent(history) + [
          ("new_commits", .integer(history.newCommitCount)), ("removals", .integer(history.removalCount)),
          ("dropped_removals", .integer(history.droppedCount)), ("repairs", .array(history.repairs.map(failure))),
          ("seconds", .number(history.seconds)),
        ])
  }

  private static func extent(_ history: History) -> [(name: String, value: JSONValue)] {
    [
      ("commits", .integer(history.commitCount)), ("pending_commits", .integer(history.pendingCount)),
      ("oldest", history.oldestDate.map { .string(History.day($0)) } ?? .null),
      ("cut", .boolean(history.isCut)), ("shallow", .boolean(history.isShallow)),
    ]
  }
}
