import Cairn
import Registry
import Rendering

/// The list of repositories for a person.
enum RepositoryText {
  /// A line of headings and one for each repository, in columns.
  static func table(_ states: [RepositoryState]) -> [String] {
    var rows = [["NAME", "GROUPS", "FILES", "CHUNKS", "STATE", "AS OF", "ROOT"]]
    for state in states {
      let asOf = [state.commit.map { String($0.prefix(8)) }, state.time.map { History.day(Int64($0)) }]
      rows.append([
        state.entry.name, state.entry.groups.joined(separator: ","), "\(state.fileCount)", "\(state.chunkCount)",
        state.condition.rawValue, asOf.compactMap { $0 }.joined(separator: " "),
        safeText(state.entry.root.description),
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { width($0[column]) }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        // The last column needs no blanks behind it, numbers stand at the right.
        let gap = String(repeating: " ", count: widths[column] - width(row[column]))
        if column == row.count - 1 { return row[column] }
        return column == 2 || column == 3 ? gap + row[column] : row[column] + gap
      }.joined(separator: "  ")
    }
  }

  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columnCount(of: $1) }
  }
}
