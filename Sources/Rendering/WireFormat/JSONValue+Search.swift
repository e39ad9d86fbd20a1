package import Cairn
package import JSON
import Primitives

// The objects that `Docs/JSON.md` describes; a test holds the two together.

extension JSONValue {
  /// The members that name a path: repaired text, and the bytes themselves where the text is not they.
  package static func members(_ name: String, _ path: Path) -> [(name: String, value: JSONValue)] {
    [(name, .string(path.description))]
      + (path.utf8Text == nil ? [(name + "_base64", JSONValue.string(base64(path.bytes)))] : [])
  }

  package static func result(_ hit: SearchHit, rank: Int, explains: Bool) -> JSONValue {
    var members: [(name: String, value: JSONValue)] = [("type", .string("result")), ("rank", .integer(rank))]
    members += repository(of: hit)
    members += self.members("path", hit.path)
    members += [
      ("language", .string(hit.language)), ("start_line", .integer(hit.lines.lowerBound)),
      ("end_line", .integer(hit.lines.upperBound)), ("answer_line", .integer(hit.answerLine)),
      ("answer_column", .integer(hit.answerColumn)),
      ("score", .number(shortest(hit.score))),
      ("symbols", .array(hit.symbols.map(symbol))), ("snippet_start_line", .integer(hit.snippetFirstLine)),
      ("snippet", .array(hit.snippet.map { .string($0) })), ("matches", .array(hit.matches.map(match))),
      ("moved", .boolean(hit.hasMoved)),
      ("other_lines", .array(hit.otherLines.map { .integer($0) })),
    ]
    if let commit = hit.removedBy {
      members += [("revision", .string(commit.revision)), ("removed_by", removingCommit(commit))]
    }
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

  private static func removingCommit(_ commit: RemovingCommit) -> JSONValue {
    .object([
      ("commit", .string(commit.name)), ("author", .string(commit.author)), ("email", .string(commit.authorAddress)),
      ("date", .string(History.day(commit.date))), ("time", .integer(Int(commit.date))),
      ("subject", .string(commit.subject)),
    ])
  }

  private static func match(_ match: SearchHit.Match) -> JSONValue {
    .object([
      ("line", .integer(match.line)), ("start_column", .integer(match.columns.lowerBound)),
      ("end_column", .integer(match.columns.upperBound)),
    ])
  }

  private static func symbol(_ symbol: SearchHit.Symbol) -> JSONValue {
    .object([
      ("kind", .string(symbol.kind.rawValue)), ("name", .string(symbol.name)),
      ("qualified_name", .string(symbol.qualifiedName)), ("line", .integer(symbol.line)),
    ])
  }

  /// The file of a hit.
  package static func file(_ hit: SearchHit, rank: Int) -> JSONValue {
    .object(
      [("type", .string("file")), ("rank", .integer(rank))] + repository(of: hit) + members("path", hit.path))
  }

  private static func repository(of hit: SearchHit) -> [(name: String, value: JSONValue)] {
    hit.repository.map { [("repository", .string($0))] } ?? []
  }

  package static func summary(of response: SearchResponse, count: Int, query: String, root: Path?, seconds: Double)
    -> JSONValue
  {
    var head = [("type", .string("summary")), ("query", .string(query))] + (root.map { members("root", $0) } ?? [])
    if !response.repositories.isEmpty {
      head.append(("repositories", .array(response.repositories.map(searchedRepository))))
    }
    return .object(
      head + [
        ("results", .integer(count)),
        (
          "absent",
          .array(
            response.absences.map {
              .object(
                [
                  ("kind", .string($0.kind)), ("text", .string(shortened($0.text, to: longestAbsence))),
                  ("near", .array($0.nearNames.map { .string($0) })), ("elsewhere", .boolean($0.isElsewhere)),
                ] + ($0.elsewhere.map { members("elsewhere_path", $0) } ?? []))
            })
        ), ("nowhere", .boolean(response.isAbsent)), ("vanished", .integer(response.vanishedCount)),
        ("unreadable", .integer(response.unreadableCount)),
        ("failures", .array(response.unreadable.map(failure))),
        ("revision", response.revision.map { .string($0) } ?? .null),
        ("generation", .integer(Int(response.generation))), ("complete", .boolean(response.isComplete)),
        ("freshness", freshness(response.freshness)),
      ] + notes(response.notes) + [("seconds", .number(seconds))])
  }

  package static func error(_ error: CairnError) -> JSONValue {
    .object([("type", .string("error"))] + failureMembers(error))
  }

  static func failure(_ error: CairnError) -> JSONValue { .object(failureMembers(error)) }

  private static func failureMembers(_ error: CairnError) -> [(name: String, value: JSONValue)] {
    [("code", .string(error.code.rawValue)), ("message", .string(error.message))]
      + (error.path.map { members("path", $0) } ?? [])
      + (error.cause.map { [("cause", JSONValue.string($0))] } ?? [])
      + (error.remedy.map { [("remedy", remedy($0))] } ?? [])
  }

  static func remedy(_ remedy: CairnError.Remedy) -> JSONValue {
    .object(
      [("action", .string(remedy.action.rawValue))]
        + (remedy.subject.map { [("subject", JSONValue.string($0))] } ?? [])
        + (remedy.alternative.map { [("alternative", JSONValue.string($0.rawValue))] } ?? []))
  }

  /// Notes as sentences, and each taken apart.
  package static func notes(_ notes: [CairnError]) -> [(name: String, value: JSONValue)] {
    [
      ("notes", .array(notes.map { .string($0.description) })), ("note_details", .array(notes.map(failure))),
    ]
  }

  /// The number whose text is that of the `Float`: 0.1, not 0.10000000149011612.
  private static func shortest(_ number: Float) -> Double { Double(number.description) ?? Double(number) }
}

/// So many bytes of a text that is absent are shown: the query may be pasted, and is there as a whole.
private let longestAbsence = 1000
