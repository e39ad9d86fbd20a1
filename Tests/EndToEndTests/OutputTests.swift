import Foundation
import Glibc
import Primitives
import TestSupport
import Testing

@Suite struct OutputTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  /// Runs a shell line on a terminal of its own, 90 columns wide, and gives what the terminal was sent.
  func onTerminal(_ line: String) throws -> ProgramResult {
    try cairn.shell("script -qec 'stty cols 90; \(line)' /dev/null")
  }

  @Test func `every member of every object is described`() throws {
    let document = String(
      decoding: try readFileBytes(repository.appending("Docs/JSON.md")), as: UTF8.self)
    var members: Set<String> = []
    func collect(_ value: Any) {
      if let object = value as? [String: Any] {
        for (name, value) in object {
          members.insert(name)
          // The members of `skipped` are reasons, which the document lists in a cell of their own.
          collect(value)
        }
      } else if let array = value as? [Any] {
        for element in array { collect(element) }
      }
    }
    try cairn.write("empty", "")
    try cairn.write("old.toml", "MAX_WORKERS = 3\n[MODELS.OLLAMA]\nAPI_URL = \"http://localhost:11434\"\n")
    try cairn.tree.write(FilePath(bytes: [0xFF] + Array(".py".utf8)), Array("def odd_name():\n    return 1\n".utf8))
    let commands = [
      ["status", "--json"], ["index", "--json"], ["search", "--json", "--explain", "parse odd_name multiply"],
      ["search", "--json", "-l", "parse"], ["related", "--json", "src/dates.py:1"], ["status", "--json"],
      ["config", "--json"], ["model", "list", "--json"], ["model", "test", "builtin", "--json"],
      ["model", "runtime", "--json"], ["index", "--rebuild", "--profile=json"], ["cache", "warm", "--json"],
      ["verify", "--json"],
      ["config", "profile", "small", "--json"], ["config", "import", "old.toml", "--json"],
      ["config", "path", "--json"], ["config", "unset", "--json", "limit"],
      ["ask", "--json", "parse a date"], ["search", "--json", "--root", "/nowhere", "x"],
    ]
    for command in commands {
      let objects = try cairn.start(command).wait().objects()
      #expect(!objects.isEmpty, "\(command)")
      collect(objects)
    }
    #expect(members.count > 40)
    for member in members where member != "type" { #expect(document.contains("`\(member)`"), "\(member)") }
  }

  @Test func `an error is an object too`() throws {
    let result = try cairn.run("search", "--json", "--no-update", "x")
    #expect(result.code == 2)
    #expect(try result.objects().last?.text("type") == "error")
    #expect(try result.objects().last?.text("code") == "no-index")
  }

  @Test func `a reader that goes away is no error`() throws {
    for number in 0..<200 {
      try cairn.write(FilePath("many/\(number).py"), "def parse_thing_\(number)():\n    return \(number)\n")
    }
    _ = try cairn.run("index")
    let result = try cairn.shell(
      "{ $CAIRN search -n 10000 -C all parse thing; echo $? >&2; } | head -1 | wc -l; $CAIRN search parse | true")
    #expect(result.outputText == "1\n" || result.outputText.contains("1\n"))
    #expect(result.errorText == "0\n", "\(result.errorText)")
  }

  @Test func `output that cannot be written is an error`() throws {
    _ = try cairn.run("index")
    let result = try cairn.shell("$CAIRN search parse > /dev/full")
    #expect(result.code == 2 && result.errorText.contains("could not be written"))
  }

  @Test func `a pipe gets no colour and no progress`() throws {
    let result = try cairn.run("search", "parse")
    #expect(!result.output.contains(0x1B) && result.errors.isEmpty)
    #expect(try cairn.run("search", "--color", "always", "parse").outputText.contains("\u{1B}[1;31mparse"))
  }

  @Test func `a terminal gets colour, unless NO_COLOR or a flag says no`() throws {
    _ = try cairn.run("index")
    #expect(try onTerminal("$CAIRN search parse").outputText.contains("\u{1B}["))
    #expect(!(try onTerminal("NO_COLOR=1 $CAIRN search parse").outputText.contains("\u{1B}[")))
    #expect(!(try onTerminal("TERM=dumb $CAIRN search parse").outputText.contains("\u{1B}[")))
    #expect(!(try onTerminal("$CAIRN search --color never parse").outputText.contains("\u{1B}[")))
    #expect(try onTerminal("NO_COLOR=1 $CAIRN search --color always parse").outputText.contains("\u{1B}["))
  }

  @Test func `lines are cut to the terminal's width`() throws {
    try cairn.write(
      "wide.py", "def very_wide_function():\n    return '" + String(repeating: "wide ", count: 100) + "'\n")
    let result = try onTerminal("$CAIRN search -n1 --color never -C all very_wide_function")
    let lines = result.outputText.split(whereSeparator: \.isNewline)
    #expect(lines.contains { $0.hasSuffix("…") })
    for line in lines { #expect(line.count <= 90, "\(line)") }
  }

  @Test func `an interrupt ends the run with 130 and the index stays good`() throws {
    var random = SeededRandom(seed: 5)
    try cairn.writeGenerated(files: 1..<400, using: &random)
    var interrupted = 0
    for attempt in 1...10 {
      let run = try cairn.start(["index", "--rebuild", "--max-memory-mb", "1"])
      run.run(until: .now + .milliseconds(10 * attempt))
      run.send(SIGINT)
      let result = run.wait()
      #expect(result.code == 130 || result.code == 0, "\(result.code) \(result.errorText)")
      if result.code == 130 { interrupted += 1 }
    }
    #expect(interrupted > 0)
    #expect(try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"])
  }
}
