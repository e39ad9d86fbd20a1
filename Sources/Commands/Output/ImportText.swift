package import Cairn

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
      lines.append("#   \(left)\(padding)  -> \(safeText(words(entry.outcome)))")
    }
    lines.append("# " + summary(imported))
    lines.append("")
    lines += imported.toml.split(separator: "\n").map { safeText(String($0)) }
    if !imported.personalToml.isEmpty {
      let own = safeText(Configuration.userFileText(in: environment))
      lines += ["", "# for \(own), since a project's file cannot set these:"]
      lines += imported.personalToml.split(separator: "\n").map { "# " + safeText(String($0)) }
    }
    if !imported.ignorePatterns.isEmpty {
      lines += ["", "# for .cairnignore:"] + imported.ignorePatterns.map { "# " + safeText($0) }
    }
    return lines
  }

  /// One outcome, in words.
  package static func words(_ outcome: ConfigurationImport.Outcome) -> String {
    switch outcome {
    case .taken(let setting, let value): "\(setting.key) = \(value)"
    case .changed(let setting, let value, let how): "\(setting.key) = \(value) (\(how))"
    case .alreadyDefault(let setting): "\(setting.key), already the default"
    case .covered(let setting, let key): "\(setting.key), already set by \(key)"
    case .ignorePatterns(let count): ".cairnignore, \(countText(count, "line"))"
    case .notNeeded(let why): "not needed: \(why)"
    case .secret(let advice): "not taken: \(advice)"
    case .invalid(let expectation): "not taken: \(expectation)"
    case .unknown: "unknown, not taken"
    }
  }

  /// The word for an outcome that programs read.
  package static func code(_ outcome: ConfigurationImport.Outcome) -> String {
    switch outcome {
    case .taken: "taken"
    case .changed: "changed"
    case .alreadyDefault: "default"
    case .covered: "covered"
    case .ignorePatterns: "ignore-patterns"
    case .notNeeded: "not-needed"
    case .secret: "secret"
    case .invalid: "invalid"
    case .unknown: "unknown"
    }
  }

  private static func summary(_ imported: ConfigurationImport) -> String {
    var counts: [String: Int] = [:]
    for entry in imported.entries { counts[code(entry.outcome), default: 0] += 1 }
    let order = [
      "taken", "changed", "ignore-patterns", "default", "covered", "not-needed", "secret", "invalid", "unknown",
    ]
    let parts = order.compactMap { code in counts[code].map { "\($0) \(code)" } }
    return "\(countText(imported.entries.count, "key")): "
      + (parts.isEmpty ? "nothing to take" : parts.joined(separator: ", "))
  }
}
