import Primitives
import TestSupport
import Testing

/// Random edits, checkouts, rebases, kills, faults, damage and deaths of watchers in a repository with work trees, each
/// followed by searches that are held against a reading of the whole tree. `Scripts/model` does it, with 10,000 steps
/// where it is run by hand.
@Suite struct RandomStepTests {
  @Test func `whatever is done to a repository, each search finds the lines that a reading of the tree finds`() throws {
    let script = repository.appending("Scripts/model")
    let words = ["--steps", "60", "--seed", "2026", "--fresh", "20", "--shrink-seconds", "0"]
    let environment = [
      "PATH": "/usr/bin:/bin", "CAIRN_BINARY": try CairnProgram.binary().description,
      "CAIRN_INDEX_LISTING": try CairnProgram.program(besideTests: "cairn-index-listing").description,
    ]
    let result = try Program(
      "/usr/bin/env", [Array("python3".utf8), script.bytes] + words.map { Array($0.utf8) }, in: "/",
      environment: environment
    ).wait(limit: .seconds(300))
    #expect(result.code == 0, "\(result.outputText)\(result.errorText)")
    #expect(result.outputText.contains("| steps | 60 |"), "\(result.outputText)")
  }
}
