import Primitives

/// How many tokens of a model a text takes: as many as a tokenizer of the large models makes of code or prose, or some
/// more: a token for 3.5 bytes, or more where the text is of many short pieces (Docs/MCP.md has what it was held
/// against).
///
/// Those of several texts are added up before anything is rounded: the count of many lines is as near as that of one.
/// A text takes at most the sum of what its lines take.
package struct TokenCount: Hashable, Sendable {
  private var byteCount = 0
  /// In quarters of a token.
  private var pieces = 0

  package init() {}

  /// So many tokens, whatever the text is.
  package init(tokens: Int) {
    pieces = 4 * tokens
    byteCount = tokens * 7 / 2
  }

  package init(of text: String) {
    // Of the run of bytes of one class. In `parseDate` each word is a run; in `FXMLLoader` and `MAX_SIZE` capitals are
    // in shorter pieces than words.
    var length = 0
    var kind = Kind.blank
    var isAfterCapital = false
    var isAfterSmall = false
    for byte in text.utf8 {
      byteCount += 1
      let next = Kind(byte)
      let isCapital = byte.isASCIIUppercase
      if next != kind || isCapital && isAfterSmall {
        pieces += length == 0 ? 0 : kind.cost(of: length)
        (kind, length) = (next, 0)
      }
      if isCapital && isAfterCapital { pieces += Self.pieceOfCapital }
      length += 1
      (isAfterCapital, isAfterSmall) = (isCapital, next == .letter && !isCapital)
    }
    pieces += length == 0 ? 0 : kind.cost(of: length)
  }

  /// What each capital behind another one takes besides, in quarters of a token.
  private static let pieceOfCapital = 3

  package init(ofLine line: String) { self.init(of: line + "\n") }

  package init(ofLines lines: [String]) { self = lines.reduce(into: TokenCount()) { $0 += TokenCount(ofLine: $1) } }

  package var tokens: Int { max((byteCount * 2 + 6) / 7, (pieces + 3) / 4) }

  package static func += (sum: inout TokenCount, other: TokenCount) {
    sum.byteCount += other.byteCount
    sum.pieces += other.pieces
  }

  package static func + (a: TokenCount, b: TokenCount) -> TokenCount {
    var sum = a
    sum += b
    return sum
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
      case .letter: 4 * ((length + 6) / 7)
      case .digit: 4 * ((length + 1) / 2)
      // One blank goes with the word behind it.
      case .blank: length == 1 ? 0 : 4 * ((length + 15) / 16)
      case .tab, .newline: 4 * ((length + 3) / 4)
      case .sign: length == 1 ? 4 : 3 * length
      case .other: 2 * length
      }
    }
  }
}

/// A text that keeps to so many tokens.
package struct TokenBudget: Sendable {
  package static let standard = 2_000
  package static let bounds = 200...20_000
  /// By so much a short text may have more tokens than it is taken to have: kept free.
  private static let margin = 16

  /// The most that the text may take.
  package let limit: Int
  private var count = TokenCount()
  package private(set) var text = ""

  /// - Parameter limit: of a whole answer.
  package init(limit: Int) {
    self.limit = limit
    count = TokenCount(tokens: min(Self.margin, limit / 8))
  }

  /// - Parameter limit: of a part of an answer.
  package init(ofPart limit: Int) { self.limit = limit }

  package var used: Int { count.tokens }
  package var rest: Int { max(0, limit - used) }

  package static func estimate(_ text: String) -> Int { TokenCount(of: text).tokens }
  package static func cost(ofLine line: String) -> Int { TokenCount(ofLine: line).tokens }

  /// Appends a line where there is room for it; gives whether there was.
  @discardableResult
  package mutating func add(_ line: String) -> Bool { add([line]) }

  /// Appends all of the lines or none.
  @discardableResult
  package mutating func add(_ lines: [String]) -> Bool {
    let sum = count + TokenCount(ofLines: lines)
    guard sum.tokens <= limit else { return false }
    count = sum
    for line in lines { text += line + "\n" }
    return true
  }

  /// Appends all that was written to another one; gives whether there was room for it.
  @discardableResult
  package mutating func append(_ other: TokenBudget) -> Bool {
    let sum = count + other.count
    guard sum.tokens <= limit else { return false }
    count = sum
    text += other.text
    return true
  }
}
