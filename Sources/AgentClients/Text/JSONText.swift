import JSON
import Primitives
import Settings

/// A JSON document with the places of its parts. Comments and trailing commas, which JSONC allows, are taken as well;
/// whatever else is not JSON is an error that names the line.
struct JSONText {
  struct Node {
    enum Kind {
      case string(String)
      case object([Member])
      case array([Node])
      /// A number, `true`, `false`, `null`.
      case word(String)
    }
    var kind: Kind
    var range: Range<Int>

    var members: [Member]? { if case .object(let members) = kind { members } else { nil } }
    var string: String? { if case .string(let text) = kind { text } else { nil } }
    var word: String? { if case .word(let text) = kind { text } else { nil } }
    var strings: [String]? {
      guard case .array(let nodes) = kind else { return nil }
      let texts = nodes.compactMap(\.string)
      return texts.count == nodes.count ? texts : nil
    }
    func member(_ name: String) -> Member? { members?.first { $0.name == name } }
  }

  struct Member {
    var name: String
    /// The name with its quotation marks.
    var nameRange: Range<Int>
    /// The end of the token or comment before the name.
    var before: Int
    var value: Node
    /// Where the comma behind it is, if there is one.
    var comma: Int?
  }

  struct Token {
    enum Kind: Equatable {
      case mark(UInt8)
      case string, word
      case comment(isLine: Bool)
    }
    var kind: Kind
    var range: Range<Int>
    var isComment: Bool { if case .comment = kind { true } else { false } }
  }

  let bytes: [UInt8]
  private(set) var tokens: [Token] = []
  /// Nil where there is nothing but white space.
  private(set) var root: Node?

  private var next = 0
  private static let depthLimit = 256

  init(_ bytes: [UInt8]) throws(Failure) {
    self.bytes = bytes
    try bytes.checkText()
    try lex()
    skipComments()
    if tokens.isEmpty { return }
    guard next < tokens.count else { throw .notUnderstood("it holds nothing but comments") }
    root = try value(depth: 0)
    skipComments()
    guard next == tokens.count else { throw mistake(tokens[next].range.lowerBound) }
  }

  /// The texts of the tokens, comments among them, outside of `ranges`.
  func tokenTexts(outside ranges: [Range<Int>] = []) -> [ArraySlice<UInt8>] {
    tokens.compactMap { token in
      ranges.contains { $0.overlaps(token.range) } ? nil : bytes[token.range]
    }
  }

  /// Those in `range`.
  func tokenTexts(in range: Range<Int>) -> [ArraySlice<UInt8>] {
    tokens.compactMap { range.contains($0.range.lowerBound) ? bytes[$0.range] : nil }
  }

  /// The line comment that begins behind `offset` on the same line, with nothing but blanks before it.
  func lineComment(behind offset: Int) -> Range<Int>? {
    var start = offset
    while start < bytes.count, bytes[start] == .space || bytes[start] == .tab { start += 1 }
    return tokens.first { $0.range.lowerBound == start && $0.kind == .comment(isLine: true) }?.range
  }

  // MARK: Tokens

  private mutating func lex() throws(Failure) {
    var i = bytes.textStart
    while i < bytes.count {
      let start = i
      let kind: Token.Kind
      switch bytes[i] {
      case .space, .tab, .newline, .carriageReturn:
        i += 1
        continue
      case .leftBrace, .rightBrace, .leftBracket, .rightBracket, .colon, .comma:
        kind = .mark(bytes[i])
        i += 1
      case .doubleQuote:
        kind = .string
        i = try endOfString(from: i)
      case .slash:
        let comment = try comment(from: i)
        kind = comment.kind
        i = comment.end
      default:
        while i < bytes.count, bytes[i].isASCIIWord || [.minus, .plus, .dot].contains(bytes[i]) { i += 1 }
        guard Self.isWord(bytes[start..<i]) else { throw mistake(start) }
        kind = .word
      }
      tokens.append(Token(kind: kind, range: start..<i))
    }
  }

  private func endOfString(from start: Int) throws(Failure) -> Int {
    var i = start + 1
    while i < bytes.count, bytes[i] != .doubleQuote {
      guard bytes[i] >= 0x20 else { throw mistake(i) }
      i += bytes[i] == .backslash ? 2 : 1
    }
    guard i < bytes.count else { throw mistake(start) }
    return i + 1
  }

