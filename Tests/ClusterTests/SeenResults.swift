import JSON
import TestSupport

/// Of each result of `search --json` what a reader sees: path, lines, score.
func seenResults(_ result: ProgramResult) -> [String] {
  result.outputLines.compactMap { line in
    guard let value = try? JSONValue(parsing: Array(line.utf8)), value["type"]?.string == "result" else { return nil }
    return ["path", "start_line", "end_line", "score"].map { "\(value[$0].map { "\($0)" } ?? "-")" }.joined(
      separator: " ")
  }
}
