import Foundation
import Primitives
import TestSupport
import Testing

@Suite struct HabitTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
    try cairn.write("a.go", "package a\n\nfunc isLoopback() bool {\n\treturn true\n}\n")
  }

  /// Runs a shell line on a terminal of its own, 90 columns wide and 12 rows high, and gives what the terminal was
  /// sent.
  func onTerminal(_ line: String) throws -> ProgramResult {
    try cairn.shell("script -qec 'stty cols 90 rows 12; \(line)' /dev/null")
  }

  @Test func `a tab stays a tab in a pipe and in a prompt, and is spaces on a terminal`() throws {
    #expect(try cairn.run("search", "-n1", "-C", "all", "isLoopback").outputText.contains("\treturn true"))
    #expect(try cairn.run("ask", "--context-only", "isLoopback").outputText.contains("\treturn true"))
    let shown = try onTerminal("$CAIRN search -n1 -C all --color never isLoopback").outputText
    #expect(shown.contains("    return true") && !shown.contains("\treturn"))
  }

  @Test func `names that would break a line or drive a terminal are quoted into a pipe`() throws {
    try cairn.write("odd\u{1B}[31m\nb.py", "def fetch_quokkas(): pass\n")
    let name = #""odd\033[31m\nb.py""#
    #expect(try cairn.run("search", "-n1", "-l", "fetch_quokkas").outputLines == [name])
    let line = try cairn.run("search", "-n1", "--vimgrep", "fetch_quokkas").outputText
    #expect(line.hasPrefix(name + ":1:"), "\(line)")
    #expect(try cairn.run("search", "-n1", "-l", "-0", "fetch_quokkas").outputText == "odd\u{1B}[31m\nb.py\0")
  }

  @Test func `a list of files or of lines has none that are only near what is quoted`() throws {
    try cairn.write("stats.py", "def median(data):\n    return 1\n")
    try cairn.write("near.py", "def mean(data):\n    median = mean\n")
    for (query, said) in [("\"def median\"", ["stats.py"]), ("stats.py", ["stats.py"]), ("\"def mode\"", [])] {
      let code: Int32 = said.isEmpty ? 1 : 0
      let list = try cairn.run("search", "-l", query)
      #expect(list.outputLines == said && list.code == code, "\(list.outputText)\(list.errorText)")
      let lines = try cairn.run("search", "--vimgrep", query)
      #expect(said.isEmpty || lines.outputLines == ["stats.py:1:1:def median(data):"], "\(lines.outputText)")
      if said.isEmpty { continue }
      let json = try cairn.run("search", "-l", "--json", query)
      #expect(try json.objects("file").map { $0["path"] as? String } == said && json.code == code, "\(json.outputText)")
    }
  }

  @Test func `pasted code is not told that its own text is nowhere`() throws {
    let module = """
      \"""Text wrapping and filling.
      \"""

      def wrap(text):
          \"""Wrap a paragraph.

          Of text.\"""
          raise ValueError("invalid width")
      """
    try cairn.write("textwrap.py", module)
    try cairn.write("other.py", "def fill(text):\n    return text\n")
    let result = try cairn.shell("$CAIRN search - < textwrap.py")
    #expect(result.code == 0 && !result.errorText.contains("no indexed file holds"), "\(result.errorText)")
    #expect(result.outputLines.first?.hasPrefix("textwrap.py:") == true, "\(result.outputText)")
  }

  @Test func `quotation marks alone are no question`() throws {
    for question in ["\"", "\"\"", " \" \" "] {
      let result = try cairn.run("search", question)
      #expect(result.code == 2 && result.errorText.contains("nothing to search for"), "\(result.errorText)")
    }
  }

  @Test func `the line that answers comes first`() throws {
    var lines = (1...60).map { "# filler \($0)" }
    lines[40] = "def fetch_wombats(burrow):"
    lines[41] = "    return burrow.wombats"
    try cairn.write("src/zoo.py", lines.joined(separator: "\n") + "\n")
    let result = try cairn.run("search", "-n1", "fetch_wombats")
    #expect(result.outputLines.first?.hasPrefix("src/zoo.py:41  fetch_wombats") == true, "\(result.outputText)")
    let line = try cairn.run("search", "-n1", "--vimgrep", "fetch_wombats")
    #expect(line.outputLines == ["src/zoo.py:41:5:def fetch_wombats(burrow):"])
    let hit = try cairn.run("search", "-n1", "--json", "fetch_wombats").objects("result").first
    #expect(hit?["answer_line"] as? Int == 41)
  }

  /// A class of errors, and what raises it with a message, in one file and in two.
  private static let raising = """
    class BurrowError(Exception):
        \"""Raised when a burrow cannot be dug: what a burrow is, and who digs it.\"""


    def dig_burrow(depth, digger):
        # A burrow that is dug too deep falls in.
        tools = digger.tools(depth)
        if not tools:
            raise BurrowError(
                "cannot dig to depth %d without a spade" % depth)
        return tools.dig(depth)

    """

  @Test(arguments: [
    "BurrowError: cannot dig to depth 12 without a spade", "cannot dig to depth 7 without a spade",
    "\"without a spade\"", "\"cannot dig to depth\" burrow",
  ])
  func `a pasted message's own line answers, whatever is shown around it`(query: String) throws {
    try cairn.write("src/burrow.py", Self.raising)
    for context in ["0", "1", "2", "3", "10", "all"] {
      let hit = try cairn.run("search", "-n1", "--json", "-C", context, query).objects("result").first
      #expect(hit?["answer_line"] as? Int == 10, "-C \(context): \(String(describing: hit))")
    }
    let line = try cairn.run("search", "-n1", "--vimgrep", query).outputText
    #expect(line.hasPrefix("src/burrow.py:10:"), "\(line)")
  }

  @Test func `a message is found where it is raised, and not where the class of its head is defined`() throws {
    let lines = Self.raising.split(separator: "\n", omittingEmptySubsequences: false)
    try cairn.write("src/burrow_errors.py", lines[..<4].joined(separator: "\n"))
    try cairn.write("src/digging.py", "from burrow_errors import BurrowError\n" + lines[4...].joined(separator: "\n"))
    for query in [
      "BurrowError: cannot dig to depth 12 without a spade", "burrow_errors.BurrowError: cannot dig to depth",
      "BurrowError: a spade is missing to dig to the depth",
    ] {
      #expect(try cairn.run("search", "-n1", "-l", query).outputLines == ["src/digging.py"], "\(query)")
    }
    #expect(try cairn.run("search", "-n1", "-l", "BurrowError").outputLines == ["src/burrow_errors.py"])
  }

  @Test func `a question can be read from standard input`() throws {
    let result = try cairn.shell("printf 'where do sessions\\nexpire' | $CAIRN search -l -n1 -")
    #expect(result.outputLines == ["src/server.js"])
    #expect(try cairn.shell("$CAIRN search - </dev/null").code == 2)
  }

  @Test func `-h is short and --help is long`() throws {
    let short = try cairn.run("search", "-h").outputLines
    let long = try cairn.run("search", "--help").outputLines
    #expect(short.count < 40 && short.count < long.count && short.last == "`cairn search --help` says more.")
    #expect(try cairn.run("help", "search").outputLines == long)
  }

  @Test func `what does not fit on the terminal goes through the pager`() throws {
    _ = try cairn.run("index", "-q")
    let paged = try onTerminal("PAGER=\"sed s/^/@/\" $CAIRN search --color never parse multiply listen").outputText
    #expect(paged.split(whereSeparator: \.isNewline).allSatisfy { $0.hasPrefix("@") }, "\(paged)")
    let asGit = try onTerminal("GIT_PAGER=\"sed s/^/@/\" PAGER=cat $CAIRN search --color never parse multiply listen")
      .outputText
    #expect(asGit.split(whereSeparator: \.isNewline).allSatisfy { $0.hasPrefix("@") }, "\(asGit)")
    for line in [
      "GIT_PAGER=cat PAGER=\"sed s/^/@/\" $CAIRN search parse multiply",
      "PAGER=\"sed s/^/@/\" $CAIRN search --no-pager parse multiply", "PAGER=cat $CAIRN search parse multiply",
      "PAGER=/nowhere/at/all $CAIRN search parse multiply", "PAGER=\"sed s/^/@/\" $CAIRN search -n1 -C0 parse",
    ] {
      let shown = try onTerminal(line).outputText
      #expect(shown.contains("src/dates.py") && !shown.contains("@"), "\(line): \(shown)")
    }
    #expect(!(try cairn.shell("PAGER='sed s/^/@/' $CAIRN search parse multiply").outputText.contains("@")))
  }

  @Test func `headers are cut to the terminal's width and lose no place`() throws {
    let name = String(repeating: "very_long_name_", count: 5)
    try cairn.write("src/long.py", (1...4).map { "def \(name)\($0)(): return \($0)\n" }.joined())
    _ = try cairn.run("index", "-q")
    let shown = try onTerminal("$CAIRN search -n1 -C0 --color never \(name)3").outputText
    let header = try #require(shown.split(whereSeparator: \.isNewline).first)
    #expect(
      header.hasPrefix("src/long.py:3  …") && header.contains("long_name_3  ") && header.count <= 90
        && header.hasSuffix(")"), "\(header)")
  }

  @Test func `a path that does not fit keeps the file's name, and a symbol its innermost name`() throws {
    let directory = (1...9).map { "directory_number_\($0)" }.joined(separator: "/")
    try cairn.write(
      FilePath(directory + "/the_file.py"),
      """
      class AVeryLongOuterNameOfAClassThatHoldsAnother:
          class AnotherVeryLongNameOfAClassInside:
              def find_numbats(self): return 1

      """)
    _ = try cairn.run("index", "-q")
    let line = "$CAIRN search -n1 -C0 --color never find_numbats"
    let header = try #require(try onTerminal(line).outputText.split(whereSeparator: \.isNewline).first)
    #expect(header.hasPrefix("…") && header.contains("/the_file.py:3") && header.count <= 90, "\(header)")
    let inside = try onTerminal("cd \(directory) && \(line)").outputText.split(whereSeparator: \.isNewline).first
    #expect(inside?.contains("find_numbats") == true && (inside?.count ?? 91) <= 90, "\(inside ?? "")")
    #expect(try cairn.shell(line).outputText.hasPrefix(directory + "/the_file.py:3  "))
  }

  @Test func `as many files as were asked for, whatever each has to show`() throws {
    for i in 1...12 {
      // Each function is a chunk of its own.
      let functions = (1...8).map { n in
        "def fetch_thing_\(n)(thing):\n" + (1...40).map { "    thing.fetch(\($0), \(n), \(i))\n" }.joined() + "\n"
      }
      try cairn.write(FilePath("many/f\(i).py"), functions.joined())
    }
    let ten = try cairn.run("search", "-l", "-n", "10", "fetch thing").outputLines
    #expect(ten.count == 10 && Set(ten).count == 10, "\(ten)")
    let twelve = try cairn.run("search", "-l", "-n", "12", "fetch thing").outputLines
    #expect(Array(twelve.prefix(10)) == ten && Set(twelve).count == 12)
    #expect(try cairn.run("search", "-l", "-n3", "fetch thing").outputLines == Array(ten.prefix(3)))
    let json = try cairn.run("search", "-l", "-n", "10", "--json", "fetch thing")
    #expect(try json.objects("file").count == 10 && json.objects("summary").first?["results"] as? Int == 10)
    #expect(try cairn.run("related", "-l", "-n", "10", "many/f1.py:2").outputLines.count == 10)
  }

  @Test func `a pager that is interrupted, or wants no more, ends in peace`() throws {
    _ = try cairn.run("index", "-q")
    // As the terminal does, which sends it to both: the program waits for its pager, which may live on.
    let interrupted = try onTerminal(
      "PAGER=\"kill -INT \\$PPID; cat\" $CAIRN search --color never parse multiply listen; echo code $?"
    ).outputText
    #expect(
      interrupted.contains("src/dates.py") && interrupted.contains("code 0") && !interrupted.contains("stopped"),
      "\(interrupted)")
    let early = try onTerminal("PAGER=\"head -1\" $CAIRN search --color never parse multiply listen; echo code $?")
      .outputText
    #expect(early.contains("code 0") && early.split(whereSeparator: \.isNewline).count == 2, "\(early)")
    let dumb = try onTerminal("TERM=dumb $CAIRN search parse multiply listen; echo code $?").outputText
    #expect(dumb.contains("code 0") && !dumb.contains("RETURN"), "\(dumb)")
  }

  @Test func `the short help has the options that are used most`() throws {
    for command in ["search", "related"] {
      let help = try cairn.run(command, "-h").outputText
      #expect(help.contains("-n, --limit N") && help.contains("-C, --context N"), "\(help)")
    }
  }
}
