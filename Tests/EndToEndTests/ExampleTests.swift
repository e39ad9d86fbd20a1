import Primitives
import TestSupport
import Testing

/// The programs under `Examples/`, as somebody who reads them would run them.
@Suite struct ExampleTests {
  let project: TemporaryTree

  init() throws {
    project = try TemporaryTree()
    try project.write("dates.py", "def parse_date(text):\n    return text.split('-')\n")
    try project.write("mail.py", "def send_mail(to):\n    pass\n")
  }

  /// Runs the example that lies beside the tests.
  func run(_ name: String, _ arguments: String...) throws -> ProgramResult {
    try Program(
      CairnProgram.program(besideTests: FilePath(name)),
      ([project.root.description] + arguments).map { Array($0.utf8) }, in: project.root,
      environment: ["HOME": project.root.description]
    ).wait()
  }

  @Test func `the example that searches prints the places it finds`() throws {
    let result = try run("cairn-example-search", "parse_date")
    #expect(result.code == 0, "\(result.errorText)")
    #expect(result.outputLines.first?.hasPrefix("dates.py:1-2 def parse_date(text):") == true, "\(result.outputText)")
  }

  @Test func `the example that indexes tells how far it is and what came of it`() throws {
    let result = try run("cairn-example-index")
    #expect(result.code == 0, "\(result.errorText)")
    #expect(result.outputText.contains("2 files, 2 chunks in "), "\(result.outputText)")
    #expect(result.outputText.contains("2 of 2 files"), "\(result.outputText)")
  }

  @Test func `the example with an embedder of its own prints the places it finds, and what made the vectors`() throws {
    let result = try run("cairn-example-embedder", "parsing dates")
    #expect(result.code == 0, "\(result.errorText)")
    #expect(result.outputLines.first?.hasPrefix("dates.py:1 def parse_date(text):") == true, "\(result.outputText)")
    #expect(result.outputLines.last == "model: custom:trigrams")
  }
}
