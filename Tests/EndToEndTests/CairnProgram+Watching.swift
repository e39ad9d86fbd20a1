import Foundation
import JSON
import Primitives
import TestSupport
import Testing

extension CairnProgram {
  /// Starts a watcher, and waits until it watches.
  func watcher(_ arguments: String...) throws -> Program {
    let program = try start(["watch", "--json"] + arguments)
    try waitFor(program, "watching")
    return program
  }

  /// Waits until `program` has told of `event` so many times.
  func waitFor(_ program: Program, _ event: String, times: Int = 1) throws {
    let end = ContinuousClock.now + .seconds(30)
    func count() -> Int { program.outputSoFar.components(separatedBy: "\"event\":\"\(event)\"").count - 1 }
    while count() < times {
      try #require(
        program.isRunning && ContinuousClock.now < end || count() >= times,
        "\(program.outputSoFar) \(program.errorsSoFar)")
      program.run(until: .now + .milliseconds(2))
    }
  }

  /// The summary of a search, and the paths of its results.
  func searchSummary(_ arguments: String...) throws -> (paths: [String], summary: JSONValue) {
    let answer = try start(["search", "--json"] + arguments).wait()
    let lines = try answer.outputLines.map { try JSONValue(parsing: Array($0.utf8)) }
    let summary = try #require(lines.last, "\(answer.errorText)")
    return (lines.dropLast().compactMap { $0["path"]?.string }, summary)
  }

  /// What the results stand on: `watched`, `updated` or `committed`.
  func freshness(_ summary: JSONValue) -> String? { summary["freshness"]?["kind"]?.string }
}