  private func comment(from start: Int) throws(Failure) -> (kind: Token.Kind, end: Int) {
    guard start + 1 < bytes.count else { throw mistake(start) }
    var i = start + 2
    switch bytes[start + 1] {
    case .slash:
      while i < bytes.count, bytes[i] != .newline { i += 1 }
      if bytes[i - 1] == .carriageReturn { i -= 1 }
      return (.comment(isLine: true), i)
    case .star:
      while i + 1 < bytes.count {
        if bytes[i] == .star, bytes[i + 1] == .slash { return (.comment(isLine: false), i + 2) }
        i += 1
      }
      throw mistake(start)
    default: throw mistake(start)
    }
  }

  /// Whether it is `true`, `false`, `null`, or a number as JSON writes one.
  private static func isWord(_ word: ArraySlice<UInt8>) -> Bool {
    if ["true", "false", "null"].contains(String(decoding: word, as: UTF8.self)) { return true }
    var rest = word
    func takeDigits() -> Int {
      let count = rest.prefix { $0.isASCIIDigit }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == .minus { rest = rest.dropFirst() }
    let beginsWithZero = rest.first == UInt8(ascii: "0")
    let whole = takeDigits()
    guard whole == 1 || whole > 1 && !beginsWithZero else { return false }
    if rest.first == .dot {
      rest = rest.dropFirst()
      guard takeDigits() > 0 else { return false }
    }
    if let letter = rest.first, letter.asciiLowercased == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if rest.first == .plus || rest.first == .minus { rest = rest.dropFirst() }
      guard takeDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  // MARK: Values

  private mutating func skipComments() {
    while next < tokens.count, tokens[next].isComment { next += 1 }
  }

  /// The next token that is no comment, which is taken.
  private mutating func take() throws(Failure) -> Token {
    skipComments()
    guard next < tokens.count else { throw .notUnderstood("it ends in the middle") }
    next += 1
    return tokens[next - 1]
  }

  private mutating func value(depth: Int) throws(Failure) -> Node {
    let token = try take()
    guard depth < Self.depthLimit else { throw .notUnderstood("it is nested too deep") }
    switch token.kind {
    case .string: return Node(kind: .string(try text(of: token)), range: token.range)
    case .word: return Node(kind: .word(String(decoding: bytes[token.range], as: UTF8.self)), range: token.range)
    case .mark(.leftBrace): return try object(from: token.range.lowerBound, depth: depth + 1)
    case .mark(.leftBracket): return try array(from: token.range.lowerBound, depth: depth + 1)
    default: throw mistake(token.range.lowerBound)
    }
  }

  private mutating func object(from start: Int, depth: Int) throws(Failure) -> Node {
    var members: [Member] = []
    while true {
      var token = try take()
      if token.kind == .mark(.rightBrace) {
        return Node(kind: .object(members), range: start..<token.range.upperBound)
      }
      guard token.kind == .string, members.last.map({ $0.comma != nil }) ?? true else {
        throw mistake(token.range.lowerBound)
      }
      // The braces around it are tokens too, so that one stands before each name.
      let before = tokens[next - 2].range.upperBound
      let (name, nameRange) = (try text(of: token), token.range)
      token = try take()
      guard token.kind == .mark(.colon) else { throw mistake(token.range.lowerBound) }
      members.append(
        Member(name: name, nameRange: nameRange, before: before, value: try value(depth: depth), comma: nil))
      members[members.count - 1].comma = takeComma()
    }
  }

  private mutating func array(from start: Int, depth: Int) throws(Failure) -> Node {
    var nodes: [Node] = []
    var mayGoOn = true
    while true {
      skipComments()
      if next < tokens.count, tokens[next].kind == .mark(.rightBracket) {
        next += 1
        return Node(kind: .array(nodes), range: start..<tokens[next - 1].range.upperBound)
      }
      guard mayGoOn else { throw mistake(next < tokens.count ? tokens[next].range.lowerBound : bytes.count) }
      nodes.append(try value(depth: depth))
      mayGoOn = takeComma() != nil
    }
  }

  private mutating func takeComma() -> Int? {
    skipComments()
    guard next < tokens.count, tokens[next].kind == .mark(.comma) else { return nil }
    next += 1
    return tokens[next - 1].range.lowerBound
  }

  private func text(of token: Token) throws(Failure) -> String {
    let inner = bytes[(token.range.lowerBound + 1)..<(token.range.upperBound - 1)]
    if !inner.contains(.backslash) { return String(decoding: inner, as: UTF8.self) }
    guard let text = (try? JSONValue(parsing: Array(bytes[token.range])))?.string else {
      throw mistake(token.range.lowerBound)
    }
    return text
  }

  private func mistake(_ offset: Int) -> Failure {
    .notUnderstood("line \(bytes.line(of: offset)) is not the JSON that is expected there")
  }
}
