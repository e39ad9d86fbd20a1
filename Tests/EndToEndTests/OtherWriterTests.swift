import Glibc
import Primitives
import TestSupport
import Testing

/// What is said while another process writes the index, and how long a search waits for one.
@Suite struct OtherWriterTests {
  let cairn: CairnProgram

  init() throws {
    cairn = try CairnProgram()
    try cairn.write("src/dates.py", "def leap_year(year):\n    return year % 4 == 0\n")
    #expect(try cairn.run("index", "-q").code == 0)
  }

  /// Runs a line of shell while somebody holds the writer's lock.
  private func whileLocked(_ line: String) throws -> ProgramResult {
    try cairn.shell("exec 9>>.cairn/writer.lock && flock -x 9 && { \(line); }")
  }

  @Test(arguments: [
    ("search -q -l '\"zqlocked\"'", 1), ("search -q -l leap_year", 0), ("related -q -l src/dates.py:1", 1),
    ("ask -q --context-only leap_year", 0),
  ])
  func `an answer from before a change is told of with -q, in a line`(_ arguments: String, code: Int32) throws {
    try cairn.write("src/new.py", "# zqlocked\n")
    let result = try whileLocked("\"$CAIRN\" \(arguments)")
    #expect(result.code == code, "\(result.outputText)\(result.errorText)")
    let lines = result.errorText.split(separator: "\n")
    #expect(
      lines.count == 1 && lines[0].contains("another process is indexing; this answer is from before"), "\(lines)")
    #expect(try cairn.shell("\"$CAIRN\" \(arguments)").errorText.isEmpty)
  }

  @Test func `a run that is at work is told by the status, by its process`() throws {
    // Of a first run, and of one that has committed nothing yet.
    try #require(try cairn.shell("rm -r .cairn/catalog.* .cairn/segments").code == 0)
    let none = try whileLocked("\"$CAIRN\" status")
    #expect(none.code == 1 && none.outputText.contains("a run is at work (process "), "\(none.outputText)")
    #expect(try cairn.run("status").outputText.contains("run `cairn index`"))
    let json = try whileLocked("\"$CAIRN\" status --json").objects("status").first
    #expect((json?.number("writer") ?? 0) > 0, "\(json ?? [:])")
  }

  @Test(arguments: [["search", "-l", "leap_year"], ["search", "-q", "-l", "leap_year"]])
  func `a search does not wait for ever for a first run that was stopped`(_ arguments: [String]) throws {
    try #require(try cairn.shell("rm -r .cairn/catalog.* .cairn/segments").code == 0)
    let holder = try Program(
      "/usr/bin/flock", ["-x", ".cairn/writer.lock", "/bin/sleep", "120"].map { Array($0.utf8) }, in: cairn.tree.root,
      environment: cairn.environment)
    while try cairn.run("status").outputText.contains("run `cairn index`"), holder.isRunning {}
    holder.send(SIGSTOP)
    defer { holder.send(SIGCONT) }
    let result = try cairn.start(arguments).wait(limit: .seconds(30))
    let lines = result.errorText.split(separator: "\n")
    #expect(result.code == 2 && result.output.isEmpty, "\(result.code) \(result.outputText)")
    #expect(lines.last?.contains("was stopped: let it go on (`kill -CONT ") == true, "\(lines)")
    #expect(arguments.contains("-q") ? lines.count == 1 : lines.count == 2 && lines[0].contains("waiting for process "))
  }

  @Test func `the number of results is told without a word of lines where it is one`() throws {
    let many = try cairn.run("search", "-n", "100000", "x")
    #expect(many.code == 2 && many.errorText.contains("from 1 to 10000"), "\(many.errorText)")
    #expect(!many.errorText.contains("lines"), "\(many.errorText)")
    #expect(try cairn.run("search", "-n", "leap_year", "x").errorText.contains("lines have their numbers"))
    let help = try cairn.run("help", "search").outputText.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(help.contains("10000 at most"), "\(help)")
  }
}
