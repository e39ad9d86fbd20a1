package import JSON
import Packing

/// What a client is told of the tools: all of it is in the model's context for as long as a session lasts, so that each
/// character counts.
package enum ToolList {
  enum Name: String, CaseIterable { case search, read, outline, history }

  package static let instructions = """
    Cairn searches source trees on this machine from an index that it keeps fresh itself. Use `search` first to find \
    where something is or how it works, in words or by name: one call in place of several greps and reads. Then `read` \
    what you need of it. Use grep for every occurrence of a string, and edit files that you already know without \
    searching. Every answer begins with what was searched, whether that is complete, and a confidence: `exact` (the \
    text is there), `names` (all words or names of the query are there), `near` (only similar code), `nowhere` (no \
    indexed file has it: stop looking, or try a near name). While the first index is being built answers are partial \
    and say so.
    """

  /// The tools in the order in which they are always listed.
  package static let tools: [JSONValue] = Name.allCases.map(tool)

  private static func tool(_ name: Name) -> JSONValue {
    switch name {
    case .search:
      tool(
        name, "Search code",
        "Find code by what it does, by name, path, \"quoted text\" or a pasted error. Gives the lines that answer, "
          + "best first, each piece under `path:first-last symbol`; further ones of a file under `:first-last`.",
        [
          ("query", text("Words, an identifier, a path, \"exact text\". AND, OR, NOT and (groups) work.")),
          ("queries", list("Up to 8 queries answered in one call, in place of `query`.", most: 8)),
          ("like", text("FILE:LINE in place of a query: code most like that at the line.")),
          ("path", names("Only paths that match a glob: src/**, *.py; ! before it leaves out.")),
          ("lang", names("Only these languages: python, c, ...")),
          ("kind", names("Only chunks defining: function, method, type, constant, ...")),
          ("at", text("A git revision to search in place of the files as they are.")), root,
          ("repository", names("In place of root: repositories or groups of the user's list, or *.")), tokens,
        ])
    case .read:
      tool(
        name, "Read indexed code",
        "Read lines or one symbol of an indexed file as it is now, with what encloses it and its neighbours. Ignored "
          + "files and files with secrets are not served.",
        [
          ("path", text("The file; may be left out with `symbol`.")),
          ("lines", text("\"10-40\", \"10\" or \"10-\".")),
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
          ("path", names("Only paths that match a glob.")), root, tokens,
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
      "inputSchema": .object(schema), "annotations": ["readOnlyHint": true, "openWorldHint": false],
    ]
  }

  /// The names of the arguments that a tool takes.
  static func argumentNames(of name: Name) -> [String] {
    tools.first { $0["name"]?.string == name.rawValue }?["inputSchema"]?["properties"]?.members?.map(\.name) ?? []
  }

  private static func text(_ description: String) -> JSONValue {
    ["type": "string", "description": .string(description)]
  }
  private static func list(_ description: String, most: Int) -> JSONValue {
    [
      "type": "array", "items": ["type": "string"], "maxItems": .integer(most), "description": .string(description),
    ]
  }
  private static func names(_ description: String) -> JSONValue {
    ["type": "array", "items": ["type": "string"], "description": .string(description)]
  }
  private static var root: (String, JSONValue) {
    ("root", text("Another directory to work on; without it the one that the server was started in."))
  }
  private static var tokens: (String, JSONValue) {
    (
      "tokens",
      [
        "type": "integer", "minimum": .integer(TokenBudget.bounds.lowerBound),
        "maximum": .integer(TokenBudget.bounds.upperBound), "default": .integer(TokenBudget.standard),
        "description": "The most tokens of the answer.",
      ]
    )
  }
}
