import Settings

/// What a key of another program's configuration means here.
struct ForeignRule: Sendable {
  enum Action: Sendable {
    /// The value as it is.
    case take(Setting)
    /// The value that the function makes of it; nil if it makes no sense.
    case convert(Setting, @Sendable (ForeignValue) -> Conversion?)
    /// A list of patterns of files to leave out.
    case patterns
    case notNeeded(String)
    case secret(String)
  }

  /// The last names of the key, in lower case: `embeddings.batch_size`. With `.*` at its end, names that contain the
  /// rest.
  var pattern: String
  /// What may stand before them where the rule sets something, one of these and no more; the empty one is nothing. Nil
  /// for anything.
  var sections: [String]?
  var action: Action
  /// Whether another key of the file that sets the same comes before it, wherever it is: a quota of one stage is
  /// not that of all.
  var isLast = false

  /// The same rule, as the last of those for its setting.
  var ifNothingElse: ForeignRule {
    var rule = self
    rule.isLast = true
    return rule
  }

  var isSecret: Bool { if case .secret = action { true } else { false } }

  /// A rule that sets something by the whole name of a key.
  init(_ pattern: String, in sections: [String] = ["", "performance"], _ action: Action) {
    self.pattern = pattern
    self.action = action
    switch action {
    case .take, .convert, .patterns: self.sections = sections
    case .notNeeded, .secret: self.sections = nil
    }
  }
  init(_ pattern: String, notNeeded why: String) { self.init(pattern, .notNeeded(why)) }

  /// The rule for `key`, whatever its case: the first that fits.
  static func rule(for key: String) -> ForeignRule? {
    let name = key.lowercased()
    let dotted = "." + name + "."
    return all.first { rule in
      if let sections = rule.sections {
        return sections.contains { ($0.isEmpty ? "" : $0 + ".") + rule.pattern == name }
      }
      return rule.pattern.hasSuffix(".*")
        ? dotted.contains("." + rule.pattern.dropLast(1)) : dotted.hasSuffix("." + rule.pattern + ".")
    }
  }
}

/// A value made from another program's. Without a value there is nothing to set, and `how` says why.
struct Conversion {
  var value: Setting.Value?
  /// What was done to it; nil if it was only taken.
  var how: String?

  init(_ value: Setting.Value, how: String?) {
    self.value = value
    self.how = how
  }
  init?(_ value: Setting.Value?) {
    guard let value else { return nil }
    self.value = value
  }
  /// There is nothing to set.
  init(notNeeded why: String) { how = why }
}

extension String {
  /// `contains` of the standard library alone takes a character.
  fileprivate func contains(_ part: String) -> Bool {
    let bytes = Array(part.utf8)
    let all = Array(utf8)
    guard bytes.count <= all.count else { return false }
    return (0...(all.count - bytes.count)).contains { all[$0..<($0 + bytes.count)].elementsEqual(bytes) }
  }
}
