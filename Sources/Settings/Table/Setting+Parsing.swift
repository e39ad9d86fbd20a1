import Primitives

extension Setting {
  /// The value that `bytes` say, as written in a variable or after a flag; nil if the setting does not accept
  /// it.
  package func value(parsing bytes: [UInt8]) -> Setting.Value? {
    if case .path = kind { return .path(FilePath(bytes: bytes)) }
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    switch kind {
    case .integer(let range):
      guard let number = Int(text), range.contains(number) else { return nil }
      return .integer(number)
    case .integerOrAll(let range):
      if text == "all" { return .text(text) }
      guard let number = Int(text), range.contains(number) else { return nil }
      return .integer(number)
    case .megabytesOrShare(let range):
      if text.hasSuffix("%") {
        guard let share = Int(text.dropLast()), (1...100).contains(share) else { return nil }
        return .text("\(share)%")
      }
      guard let number = Int(text), range.contains(number) else { return nil }
      return .integer(number)
    case .boolean:
      switch text.lowercased() {
      case "true", "yes", "on", "1": return .boolean(true)
      case "false", "no", "off", "0": return .boolean(false)
      default: return nil
      }
    case .choice(let words): return words.contains(text) ? .text(text) : nil
    case .text, .directories:
      if kind == .directories, !Self.namesDirectories(text) { return nil }
      let isOneLine = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
      return isOneLine && text.utf8.count <= 1000 ? .text(text) : nil
    case .path: return nil
    }
  }

  /// The value of `node` of a configuration file; nil if its type or its value is not accepted.
  func value(of node: TomlDocument.Node) -> Setting.Value? {
    switch (kind, node.kind) {
    case (.integer, .integer), (.integerOrAll, .integer), (.boolean, .boolean): value(parsing: Array(node.text.utf8))
    case (.megabytesOrShare, .integer): value(parsing: Array(node.text.utf8))
    case (.megabytesOrShare, .string) where !node.text.hasSuffix("%"): nil
    case (.integerOrAll, .string), (.megabytesOrShare, .string), (.choice, .string), (.text, .string), (.path, .string),
      (.directories, .string):
      value(parsing: Array(node.text.utf8))
    default: nil
    }
  }

  /// Whether `value` is one that `value(parsing:)` gives.
  package func accepts(_ value: Setting.Value) -> Bool {
    switch value {
    case .integer(let number): self.value(parsing: Array(String(number).utf8)) == value
    case .boolean(let flag): self.value(parsing: Array((flag ? "true" : "false").utf8)) == value
    case .text(let text): self.value(parsing: Array(text.utf8)) == value
    case .path(let path): self.value(parsing: path.bytes) == value
    }
  }

  /// What is accepted, in words: `a whole number from 1 to 10000`.
  package var expectation: String {
    switch kind {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .integerOrAll(let range): "a whole number from \(range.lowerBound) to \(range.upperBound), or \"all\""
    case .megabytesOrShare(let range):
      "a whole number from \(range.lowerBound) to \(range.upperBound), or a share of the memory such as \"25%\""
    case .boolean: "true or false"
    case .choice(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
    case .text: "words on one line"
    case .path: "a path"
    case .directories: "absolute paths, or such as begin with ~/, with \":\" between them"
    }
  }

  private static func namesDirectories(_ text: String) -> Bool {
    text.split(separator: ":").allSatisfy { $0.hasPrefix("/") || $0.hasPrefix("~/") }
  }
}
