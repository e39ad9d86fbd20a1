package import Cairn
package import JSON

// The objects of `cairn ask --json`, which `Docs/JSON.md` describes; a test holds the two together.

extension JSONValue {
  package static func excerpt(_ excerpt: AskContext.Excerpt) -> JSONValue {
    .object(
      [("type", .string("excerpt"))] + members("path", excerpt.path) + [
        ("language", .string(excerpt.language)), ("start_line", .integer(excerpt.lines.lowerBound)),
        ("end_line", .integer(excerpt.lines.upperBound)), ("lines", .array(excerpt.text.map { .string($0) })),
      ])
  }

  package static func answer(_ response: AskResponse, query: String, root: Path, seconds: Double) -> JSONValue {
    let context = response.context
    return .object(
      [("type", .string("answer")), ("query", .string(query))] + members("root", root) + [
        ("answer", response.answer.map { .string($0) } ?? .null), ("cut_short", .boolean(response.isCutShort)),
        ("citations", .array(response.citations.map(citation))), ("backed", .boolean(response.isBacked)),
        ("model", context.destination.map { .string($0.model) } ?? .null),
        ("host", context.destination.map { .string($0.host) } ?? .null), ("excerpts", .integer(context.excerpts.count)),
        ("prompt", .string(context.prompt)), ("prompt_tokens", .integer(context.promptTokenCount)),
        ("complete", .boolean(context.search.isComplete)),
      ] + notes(context.search.notes) + [("seconds", .number(seconds))])
  }

  /// With the file's own name, where the model was shown one in which everything is seen.
  private static func citation(_ citation: AskResponse.Citation) -> JSONValue {
    .object(
      members("path", citation.file ?? Path(citation.path)) + [
        ("start_line", .integer(citation.firstLine)), ("end_line", .integer(citation.lastLine)),
        ("verdict", .string(citation.verdict.rawValue)),
      ])
  }
}
