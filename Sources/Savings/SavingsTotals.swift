package import JSON

/// Sums of answers by day and tool.
package struct SavingsTotals: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    /// Days since 1970; nil for all days before the oldest that is kept by itself.
    package var day: Int?
    package var tool: String
    package var callCount = 0
    /// Answers in which nothing was found.
    package var emptyCount = 0
    package var tokens = 0
    /// What the files have of which lines were shown, each counted for each answer that shows it.
    package var fileCount = 0
    package var fileTokens = 0

    fileprivate mutating func add(_ other: Row) {
      callCount &+= other.callCount
      emptyCount &+= other.emptyCount
      tokens &+= other.tokens
      fileCount &+= other.fileCount
      fileTokens &+= other.fileTokens
    }
  }

  /// The oldest first.
  package private(set) var rows: [Row] = []

  package init() {}

  package mutating func add(_ answer: SavingsLog.Answer, day: Int) {
    var row = Row(day: day, tool: answer.tool)
    (row.callCount, row.emptyCount, row.tokens) = (1, answer.isEmpty ? 1 : 0, answer.tokens)
    // A token of code has three and a half bytes, as answers are counted.
    (row.fileCount, row.fileTokens) = (answer.fileCount, (answer.fileByteCount * 2 + 6) / 7)
    add(row)
  }

  private mutating func add(_ row: Row) {
    if let index = rows.lastIndex(where: { $0.day == row.day && $0.tool == row.tool }) {
      rows[index].add(row)
    } else {
      rows.append(row)
    }
  }

  /// Adds the oldest rows to those without a day until there are at most `limit`.
  package mutating func fold(to limit: Int) {
    guard rows.count > limit else { return }
    let sorted = rows.sorted { ($0.day ?? .min, $0.tool) < ($1.day ?? .min, $1.tool) }
    let cut = sorted.count - limit / 2
    rows = []
    for var row in sorted.prefix(cut) {
      row.day = nil
      add(row)
    }
    rows += sorted.dropFirst(cut)
  }

  /// Sums over the days from `day` on (all where nil), by tool in the order of their names.
  package func byTool(since day: Int? = nil) -> [Row] {
    var sums: [String: Row] = [:]
    for row in rows where day == nil || (row.day ?? .min) >= day ?? .min {
      sums[row.tool, default: Row(day: nil, tool: row.tool)].add(row)
    }
    return sums.values.sorted { $0.tool < $1.tool }
  }

  /// All of `rows` together.
  package static func sum(_ rows: [Row]) -> Row {
    var sum = Row(day: nil, tool: "all")
    for row in rows { sum.add(row) }
    return sum
  }

  /// The first day that is kept; nil where nothing is.
  package var firstDay: Int? { rows.compactMap(\.day).min() }

  // MARK: The file

  private static let version = 1
  /// A tool's name is no longer.
  private static let longestName = 32

  /// Nil where it is something else, or of a later program.
  package init?(_ value: JSONValue) {
    guard value["version"]?.integer == Self.version, let rows = value["rows"]?.array else { return nil }
    for row in rows {
      func count(_ name: String) -> Int? { row[name]?.integer.flatMap { $0 >= 0 ? $0 : nil } }
      guard let tool = row["tool"]?.string, tool.utf8.count <= Self.longestName, let calls = count("calls"),
        let empty = count("empty"), let tokens = count("tokens"), let files = count("files"),
        let fileTokens = count("file_tokens")
      else { return nil }
      self.rows.append(
        Row(
          day: row["day"]?.integer, tool: tool, callCount: calls, emptyCount: empty, tokens: tokens, fileCount: files,
          fileTokens: fileTokens))
    }
  }

  package var json: JSONValue {
    [
      "version": .integer(Self.version),
      "rows": .array(
        rows.map { row in
          [
            "day": row.day.map { .integer($0) } ?? .null, "tool": .string(row.tool), "calls": .integer(row.callCount),
            "empty": .integer(row.emptyCount), "tokens": .integer(row.tokens), "files": .integer(row.fileCount),
            "file_tokens": .integer(row.fileTokens),
          ]
        }),
    ]
  }
}
