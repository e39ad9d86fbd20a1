import Primitives

/// Passing over literals and comments. Each function is given the place of the first byte and returns the place behind
/// the last, or the end of the text where the literal is left open.
extension SkimRules.Literals {
  /// Behind the comment or literal at `position`; `position` itself where there is none.
  @inline(__always)
  func end(at position: Int, in source: Span<UInt8>) -> Int {
    switch source[position] {
    case .slash: endOfComment(at: position, in: source)
    case .doubleQuote: endOfString(at: position, in: source)
    case .singleQuote: endOfCharacter(at: position, in: source)
    case .backquote: hasBackquotes ? endOfBackquotes(at: position, in: source) : position
    default: position
    }
  }

  private func endOfComment(at start: Int, in source: Span<UInt8>) -> Int {
    guard start + 1 < source.count else { return start }
    if source[start + 1] == .slash {
      var position = start + 2
      while position < source.count, source[position] != .newline { position += 1 }
      return position
    }
    guard source[start + 1] == .star else { return start }
    var position = start + 2
    var depth = 1
    while position + 1 < source.count {
      if source[position] == .star, source[position + 1] == .slash {
        depth -= 1
        position += 2
        if depth == 0 { return position }
      } else if nestsComments, source[position] == .slash, source[position + 1] == .star {
        depth += 1
        position += 2
      } else {
        position += 1
      }
    }
    return source.count
  }

  private func endOfString(at start: Int, in source: Span<UInt8>) -> Int {
    if hasTextBlocks, source.begins(start..<source.count, with: "\"\"\"") {
      return endOfTextBlock(at: start, in: source)
    }
    if hasDelimitedStrings, start > 0, source[start - 1] == UInt8(ascii: "R") {
      return endOfDelimitedString(at: start, in: source)
    }
    if isRust, start > 0, source[start - 1] == .hash || source[start - 1] == UInt8(ascii: "r") {
      return endOfHashedString(at: start, in: source)
    }
    var position = start + 1
    while position < source.count {
      let byte = source[position]
      if byte == .doubleQuote { return position + 1 }
      if byte == .newline, !isRust { return position }
      position += byte == .backslash ? 2 : 1
    }
    return source.count
  }

  private func endOfBackquotes(at start: Int, in source: Span<UInt8>) -> Int {
    var position = start + 1
    while position < source.count, source[position] != .backquote { position += 1 }
    return min(position + 1, source.count)
  }

  private func endOfTextBlock(at start: Int, in source: Span<UInt8>) -> Int {
    var position = start + 3
    while position < source.count {
      if source.begins(position..<source.count, with: "\"\"\"") { return position + 3 }
      position += source[position] == .backslash ? 2 : 1
    }
    return source.count
  }

  /// `R"mark(…)mark"`, where the mark has 16 bytes at most.
  private func endOfDelimitedString(at start: Int, in source: Span<UInt8>) -> Int {
    var open = start + 1
    while open < source.count, open - start <= 17, source[open] != .leftParenthesis { open += 1 }
    guard open < source.count, source[open] == .leftParenthesis else { return start + 1 }
    let mark = open - start - 1
    var position = open + 1
    while position + mark + 1 < source.count {
      if source[position] == .rightParenthesis, source[position + mark + 1] == .doubleQuote {
        var same = 0
        while same < mark, source[position + 1 + same] == source[start + 1 + same] { same += 1 }
        if same == mark { return position + mark + 2 }
      }
      position += 1
    }
    return source.count
  }

  /// `r##"…"##`: ends with as many `#` as stand before it.
  private func endOfHashedString(at start: Int, in source: Span<UInt8>) -> Int {
    var hashes = 0
    while start - hashes > 0, source[start - hashes - 1] == .hash { hashes += 1 }
    var position = start + 1
    while position < source.count {
      if source[position] == .doubleQuote {
        var found = 0
        while found < hashes, position + 1 + found < source.count, source[position + 1 + found] == .hash { found += 1 }
        if found == hashes { return position + 1 + hashes }
      }
      position += 1
    }
    return source.count
  }

  private func endOfCharacter(at start: Int, in source: Span<UInt8>) -> Int {
    if hasQuotedDigits, source.isInNumber(at: start) { return start + 1 }
    if isRust {
      // A lifetime has no closing quote right behind its first character.
      guard start + 1 < source.count else { return source.count }
      if source[start + 1] != .backslash {
        var next = start + 2
        while next < source.count, source[next] & 0xC0 == 0x80 { next += 1 }
        return next < source.count && source[next] == .singleQuote ? next + 1 : start + 1
      }
    }
    var position = start + 1
    while position < source.count, source[position] != .newline {
      if source[position] == .singleQuote { return position + 1 }
      position += source[position] == .backslash ? 2 : 1
    }
    return min(position, source.count)
  }
}

extension Span<UInt8> {
  /// Whether the word that ends right before `position` begins with a digit.
  fileprivate func isInNumber(at position: Int) -> Bool {
    var start = position
    while start > 0, position - start < 64, isIdentifier(at: start - 1) || self[start - 1] == .singleQuote {
      start -= 1
    }
    return start < position && self[start].isASCIIDigit
  }

  /// Behind the logical line that the preprocessor's `#` at `start` begins: what a backslash or a comment carries over
  /// the end of a line belongs to it. The newline is not part of it.
  func endOfDirective(at start: Int, _ literals: SkimRules.Literals) -> Int {
    var position = start
    while position < count {
      switch self[position] {
      case .newline:
        let isCarried =
          self[position - 1] == .backslash
          || (self[position - 1] == .carriageReturn && self[Swift.max(0, position - 2)] == .backslash)
        if !isCarried { return position }
        position += 1
      case .slash, .doubleQuote, .singleQuote:
        position = Swift.max(position + 1, literals.end(at: position, in: self))
      default:
        position += 1
      }
    }
    return Swift.min(position, count)
  }

  /// Where the word that a directive begins with stands, behind the `#` at `start` and blanks.
  func directiveWord(at start: Int) -> Range<Int> {
    var word = start + 1
    while word < count, self[word] == .space || self[word] == .tab { word += 1 }
    return word..<endOfIdentifier(at: word)
  }

  func endOfIdentifier(at start: Int) -> Int {
    var position = start
    while position < count, isIdentifier(at: position) || self[position] >= 0x80 { position += 1 }
    return position
  }

  /// Behind the parentheses that stand right behind `position`; `position` itself where there are none, or not on one
  /// line.
  func endOfArguments(behind position: Int, _ literals: SkimRules.Literals) -> Int {
    guard position < count, self[position] == .leftParenthesis else { return position }
    var depth = 0
    var next = position
    while next < count, self[next] != .newline {
      switch self[next] {
      case .leftParenthesis: depth += 1
      case .rightParenthesis:
        depth -= 1
        if depth == 0 { return next + 1 }
      default: break
      }
      next = Swift.max(next + 1, literals.end(at: next, in: self))
    }
    return position
  }

  /// How many newlines stand in `range`.
  func newlineCount(in range: Range<Int>) -> Int {
    var count = 0
    for position in range where self[position] == .newline { count += 1 }
    return count
  }
}
