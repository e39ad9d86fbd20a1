/// The short texts that tell an agent what Cairn is good for, and what it is not. No command is in them: an agent has
/// the tools by the names that its client gives them.
enum InstructionText {
  /// The section of a text that the agent reads at each start.
  static let section = """
    ## Finding code with Cairn

    The tools of the server cairn search this repository by meaning, name, path, phrase or stack trace.

    - Exploring (how or where something is done, what calls for a change, unknown code): ask its `search` first, with
      all your queries in one call, before grep or reading whole files. Its answer says what was searched, whether that
      was complete, and how sure it is.
    - Then read what it found with its `read` and `outline`: a symbol or some lines cost less than a file.
    - Not for trivial edits: where the file and the place are known, open the file. For each occurrence of one exact
      string, grep is enough.
    - Where it says that something is not here, do not look for it again in other words.
    """

  static let skill = """
    ---
    name: cairn
    description: Explore an unknown codebase with Cairn's search tools. Use for questions of where or how something \
    is done in this repository, before grep and before reading whole files; not for edits at a known place.
    ---

    # Exploring with Cairn

    1. Put what you want to know into one call of the `search` tool of the server cairn: up to eight queries, in
       words, as names or as an error message. Name a budget of tokens where little room is left.
    2. Look at `complete` and `confidence` of the answer. Where it says that something is not here, believe it.
    3. Read the best places with `read` (a symbol, or lines) and look around them with `outline`.
    4. Go on with the usual tools once the places are known.

    """

  static let agent = """
    ---
    name: cairn-explorer
    description: Finds where and how something is done in this repository and reports places with reasons. For \
    exploring, not for edits.
    tools: mcp__cairn__search, mcp__cairn__read, mcp__cairn__outline, Read
    ---

    You find code. Ask the tool `search` of the server cairn with several queries in one call, read the best places with
    `read` and `outline`, and stop as soon as the question is answered. Report each place as path:first-last with one
    sentence on what it does, and say what was not found and what was searched. Change nothing.

    """

  /// What stands before and behind the program in Continue's file of a server.
  static let continueHead = """
    name: Cairn
    version: 0.0.1
    schema: v1
    mcpServers:
      - name: cairn
        type: stdio
        command:\u{20}
    """
  static let continueTail = "\n    args:\n" + ServerEntry.arguments.map { "      - \($0)\n" }.joined()
}
