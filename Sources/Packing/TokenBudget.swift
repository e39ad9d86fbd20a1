/// How many tokens of a model a text takes, and a text that keeps to so many.
package struct TokenBudget: Sendable {
  package static let standard = 2_000
  package static let bounds = 200...20_000

  /// As many tokens as a tokenizer of the large models makes of code or prose, or some more: a token for 3.5 bytes, or
  /// more where the text is of many short pieces (Docs/MCP.md has what it was held against). The estimate of a text is
  /// at most the sum of those of its lines.
  package static func estimate(_ text: String) -> Int {
    var pieces = 0
    var byteCount = 0
    // Of the run of bytes of one class.
    var length = 0
    var kind = Kind.blank
    func cost() -> Int { length == 0 ? 0 : kind.cost(of: length) }
    for byte in text.utf8 {
      byteCount += 1
      let next = Kind(byte)
      if next != kind {
        pieces += cost()
        (kind, length) = (next, 0)
      }
      length += 1
    }
    pieces += cost()
    return max((byteCount * 2 + 6) / 7, (pieces + 3) / 4)
  }

  private enum Kind {
    case letter, digit, blank, tab, newline, sign, other

    init(_ byte: UInt8) {
      switch byte {
      case 0x41...0x5A, 0x61...0x7A: self = .letter
      case 0x30...0x39: self = .digit
      case 0x20: self = .blank
      case 0x09: self = .tab
      case 0x0A, 0x0D: self = .newline
      case 0x80...: self = .other
      default: self = .sign
      }
    }

    /// In quarters of a token.
    func cost(of length: Int) -> Int {
      switch self {
      case .letter: 4 * ((length + 5) / 6)
      case .digit: 4 * ((length + 1) / 2)
      // One blank goes with the word behind it.
      case .blank: length == 1 ? 0 : 4 * ((length + 15) / 16)
      case .tab, .newline: 4 * ((length + 3) / 4)
      case .sign: length == 1 ? 4 : 3 * length
      case .other: 2 * length
      }
    }
  }

  /// The most that the text may take.
  package let limit: Int
  package private(set) var used = 0
  package private(set) var text = ""

  package init(limit: Int) { self.limit = limit }

  package var rest: Int { max(0, limit - used) }

  package static func cost(ofLine line: String) -> Int { estimate(line + "\n") }

  /// Appends a line where there is room for it; gives whether there was.
  @discardableResult
  package mutating func add(_ line: String) -> Bool {
    let cost = Self.cost(ofLine: line)
    guard cost <= rest else { return false }
    used += cost
    text += line + "\n"
    return true
  }

  /// Appends all of the lines or none.
  @discardableResult
  package mutating func add(_ lines: [String]) -> Bool {
    let cost = lines.reduce(0) { $0 + Self.cost(ofLine: $1) }
    guard cost <= rest else { return false }
    for line in lines { add(line) }
    return true
  }

  /// Appends all that was written to another one; gives whether there was room for it.
  @discardableResult
  package mutating func append(_ other: TokenBudget) -> Bool {
    guard other.used <= rest else { return false }
    used += other.used
    text += other.text
    return true
  }
}
