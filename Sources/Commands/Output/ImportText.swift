package import Cairn
package import ForeignConfiguration
import Rendering
import Settings

/// What became of another program's configuration, as a configuration file with comments.
package enum ImportText {
  package static func lines(
    _ imported: ConfigurationImport, from file: Path, environment: Environment = .process
  ) -> [String] {
    var lines = ["# from \(safeText(file.description)), line by line:"]
    let left = imported.entries.map { "\($0.line): \(safeText($0.key)) = \(safeText($0.value))" }
    // One long line must not push every answer off the screen.
    let width = min(64, left.map(\.count).max() ?? 0)
    for (entry, left) in zip(imported.entries, left) {
      let padding = String(repeating: " ", count: max(0, width - left.count))
      lines.append("#   \(left)\(padding)  -> \(safeText(entry.outcome.words))")
    }
    lines.append("# " + summary(imported))
    lines.append("")
    lines += imported.toml.split(separator: "\n").map { safeText(String($0)) }
    if !imported.personalToml.isEmpty {
      let own = safeText(SettingValues.userFileText(in: environment.variables))
      lines += ["", "# for \(own), since a project's file cannot set these:"]
      lines += imported.personalToml.split(separator: "\n").map { "# " + safeText(String($0)) }
    }
    if !imported.ignorePatterns.isEmpty {
      lines += ["", "# for .cairnignore:"] + imported.ignorePatterns.map { "# " + safeText($0) }
    }
    return lines
  }

  private static func summary(_ imported: ConfigurationImport) -> String {
    var counts: [String: Int] = [:]
    for entry in imported.entries { counts[entry.outcome.code, default: 0] += 1 }
    let order = [
      "taken", "changed", "ignore-patterns", "default", "covered", "not-needed", "secret", "invalid", "unknown",
    ]
    let parts = order.compactMap { code in counts[code].map { "\($0) \(code)" } }
    return "\(countText(imported.entries.count, "key")): "
      + (parts.isEmpty ? "nothing to take" : parts.joined(separator: ", "))
  }
}
