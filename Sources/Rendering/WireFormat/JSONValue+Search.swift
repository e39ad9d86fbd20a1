package import Cairn
package import JSON

// The objects that `Docs/JSON.md` describes; a test holds the two together.

extension JSONValue {
  /// The members that name a path: repaired text, and the bytes themselves where the text is not they.
  package static func members(_ name: String, _ path: Path) -> [(name: String, value: JSONValue)] {
    [(name, .string(path.description))]
      + (path.utf8Text == nil ? [(name + "_base64", JSONValue.string(base64(path.bytes)))] : [])
  }

  package static func result(_ hit: SearchHit, rank: Int, explains: Bool) -> JSONValue {
    var members: [(name: String, value: JSONValue)] = [("type", .string("result")), ("rank", .integer(rank))]
    members += self.members("path", hit.path)
    members += [
      ("language", .string(hit.language)), ("start_line", .integer(hit.lines.lowerBound)),
      ("end_line", .integer(hit.lines.upperBound)), ("answer_line", .integer(hit.answerLine)),
      ("answer_column", .integer(hit.answerColumn)),
      ("score", .number(shortest(hit.score))),
      ("symbols", .array(hit.symbols.map(symbol))), ("snippet_start_line", .integer(hit.snippetFirstLine)),
      ("snippet", .array(hit.snippet.map { .string($0) })), ("moved", .boolean(hit.hasMoved)),
      ("other_lines", .array(hit.otherLines.map { .integer($0) })),
    ]
    if explains {
      members.append(
        (
          "explanation",
          .array(
            hit.reasons.map {
              .object([
                ("signal", .string($0.signal)), ("value", .number(shortest($0.value))), ("note", .string($0.note)),
              ])
            })
        ))
    }
    return .object(members)
  }

  private static func symbol(_ symbol: SearchHit.Symbol) -> JSONValue {
    .object([
      ("kind", .string(symbol.kind.rawValue)), ("name", .string(symbol.name)),
      ("qualified_name", .string(symbol.qualifiedName)), ("line", .integer(symbol.line)),
    ])
  }

  package static func file(_ path: Path, rank: Int) -> JSONValue {
    .object([("type", .string("file")), ("rank", .integer(rank))] + members("path", path))
  }

  package static func summary(of response: SearchResponse, count: Int, query: String, root: Path, seconds: Double)
    -> JSONValue
  {
    .object(
      [("type", .string("summary")), ("query", .string(query))] + members("root", root) + [
        ("results", .integer(count)),
        (
          "absent",
          .array(
            response.absences.map {
              .object(
                [
                  ("kind", .string($0.kind)), ("text", .string($0.text)),
                  ("near", .array($0.nearNames.map { .string($0) })), ("elsewhere", .boolean($0.isElsewhere)),
                ] + ($0.elsewhere.map { members("elsewhere_path", $0) } ?? []))
            })
        ), ("nowhere", .boolean(response.isAbsent)), ("vanished", .integer(response.vanishedCount)),
        ("unreadable", .integer(response.unreadableCount)),
        ("failures", .array(response.unreadable.map(failure))),
        ("generation", .integer(Int(response.generation))), ("complete", .boolean(response.isComplete)),
      ] + notes(response.notes) + [("seconds", .number(seconds))])
  }

  package static func report(_ report: IndexReport, root: Path, indexDirectory: Path) -> JSONValue {
    let model: [(name: String, value: JSONValue)] = [
      ("model", .string(report.modelName)), ("kept_embeddings", .integer(report.keptEmbeddingCount)),
      ("new_embeddings", .integer(report.newEmbeddingCount)),
    ]
    let rest: [(name: String, value: JSONValue)] = [
      ("later", .array(report.later.map { self.report($0, root: root, indexDirectory: indexDirectory) }))
    ]
    let what: [(name: String, value: JSONValue)] = [("type", .string("report"))]
    let places = what + members("root", root) + members("index_dir", indexDirectory)
    let run: [(name: String, value: JSONValue)] = [
      ("generation", .integer(Int(report.generation))),
      ("rebuild_reason", report.rebuildReason.map { .string($0) } ?? .null),
      ("repairs", .array(report.repairs.map(failure))),
      ("files_seen", .integer(report.filesSeen)),
      ("files_indexed", .integer(report.filesIndexed)), ("files_unchanged", .integer(report.filesUnchanged)),
      ("files_skipped", .integer(report.filesSkipped)), ("skipped", counts(report.skipped)),
      ("unvisited_directories", .array(report.unvisitedDirectories.map { .string($0.description) })),
      ("unread", .array(report.unread.map(unread))),
      ("files_removed", .integer(report.filesRemoved)), ("chunks_added", .integer(report.chunksAdded)),
      ("bytes_indexed", .integer(report.bytesIndexed)), ("files", .integer(report.fileCount)),
      ("chunks", .integer(report.chunkCount)), ("failures", .array(report.failures.map(failure))),
      (
        "stages",
        .array(
          report.stageTimes.map { .object([("stage", .string($0.stage)), ("seconds", .number($0.seconds))]) })
      ),
      ("seconds", .number(report.seconds)),
    ]
    return .object(places + run + model + notes(report.notes) + rest)
  }

  package static func status(_ status: Status) -> JSONValue {
    .object(
      [("type", .string("status")), ("indexed", .boolean(true))] + members("root", status.root)
        + members("index_dir", status.indexDirectory) + [
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
          ("skipped", counts(status.skipped)),
          ("without_syntax", counts(status.withoutSyntax)),
          ("cut_for_memory", .array(status.cutForMemory.map(failure))),
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

  package static func noIndex(root: Path, indexDirectory: Path) -> JSONValue {
    .object(
      [("type", .string("status")), ("indexed", .boolean(false))] + members("root", root)
        + members("index_dir", indexDirectory))
  }

  package static func error(_ error: CairnError) -> JSONValue {
    .object([("type", .string("error"))] + failureMembers(error))
  }

  private static func unread(_ place: UnreadPlace) -> JSONValue {
    .object(
      members("path", place.path) + [
        ("directory", .boolean(place.isDirectory)), ("reason", .string(place.reason.description)),
      ])
  }

  private static func failure(_ error: CairnError) -> JSONValue { .object(failureMembers(error)) }

  private static func failureMembers(_ error: CairnError) -> [(name: String, value: JSONValue)] {
    [("code", .string(error.code.rawValue)), ("message", .string(error.message))]
      + (error.path.map { members("path", $0) } ?? [])
      + (error.cause.map { [("cause", JSONValue.string($0))] } ?? [])
      + (error.remedy.map { [("remedy", remedy($0))] } ?? [])
  }

  private static func remedy(_ remedy: CairnError.Remedy) -> JSONValue {
    .object(
      [("action", .string(remedy.action.rawValue))]
        + (remedy.subject.map { [("subject", JSONValue.string($0))] } ?? [])
        + (remedy.alternative.map { [("alternative", JSONValue.string($0.rawValue))] } ?? []))
  }

  /// Notes as sentences, and each taken apart.
  static func notes(_ notes: [CairnError]) -> [(name: String, value: JSONValue)] {
    [
      ("notes", .array(notes.map { .string($0.description) })), ("note_details", .array(notes.map(failure))),
    ]
  }

  /// In the order of their names, so that the same counts are the same text.
  private static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(counts.sorted { $0.key < $1.key }.map { (name: $0.key, value: .integer($0.value)) })
  }

  /// The number whose text is that of the `Float`: 0.1, not 0.10000000149011612.
  private static func shortest(_ number: Float) -> Double { Double(number.description) ?? Double(number) }
}
