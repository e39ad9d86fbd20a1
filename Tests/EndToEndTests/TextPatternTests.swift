import Disk
import Foundation
import JSON
import Primitives
import TestSupport
import Testing

/// `cairn search '/pattern/'` through the real binary, and the same of an agent's search.
@Suite struct TextPatternTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.tree.write(
      "src/retry.py",
      """
      import time

      def retry(operation):
          # Try again after a failure, a moment later.
          for attempt in range(3):
              try:
                  return operation()
              except OSError:
                  time.sleep(250)
      """)
    try cairn.tree.write(
      "src/poll.py", "import time\n\ndef poll(socket):\n    while socket.idle:\n        time.sleep(interval)\n")
    try cairn.tree.write("src/locks.c", "void take_lock(int *lock)\n{\n  spin(lock);\n}\n")
    try cairn.tree.write("src/user.c", "int main(void)\n{\n  take_lock(&a);\n  Sleep(12);\n}\n")
    try cairn.tree.write("web/login/form.js", "route('/login/', form)\n")
  }

  private func paths(_ arguments: String..., code: Int32 = 0) throws -> [String] {
    let result = try cairn.start(["search", "--json"] + arguments).wait()
    #expect(result.code == code, "\(arguments) \(result.errorText)")
    return try result.objects("result").map { $0.text("path") ?? "" }
  }

  @Test func `a pattern alone finds the chunks with a line that it matches, and shows that line`() throws {
    let result = try cairn.run("search", "--json", #"/sleep\([0-9]+\)/"#)
    let hits = try result.objects("result")
    #expect(result.code == 0 && hits.map { $0.text("path") } == ["src/retry.py"], "\(result.errorText)")
    #expect(hits.first?.number("answer_line") == 9 && hits.first?.number("answer_column") == 18)
    #expect(try paths(#"/sleep\([0-9]+\)/i"#).sorted() == ["src/retry.py", "src/user.c"])
    #expect(try cairn.run("search", "--vimgrep", #"/sleep\([0-9]+\)/"#).outputText.hasPrefix("src/retry.py:9:18:"))
  }

  @Test func `definitions on a line that matches come first`() throws {
    #expect(try paths(#"/\w+_lock\(/"#) == ["src/locks.c", "src/user.c"])
    let explained = try cairn.run("search", "--explain", #"/\w+_lock\(/"#)
    #expect(explained.outputText.contains("a line matches the pattern"), "\(explained.outputText)")
  }

  @Test func `beside words it narrows what they find`() throws {
    #expect(try paths(#"waiting for a moment /sleep\([0-9]+\)/"#) == ["src/retry.py"])
    #expect(try paths(#"time NOT /sleep\([0-9]+\)/"#).contains("src/poll.py"))
    #expect(try !paths(#"time -/sleep\([0-9]+\)/"#).contains("src/retry.py"))
    #expect(try paths(#"/sleep\([0-9]+\)/ OR /spin\(/"#).sorted() == ["src/locks.c", "src/retry.py"])
    #expect(try paths("lang:c", #"/sleep\(/i"#) == ["src/user.c"])
  }

  @Test func `where no line matches, that is said, with exit code 1`() throws {
    let nowhere = try cairn.run("search", #"/zebra[0-9]/"#)
    #expect(nowhere.code == 1 && nowhere.outputText.isEmpty)
    #expect(nowhere.errorText.contains("no indexed line matches /zebra[0-9]/"), "\(nowhere.errorText)")
    let filtered = try cairn.run("search", "-t", "c", #"/sleep\([0-9]+\)/"#)
    #expect(filtered.code == 1 && filtered.errorText.contains("no line that the filters pass matches"))
    #expect(try cairn.run("search", "-q", "/zebra[0-9]/").code == 1)
  }

  @Test func `a pattern that is none is an error alone, and a note beside words`() throws {
    let alone = try cairn.run("search", "/foo(/")
    #expect(alone.code == 2 && alone.outputText.isEmpty && alone.errorText.contains("/foo(/ is not a pattern"))
    #expect(alone.errorText.split(separator: "\n").count == 1, "\(alone.errorText)")
    let beside = try cairn.run("search", "retry", "/foo(/", "operation")
    #expect(beside.code == 0 && beside.errorText.contains("was searched for as words"), "\(beside.errorText)")
  }

  @Test func `a directory stays a path, and what changed is searched as it is now`() throws {
    #expect(try !cairn.run("search", "/login/").errorText.contains("matches"))
    try cairn.tree.write("src/poll.py", "import time\n\ndef poll():\n    time.sleep(77)\n")
    #expect(try paths(#"/sleep\(77\)/"#) == ["src/poll.py"])
    try cairn.tree.remove("src/poll.py")
    #expect(try paths(#"/sleep\(77\)/"#, code: 1).isEmpty)
  }

  @Test func `what is denied, or has another case than a directory, is a pattern, and a path is told of`() throws {
    let denied = try cairn.run("search", "route NOT /login/")
    #expect(!denied.outputText.contains("form.js"), "\(denied.outputText)")
    #expect(try cairn.run("search", "/LOGIN/").errorText.contains("no indexed line matches /LOGIN/"))
    #expect(try cairn.run("search", "/login/").errorText.contains("as a pattern it is /(login)/"))
    #expect(try paths("/(login)/") == ["web/login/form.js"])
  }

  @Test func `beside the path of a file the line shown is one that matches`() throws {
    let result = try cairn.run("search", "--json", "-C", "0", #"/sleep\([0-9]+\)/ path:src/retry.py"#)
    #expect(try result.objects("result").first?.number("answer_line") == 9, "\(result.outputText)")
  }

  @Test func `the cells of a notebook are searched as they read`() throws {
    try cairn.tree.write(
      "a.ipynb",
      #"{"cells":[{"cell_type":"code","source":["print(\"one\")\n","two = 2\n"]}],"metadata":{},"nbformat":4}"#)
    #expect(try paths(#"/print\("one"\)/"#) == ["a.ipynb"])
  }

  @Test func `an agent's search has patterns too`() throws {
    _ = try cairn.run("index")
    let server = try MCPProcess(cairn)
    let text = server.text("search", ["query": .string(#"/sleep\([0-9]+\)/"#)])
    #expect(text.contains("src/retry.py") && text.contains("time.sleep(250)"), "\(text)")
    #expect(text.contains("confidence: exact"), "\(text)")
    server.closeInput()
  }
}
