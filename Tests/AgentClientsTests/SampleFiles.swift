import AgentClients
import Primitives
import TestSupport

/// A client's configuration that nobody wrote: valid, and as untidy as they come. `MARK` stands in it wherever a user
/// may edit something.
struct SampleFile {
  var random: SeededRandom
  private let lineEnd: String
  private let isTidy: Bool
  private let hasComments: Bool
  private let unit: String

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    lineEnd = random.next(upTo: 4) == 0 ? "\r\n" : "\n"
    isTidy = random.next(upTo: 2) == 0
    hasComments = random.next(upTo: 2) == 0
    unit = ["  ", "    ", "\t", " "][random.next(upTo: 4)]
  }

  mutating func bytes(_ client: AgentClient) -> [UInt8] {
    let (kind, container) = Judge.kind(client)
    var text: String
    switch kind {
    case "json": text = json(container)
    case "toml": text = toml(container)
    default: text = yaml(container)
    }
    if random.next(upTo: 8) == 0, kind != "yaml" { text = "\u{FEFF}" + text }
    return Array(text.replacingLineEnds(lineEnd).utf8)
  }

  private mutating func chance(_ one: Int) -> Bool { random.next(upTo: one) == 0 }
  private mutating func pick(_ texts: [String]) -> String { texts[random.next(upTo: texts.count)] }

  // MARK: JSON

  private mutating func json(_ container: String) -> String {
    if chance(10) { return pick(["", "\n", "  \n\n", " "]) }
    var members = (0..<random.next(upTo: 4)).map { "\"key \($0)\"" }.map { ($0, value(depth: 2)) }
    if !chance(3) {
      let servers = (0..<random.next(upTo: 3)).map { "\"server-\($0)\"" }.map { ($0, value(depth: 3)) }
      members.insert(("\"\(container)\"", object(servers, depth: 2)), at: random.next(upTo: members.count + 1))
    }
    return margin() + object(members, depth: 1) + margin() + pick(["", "\n", "\n\n", " \n"])
  }

  private mutating func value(depth: Int) -> String {
    switch random.next(upTo: depth > 4 ? 4 : 6) {
    case 0: return pick(["1", "-2.5e3", "0", "true", "false", "null"])
    case 1:
      return pick(["\"MARK\"", "\"// no comment\"", "\"{ \\\"cairn\\\": {} }\"", "\"\\u00e9 \\\\ \\n\"", "\"/* \""])
    case 2: return "\"MARK of a value\""
    case 3: return pick(["{}", "[]", "[1, 2]", "{ }"])
    case 4:
      let items = (0..<random.next(upTo: 3)).map { _ in value(depth: depth + 1) }
      return "[" + items.joined(separator: ", ") + "]"
    default:
      let names = (0..<random.next(upTo: 3)).map { "\"n\($0)\"" }
      return object(names.map { ($0, value(depth: depth + 1)) }, depth: depth)
    }
  }

  private mutating func object(_ members: [(String, String)], depth: Int) -> String {
    if members.isEmpty { return pick(["{}", "{ }", "{\n}", "{\n\n  }"]) }
    var text = "{"
    let isOneLine = chance(3)
    for (index, (name, value)) in members.enumerated() {
      text += isOneLine ? pick(["", " "]) : gap(depth)
      text += name + pick([":", ": ", " : "]) + value
      if index + 1 < members.count {
        text += pick([",", ",", ",", " ,"])
      } else if hasComments, chance(3) {
        text += ","
      }
    }
    return text + (isOneLine ? pick(["", " "]) : gap(depth - 1)) + "}"
  }

  /// White space between members, with a comment now and then.
  private mutating func gap(_ depth: Int) -> String {
    let indent = "\n" + String(repeating: unit, count: depth)
    if isTidy { return (hasComments && chance(4) ? pick([" // MARK", indent + "// MARK"]) : "") + indent }
    var gap = pick(["", " ", indent, "\n", "\n\n\t", "\n   "])
    if hasComments, chance(2) {
      gap += pick(["/* MARK */", "// MARK { \"\n", " // \"cairn\": {}\n", "/* , */ ", "/**/\n "])
    }
    return gap
  }

  private mutating func margin() -> String {
    chance(4) ? pick(hasComments ? ["\n", " ", "// MARK\n", "/* MARK */"] : ["\n", " "]) : ""
  }

  // MARK: TOML

  private mutating func toml(_ container: String) -> String {
    if chance(10) { return pick(["", "\n", "  \n\n"]) }
    var text = ""
    for number in 0..<random.next(upTo: 4) {
      text += pick(["", "# MARK\n", "\n"]) + "key\(number) = " + tomlValue() + pick(["\n", " # MARK\n", "\n\n"])
    }
    let isInline = chance(5)
    if isInline {
      text +=
        "\(container) = " + pick(["{}", "{ }", "{ a = { command = \"MARK\" } }", "{a={command='x'},b={}}"]) + "\n"
    }
    for number in 0..<random.next(upTo: 5) {
      let name = isInline ? "t\(number)" : pick(["t\(number)", "\(container).s\(number)", "\"quoted \(number)\""])
      text += pick(["", "\n", "# MARK [x]\n"]) + pick(["", "  "]) + "[\(name)]" + pick(["\n", " # MARK\n"])
      for key in 0..<random.next(upTo: 3) { text += pick(["", "  "]) + "k\(key) = " + tomlValue() + "\n" }
    }
    if !isInline, chance(4) { text += "[[list]]\na = 1\n[[list]]\n" }
    switch random.next(upTo: 5) {
    case 0: while text.last == "\n" { text.removeLast() }
    case 1: text += "\n\n"
    case 2: text += "# MARK"
    case 3: text += "   \n\t"
    default: break
    }
    return text
  }

  private mutating func tomlValue() -> String {
    pick([
      "1", "true", "\"MARK\"", "'MARK \\'", "1979-05-27 07:32:00Z", "[1, 2,\n  3, # ]\n]", "{ x = 1, y = \"}\" }",
      "\"\"\"\n[mcp_servers.cairn]\ncommand = \\\"\"\"\"", "'''\n# MARK ''\n'''", "-inf", "[\"a]\", 'b']", "{}", "0x1F",
    ])
  }

  // MARK: YAML

  private mutating func yaml(_ container: String) -> String {
    if chance(8) { return pick(["", "\n", "  \n"]) }
    var parts = (0..<random.next(upTo: 3)).map { number in
      "key\(number): "
        + pick(["MARK", "\n  - a\n  - MARK", "\n  nested:\n    x: 1 # MARK", "|\n  text\n  # MARK", "{a: 1}"])
    }
    if !chance(3) {
      let margin = pick(["  ", "    ", " "])
      let members = (0..<random.next(upTo: 3)).map { number in
        "\n\(margin)e\(number):\n\(margin)  enabled: true\n\(margin)  args:\n\(margin)  - MARK"
      }
      parts.insert("\(container):" + pick(["", " # MARK"]) + members.joined(), at: random.next(upTo: parts.count + 1))
    }
    let text = parts.joined(separator: pick(["\n", "\n\n", "\n# MARK\n"]))
    return pick(["", "# MARK\n"]) + text + pick(["", "\n", "\n\n", "\n# MARK\n"])
  }
}

extension String {
  fileprivate func replacingLineEnds(_ end: String) -> String {
    end == "\n" ? self : split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end)
  }
}

extension [UInt8] {
  /// The same text after a user has edited it in each of the marked places.
  var edited: [UInt8] {
    let mark = Array("MARK".utf8)
    var result: [UInt8] = []
    var i = 0
    while i < count {
      if self[i...].starts(with: mark) {
        result += Array("EDITED by hand".utf8)
        i += mark.count
      } else {
        result.append(self[i])
        i += 1
      }
    }
    return result
  }
}
