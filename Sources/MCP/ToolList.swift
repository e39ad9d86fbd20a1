package import JSON
import Packing

/// What a client is told of the tools: all of it is in the model's context for as long as a session lasts, so that each
/// character counts.
package enum ToolList {
  enum Name: String, CaseIterable { case search, read, outline, history }

  package static let instructions = """
    Cairn searches source trees on this machine from an index that it keeps fresh. Use `search` first to find where \
    something is or how it works, in words or by name, in place of several greps and reads; then `read` what you need. \
    No tool here lists every occurrence of a string: `cairn grep STRING` in a shell does. Edit files that you know \
    without searching. Answers begin with what was searched, whether that is complete, and a confidence: `exact` (the \
    text is there), `names` (all words or names of the query are there), `near` (only similar code), `nowhere` (no \
    indexed file has it: stop looking, or try a near name).
    """

  /// The tools in the order in which they are always listed.
  package static let tools: [JSONValue] = Name.allCases.map(tool)

  private static func tool(_ name: Name) -> JSONValue {
    switch name {
    case .search:
      tool(
        name, "Search code",
        "Find code by what it does, by name, path, \"quoted text\", /regex/ or a pasted error. Gives the lines "
          + "that answer, best first, each piece under `path:first-last symbol`; further ones of a file under "
          + "`:first-last`.",
        [
          ("query", text("Words, a name, a path, \"exact text\", /regex/ by line. AND, OR, NOT and (groups) work.")),
          ("queries", list("Up to 8 queries in one call, in place of `query`.")),
          ("like", text("FILE:LINE in place of a query: code like that line's.")),
          ("path", list("Globs, src/** or *.py; !GLOB leaves out.")),
          ("lang", text("Languages: python,c")),
          ("kind", text("What is defined: function, method, type, constant, ...")),
          ("at", text("A git revision, in place of the files as they are.")), root,
          ("repository", text("In place of root: repositories or groups of the user's list: a,b or *.")), tokens,
        ])
    case .read:
      tool(
        name, "Read indexed code",
        "Read lines or one symbol of a file as it is now, with what encloses it and its neighbours. Ignored files and "
          + "files with secrets are not served.",
        [
          ("path", text("The file; not needed with `symbol`.")), ("lines", text("10-40, 10 or 10-.")),
          ("symbol", text("A name, qualified if needed: Parser.parse.")), root, tokens,
        ])
    case .outline:
      tool(
        name, "Outline a file or directory",
        "List what a file defines with line ranges, or the files of a directory with what they define.",
        [("path", text("A file or directory; the root if left out.")), root, tokens])
    case .history:
      tool(
        name, "Search removed code",
        "Find code that is gone: what git commits removed, with the commit that did.",
        [
          ("query", text("As in search; author:, after: and before: filter commits.")),
          ("path", list("Globs.")), root, tokens,
        ], required: ["query"])
    }
  }

  private static func tool(
    _ name: Name, _ title: String, _ description: String, _ properties: [(String, JSONValue)],
    required: [JSONValue] = []
  ) -> JSONValue {
    var schema: [JSONValue.Member] = [
      .init("type", "object"), .init("properties", .object(properties.map { .init($0.0, $0.1) })),
    ]
    if !required.isEmpty { schema.append(.init("required", .array(required))) }
    return [
      "name": .string(name.rawValue), "title": .string(title), "description": .string(description),
      "inputSchema": .object(schema), "annotations": ["readOnlyHint": true],
    ]
  }

  /// The names of the arguments that a tool takes.
  static func argumentNames(of name: Name) -> [String] {
    tools.first { $0["name"]?.string == name.rawValue }?["inputSchema"]?["properties"]?.members?.map(\.name) ?? []
  }

  private static func text(_ description: String) -> JSONValue {
    ["type": "string", "description": .string(description)]
  }
  private static func list(_ description: String) -> JSONValue {
    ["type": "array", "items": ["type": "string"], "description": .string(description)]
  }
  private static var root: (String, JSONValue) { ("root", text("A directory other than the server's own.")) }
  /// What is beyond the bounds is brought to them.
  private static var tokens: (String, JSONValue) {
    ("tokens", ["type": "integer", "description": .string("Limit of the answer's tokens (\(TokenBudget.standard)).")])
  }
}
