package import Cairn
package import JSON

// The objects of `cairn doctor` and `cairn remove` that `Docs/JSON.md` describes.

extension JSONValue {
  package static func examination(_ examination: Examination) -> JSONValue {
    .object(
      [("type", .string("examination"))] + members("root", examination.root)
        + members("index_dir", examination.indexDirectory) + [
          ("sound", .boolean(examination.isSound)), ("checks", .array(examination.checks.map(check))),
          ("repairs", .array(examination.repairs.map { .string($0) })),
        ] + notes(examination.notes) + [("seconds", .number(examination.seconds))])
  }

  /// Of a tree that cannot be opened, whose settings or whose place for the index are at fault.
  package static func examination(of root: Path, unopened error: CairnError) -> JSONValue {
    .object(
      [("type", .string("examination"))] + members("root", root) + [
        ("sound", .boolean(false)), ("checks", .array([check(error.nameOfCheck, .bad, error)])),
        ("repairs", .array([])),
      ] + notes([]) + [("seconds", .number(0))])
  }

  private static func check(_ check: Examination.Check) -> JSONValue {
    self.check(check.name, check.state, check.finding)
  }

  private static func check(
    _ name: String, _ state: Examination.Check.State, _ finding: CairnError
  ) -> JSONValue {
    .object(
      [("name", .string(name)), ("state", .string(state.rawValue)), ("message", .string(finding.message))]
        + (finding.path.map { members("path", $0) } ?? [])
        + (finding.cause.map { [("cause", JSONValue.string($0))] } ?? [])
        + (finding.remedy.map { [("remedy", remedy($0))] } ?? []))
  }

  /// - Parameter removal: nil, or of no directory, where there was no index.
  package static func removal(_ removal: Removal?, root: Path, indexDirectory: Path) -> JSONValue {
    .object(
      [("type", .string("removal"))] + members("root", root) + members("index_dir", indexDirectory) + [
        ("removed", .boolean(removal?.directories.isEmpty == false)),
        ("directories", .array((removal?.directories ?? []).map { .object(members("path", $0)) })),
        ("files", .integer(removal?.fileCount ?? 0)), ("bytes", .integer(removal?.byteCount ?? 0)),
        ("left", .array((removal?.left ?? []).map(failure))),
      ])
  }
}

extension Examination.Check {
  /// The same as what else is told with a path and a remedy.
  package var finding: CairnError {
    CairnError(CairnError.Code(rawValue: name), message, path: path, remedy: remedy)
  }
}

extension CairnError {
  /// Of what keeps a tree from being opened: the name of the check that finds it.
  package var nameOfCheck: String { code == .invalidConfiguration ? "settings" : "index" }
}
