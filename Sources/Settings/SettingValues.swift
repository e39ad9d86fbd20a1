package import Primitives

/// The value of every setting, each with the place that it came from: as written, before anything is derived from the
/// machine or the corpus.
///
///     var values = try SettingValues.load(root: "/home/me/project")
///     values.set(.limit, to: .integer(20), from: .program)
///     for entry in values.entries { print(entry.setting.key, entry.value, entry.origin) }
package struct SettingValues: Hashable, Sendable {
  /// A setting with the value that holds.
  package struct Entry: Hashable, Sendable {
    package var setting: Setting
    package var value: Setting.Value
    package var origin: Setting.Origin
  }

  /// Every setting, in the order of `Setting.all`.
  package private(set) var entries: [Entry]

  /// What holds when nothing is configured.
  package init() { entries = Setting.all.map { Entry(setting: $0, value: $0.defaultValue, origin: .builtIn) } }

  /// What holds for `setting`.
  package subscript(setting: Setting) -> Entry {
    // Every setting is in the table, since only the table makes them.
    entries.first { $0.setting == setting } ?? Entry(setting: setting, value: setting.defaultValue, origin: .builtIn)
  }

  /// Sets `setting`, whatever it was set to before. The value is not checked: `Setting.value(parsing:)` gives those
  /// that are accepted.
  package mutating func set(_ setting: Setting, to value: Setting.Value, from origin: Setting.Origin) {
    guard let index = entries.firstIndex(where: { $0.setting == setting }) else { return }
    entries[index].value = value
    entries[index].origin = origin
  }
}

extension Setting {
  /// Where a value came from.
  package enum Origin: Hashable, Sendable {
    case builtIn
    /// Computed from what `from` names: the machine, the corpus.
    case derived(from: String)
    case file(FilePath, line: Int)
    case environment(String)
    case flag(String)
    /// Named on the command line that built the index, and kept with it.
    case index
    /// A program that imports the library.
    case program
  }
}

extension Setting.Value: CustomStringConvertible {
  /// As a configuration file has it: `5000000`, `true`, `"auto"`.
  package var description: String {
    switch self {
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .text(let text): Self.quoted(text)
    case .path(let path): Self.quoted(path.description)
    }
  }

  /// As a variable or a command line has it: `auto`, not `"auto"`.
  package var bytes: [UInt8] {
    switch self {
    case .integer, .boolean: Array(description.utf8)
    case .text(let text): Array(text.utf8)
    case .path(let path): path.bytes
    }
  }

  /// The same without what is secret in an address: the password beside its user, or as one of its parameters. For
  /// whatever is shown.
  package var withoutPassword: Setting.Value {
    guard case .text(let text) = self, let mark = text.firstRange(of: "://") else { return self }
    var head = text[mark.upperBound...]
    var parameters = ""
    if let start = head.firstIndex(of: "?") {
      // A name in per cent signs may be any.
      let shown = head[head.index(after: start)...].split(separator: "&").filter { parameter in
        let name = parameter.prefix { $0 != "=" }.lowercased()
        return !name.contains("password") && !name.contains("%")
      }
      parameters = shown.isEmpty ? "" : "?" + shown.joined(separator: "&")
      head = head[..<start]
    }
    // A password may hold a slash, and an @ too.
    if let end = head.lastIndex(of: "@"), let colon = head[..<end].firstIndex(of: ":") {
      head.removeSubrange(colon..<end)
    }
    return .text(text[..<mark.upperBound] + head + parameters)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        quoted += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension Setting.Origin: CustomStringConvertible {
  /// `from cairn.toml:3`, in words for a person.
  package var description: String {
    switch self {
    case .builtIn: "built in"
    case .derived(let reason): "derived from \(reason)"
    case .file(let path, let line): "from \(path):\(line)"
    case .environment(let name): "from the environment: \(name)"
    case .index: "kept with the index, from the command line that built it"
    case .flag(let name): "from the command line: \(name)"
    case .program: "set by the program"
    }
  }
}

extension SettingValues {
  /// What to add to a message about the value of `setting` where a file has set it: `; embedding_model is set in ...`.
  /// Else empty.
  package func origin(of setting: Setting) -> String {
    guard case .file(let file, let line) = self[setting].origin else { return "" }
    return "; \(setting.key) is set in \(file), line \(line)"
  }
}
