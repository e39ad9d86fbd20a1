import JSON
package import Primitives

/// A TOML document with the places of its statements. Whatever is not TOML is an error that names the line.
package struct TomlText {
  /// What follows an equals sign.
  package struct Value {
    package enum Kind {
      case string(String)
      case array([Value])
      /// An inline table.
      case table([Member])
      /// A number, a truth value, a date.
      case word
    }
    package var kind: Kind
    /// The bytes that it is written in.
    package var range: Range<Int>

    /// The text of a string; nil of anything else.
    package var string: String? { if case .string(let text) = kind { text } else { nil } }
    /// The members of an inline table; nil of anything else.
    package var members: [Member]? { if case .table(let members) = kind { members } else { nil } }
    /// The texts of an array of strings; nil of anything else.
    package var strings: [String]? {
      guard case .array(let values) = kind else { return nil }
      let texts = values.compactMap(\.string)
      return texts.count == values.count ? texts : nil
    }
  }

  /// A name and its value in an inline table.
  package struct Member {
    package var path: [String]
    package var nameStart: Int
    /// The end of the brace, comma or comment before the name.
    package var before: Int
    package var value: Value
    package var comma: Int?
  }

  /// A header of a table, or an assignment.
  package struct Statement {
    package enum Kind {
      /// `[a.b]`
      case table
      /// `[[a.b]]`
      case arrayTable
      case assignment(Value)
    }
    package var kind: Kind
    /// As it stands there.
    package var path: [String]
    /// With the names of the table that it is in.
    package var fullPath: [String]
    /// From the first byte of the statement to the last one of its value or bracket.
    package var range: Range<Int>

    /// What is assigned; nil of a header.
    package var value: Value? { if case .assignment(let value) = kind { value } else { nil } }
    /// Whether it opens a table.
    package var isHeader: Bool { value == nil }
  }

  /// The document as it is.
  package let bytes: [UInt8]
  /// In the order of the document.
  package private(set) var statements: [Statement] = []

  private var i = 0
  private static let depthLimit = 64

  /// Reads `bytes`, in one pass. Throws `notUnderstood`, with the line, where they are not TOML.
  package init(_ bytes: [UInt8]) throws(Failure) {
    self.bytes = bytes
    try bytes.checkText()
    i = bytes.textStart
    var table: [String] = []
    while true {
      skipBlanks(acrossLines: true)
      guard let byte = peek() else { return }
      let start = i
      if byte == .leftBracket {
        let isArray = peek(1) == .leftBracket
        i += isArray ? 2 : 1
        table = try path()
        for _ in 0..<(isArray ? 2 : 1) { try expect(.rightBracket) }
        statements.append(
          Statement(kind: isArray ? .arrayTable : .table, path: table, fullPath: table, range: start..<i))
      } else {
        let path = try path()
        try expect(.equalsSign)
        skipBlanks(acrossLines: false)
        let value = try value(depth: 0)
        statements.append(
          Statement(kind: .assignment(value), path: path, fullPath: table + path, range: start..<value.range.upperBound)
        )
      }
      skipBlanks(acrossLines: false)
      guard peek() == nil || isAtLineEnd else { throw mistake() }
    }
  }

  /// What the statements that `isOurs` does not take say, in their order.
  package func facts(without isOurs: (Statement) -> Bool) -> [[ArraySlice<UInt8>]] {
    statements.filter { !isOurs($0) }.map { statement in
      statement.fullPath.map { Array($0.utf8)[...] } + [bytes[statement.range]]
    }
  }

  // MARK: Bytes

  private func peek(_ offset: Int = 0) -> UInt8? { i + offset < bytes.count ? bytes[i + offset] : nil }
  private var isAtLineEnd: Bool { peek() == .newline || peek() == .carriageReturn }

  /// Passes over white space and comments.
  private mutating func skipBlanks(acrossLines: Bool) {
    while let byte = peek() {
      if byte == .space || byte == .tab || acrossLines && (byte == .newline || byte == .carriageReturn) {
        i += 1
      } else if byte == .hash {
        while peek() != nil, !isAtLineEnd { i += 1 }
      } else {
        return
      }
    }
  }

  private mutating func expect(_ byte: UInt8) throws(Failure) {
    // The two brackets of an array of tables stand together, and blanks inside of a header are no comments.
    while peek() == .space || peek() == .tab { i += 1 }
    guard peek() == byte else { throw mistake() }
    i += 1
  }

  // MARK: Names and values

  /// Names with dots between them.
  private mutating func path() throws(Failure) -> [String] {
    var names: [String] = []
    while true {
      while peek() == .space || peek() == .tab { i += 1 }
      let start = i
      switch peek() {
      case .doubleQuote?, .singleQuote?:
        guard let name = try string(allowsLines: false).string else { throw mistake() }
        names.append(name)
      default:
        while let byte = peek(), byte.isASCIIWord || byte == .minus { i += 1 }
        guard i > start else { throw mistake() }
        names.append(String(decoding: bytes[start..<i], as: UTF8.self))
      }
      let end = i
      while peek() == .space || peek() == .tab { i += 1 }
      guard peek() == .dot else {
        i = end
        return names
      }
      i += 1
    }
  }

  private mutating func value(depth: Int) throws(Failure) -> Value {
    guard depth < Self.depthLimit else { throw .notUnderstood("it is nested too deep") }
    let start = i
    switch peek() {
    case .doubleQuote?, .singleQuote?: return try string(allowsLines: true)
    case .leftBracket?: return try array(depth: depth + 1)
    case .leftBrace?: return try inlineTable(depth: depth + 1)
    default:
      // A date and a time of day may have a space between them.
      while let byte = peek(), byte.isASCIIWord || [.minus, .plus, .dot, .colon].contains(byte) { i += 1 }
      if i - start == 10, bytes[start + 4] == .minus, peek() == .space, peek(1)?.isASCIIDigit == true {
        i += 1
        while let byte = peek(), byte.isASCIIWord || [.minus, .plus, .dot, .colon].contains(byte) { i += 1 }
      }
      guard i > start else { throw mistake() }
      return Value(kind: .word, range: start..<i)
    }
  }

  private mutating func string(allowsLines: Bool) throws(Failure) -> Value {
    let start = i
    guard let mark = peek() else { throw mistake() }
    if peek(1) == mark, peek(2) == mark {
      guard allowsLines else { throw mistake() }
      return try longString(mark)
    }
    i += 1
    while let byte = peek(), byte != mark {
      guard byte >= 0x20 || byte == .tab else { throw mistake() }
      i += byte == .backslash && mark == .doubleQuote ? 2 : 1
    }
    guard i < bytes.count else { throw mistake(start) }
    i += 1
    let inner = bytes[(start + 1)..<(i - 1)]
    guard mark == .doubleQuote, inner.contains(.backslash) else {
      return Value(kind: .string(String(decoding: inner, as: UTF8.self)), range: start..<i)
    }
    // The escapes of JSON are those that the strings which matter have; other ones are text that names nothing here.
    let text = (try? JSONValue(parsing: Array(bytes[start..<i])))?.string
    return Value(kind: text.map { .string($0) } ?? .word, range: start..<i)
  }

  private mutating func longString(_ mark: UInt8) throws(Failure) -> Value {
    let start = i
    i += 3
    while let byte = peek() {
      if byte == mark, peek(1) == mark, peek(2) == mark {
        i += 3
        // Up to two marks may stand before the three that end it.
        for _ in 0..<2 where peek() == mark { i += 1 }
        return Value(kind: .word, range: start..<i)
      }
      i += byte == .backslash && mark == .doubleQuote ? 2 : 1
    }
    throw mistake(start)
  }

  private mutating func array(depth: Int) throws(Failure) -> Value {
    let start = i
    i += 1
    var values: [Value] = []
    while true {
      skipBlanks(acrossLines: true)
      if peek() == .rightBracket { break }
      values.append(try value(depth: depth))
      skipBlanks(acrossLines: true)
      if peek() == .comma {
        i += 1
      } else if peek() != .rightBracket {
        throw mistake()
      }
    }
    i += 1
    return Value(kind: .array(values), range: start..<i)
  }

  private mutating func inlineTable(depth: Int) throws(Failure) -> Value {
    let start = i
    i += 1
    var members: [Member] = []
    var before = i
    while true {
      skipInside(&before)
      if peek() == .rightBrace { break }
      let nameStart = i
      let path = try path()
      try expect(.equalsSign)
      skipBlanks(acrossLines: true)
      let value = try value(depth: depth)
      var member = Member(path: path, nameStart: nameStart, before: before, value: value, comma: nil)
      before = i
      skipInside(&before)
      if peek() == .comma {
        member.comma = i
        i += 1
        before = i
      } else if peek() != .rightBrace {
        throw mistake()
      }
      members.append(member)
    }
    i += 1
    return Value(kind: .table(members), range: start..<i)
  }

  /// Passes over white space and comments, of which the last one's end is `before`.
  private mutating func skipInside(_ before: inout Int) {
    while let byte = peek() {
      if byte.isBlank {
        i += 1
      } else if byte == .hash {
        while peek() != nil, !isAtLineEnd { i += 1 }
        before = i
      } else {
        return
      }
    }
  }

  private func mistake(_ offset: Int? = nil) -> Failure {
    .notUnderstood("line \(bytes.line(of: offset ?? i)) is not the TOML that is expected there")
  }
}
