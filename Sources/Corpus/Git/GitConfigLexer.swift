import Primitives

/// Reads git's configuration syntax, setting by setting. Stops at the first error.
package struct GitConfigLexer {
  package struct Setting: Hashable, Sendable {
    /// Lower case.
    package var section: String
    /// As written.
    package var subsection: [UInt8]?
    /// Lower case.
    package var name: String
    /// Nil if there is no `=`.
    package var value: [UInt8]?
  }

  private let content: [UInt8]
  private var offset: Int
  private var section = ""
  private var subsection: [UInt8]?

  package init(_ content: [UInt8]) {
    self.content = content
    offset = content.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The byte at the place, without moving; a line end of two bytes counts as one.
  private var current: UInt8? {
    guard offset < content.count else { return nil }
    if content[offset] == .carriageReturn, offset + 1 < content.count, content[offset + 1] == .newline {
      return .newline
    }
    return content[offset]
  }

  private mutating func advance() {
    if content[offset] == .carriageReturn, offset + 1 < content.count, content[offset + 1] == .newline { offset += 1 }
    offset += 1
  }

  /// The next setting; nil behind the last, and from the first error on.
  package mutating func next() -> Setting? {
    while let byte = current {
      switch byte {
      case .newline, .space, .tab, .carriageReturn: advance()
      case UInt8(ascii: "#"), UInt8(ascii: ";"): skipLine()
      case UInt8(ascii: "["):
        advance()
        if !readSection() { return stop() }
      default:
        guard byte.isASCIILetter else { return stop() }
        return readSetting() ?? stop()
      }
    }
    return nil
  }

  private mutating func stop() -> Setting? {
    offset = content.count
    return nil
  }

  private mutating func skipLine() {
    while let byte = current, byte != .newline { advance() }
  }

  /// Reads `section]`, `section.subsection]` or `section "subsection"]`.
  private mutating func readSection() -> Bool {
    var name: [UInt8] = []
    subsection = nil
    while let byte = current {
      advance()
      if byte == UInt8(ascii: "]") {
        // The older form `[section.subsection]` has its subsection in lower case.
        if let dot = name.firstIndex(of: .dot) {
          subsection = Array(name[(dot + 1)...])
          name.removeSubrange(dot...)
        }
        section = String(decoding: name, as: UTF8.self)
        return true
      }
      if byte == .space || byte == .tab { return readSubsection(of: name) }
      guard byte.isASCIILetter || byte.isASCIIDigit || byte == .dot || byte == UInt8(ascii: "-") else { return false }
      name.append(byte.asciiLowercased)
    }
    return false
  }

  private mutating func readSubsection(of name: [UInt8]) -> Bool {
    while current == .space || current == .tab { advance() }
    guard current == .doubleQuote else { return false }
    advance()
    var text: [UInt8] = []
    while var byte = current, byte != .newline {
      advance()
      if byte == .doubleQuote {
        guard current == UInt8(ascii: "]") else { return false }
        advance()
        section = String(decoding: name, as: UTF8.self)
        subsection = text
        return true
      }
      if byte == .backslash {
        guard let escaped = current, escaped != .newline else { return false }
        advance()
        byte = escaped
      }
      text.append(byte)
    }
    return false
  }

  private mutating func readSetting() -> Setting? {
    var name: [UInt8] = []
    while let byte = current, byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") {
      name.append(byte.asciiLowercased)
      advance()
    }
    while current == .space || current == .tab { advance() }
    var setting = Setting(
      section: section, subsection: subsection, name: String(decoding: name, as: UTF8.self), value: nil)
    if current == nil || current == .newline { return setting }
    guard current == UInt8(ascii: "=") else { return nil }
    advance()
    guard let value = readValue() else { return nil }
    setting.value = value
    return setting
  }

  /// Reads to the end of the line: quotes, escapes and comments taken out, the blanks at both ends dropped.
  private mutating func readValue() -> [UInt8]? {
    var value: [UInt8] = []
    var isQuoted = false
    /// The length of the value without the blanks at its end.
    var trimmedCount = 0
    while let byte = current {
      if byte == .newline { return isQuoted ? nil : Array(value[..<trimmedCount]) }
      advance()
      if !isQuoted {
        if byte == .space || byte == .tab {
          if !value.isEmpty || trimmedCount > 0 { value.append(byte) }
          continue
        }
        if byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";") {
          skipLine()
          continue
        }
      }
      switch byte {
      case .backslash:
        guard let escaped = current else { return nil }
        advance()
        switch escaped {
        case .newline: continue
        case UInt8(ascii: "n"): value.append(.newline)
        case UInt8(ascii: "t"): value.append(.tab)
        case UInt8(ascii: "b"): value.append(0x08)
        case .backslash, .doubleQuote: value.append(escaped)
        default: return nil
        }
      case .doubleQuote: isQuoted.toggle()
      default: value.append(byte)
      }
      trimmedCount = value.count
    }
    return isQuoted ? nil : Array(value[..<trimmedCount])
  }
}
