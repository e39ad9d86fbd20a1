import Primitives

/// A statement, a comment or a value that was met while a body was skimmed.
struct SkimmedPart {
  var bytes: Range<Int>
  /// The part around it, by its place in the list, or -1.
  var parent: Int
}

/// Passes over a body in braces: finds its end, and writes down where statements begin and end on the way. The stack is
/// on the heap and bounded; each byte is read once.
struct BodySkimmer {
  enum Outcome {
    /// The body ends with the brace at this place and holds nothing that is searched for by name.
    case closed(at: Int)
    /// It ends there, and the parser had better look into it.
    case kept(at: Int)
    /// Its end was not found, or depends on what the preprocessor decides.
    case lost
  }

  /// Blocks open at once; hostile text has more.
  private static let maximumDepth = 500

  private let rules: SkimRules
  /// Of all bodies so far, in the order of their start, parents first.
  private(set) var parts: [SkimmedPart] = []

  private struct Block {
    /// The part that the block stands in, or -1.
    var part: Int
    /// Parentheses that were open before it.
    var nesting: Int
    /// What its parts end with: a semicolon for statements, a comma for values.
    var separator: UInt8
  }

  private struct Conditional {
    var blockCount: Int
    var part: Int
    var nesting: Int
  }

  private var blocks: [Block] = []
  private var conditionals: [Conditional] = []
  /// The part that is open in the innermost block, or -1.
  private var part = -1
  /// Parentheses and brackets that are open in the innermost block.
  private var nesting = 0
  /// A comment that waits for what it belongs to.
  private var comment: Range<Int>?
  private var linesSinceComment = 0
  /// First letters of the words of the rules, a bit for each.
  private let letters: UInt32

  init(rules: SkimRules) {
    self.rules = rules
    var letters: UInt32 = rules.hasAnonymousTypes ? 1 << (UInt32(UInt8(ascii: "n")) & 31) : 0
    for word in rules.definingWords + rules.taggingWords {
      letters |= unsafe 1 << (UInt32(word.utf8Start.pointee) & 31)
    }
    self.letters = letters
  }

  /// Passes over the body whose brace stands at `open`. Unless it is closed, nothing of it stays in `parts`.
  mutating func skim(_ source: Span<UInt8>, from open: Int, isData: Bool) -> Outcome {
    let partCount = parts.count
    let outcome = pass(source, from: open, isData: isData)
    if case .closed = outcome { return outcome }
    parts.removeSubrange(partCount...)
    return outcome
  }

  private mutating func pass(_ source: Span<UInt8>, from open: Int, isData: Bool) -> Outcome {
    blocks.removeAll(keepingCapacity: true)
    conditionals.removeAll(keepingCapacity: true)
    blocks.append(Block(part: -1, nesting: 0, separator: isData ? .comma : .semicolon))
    part = -1
    nesting = 0
    comment = nil
    var position = open + 1
    var lastInk: UInt8 = .leftBrace
    var lastEnd = position
    var isLineStart = false
    var isKept = false
    /// Whether only names and a colon came since a word that may define something.
    var isTagged = false
    /// A bit for each number of open parentheses at which the statement says `new`.
    var news: UInt32 = 0

    while position < source.count {
      let byte = source[position]
      if byte <= .space {
        if byte == .newline {
          isLineStart = true
          linesSinceComment += 1
          if rules.lineEndsStatement, part >= 0, nesting == 0, BodySkimmer.endsStatement(lastInk),
            blocks[blocks.count - 1].separator == .semicolon
          {
            endPart(at: lastEnd)
          }
        }
        position += 1
        continue
      }
      if isLineStart, byte == .hash, rules.hasPreprocessor {
        let end = source.endOfDirective(at: position, rules.literals)
        let word = source.directiveWord(at: position)
        if !direct(source, word) { return .lost }
        // Among values, macros name them.
        if isData, source.equals(word, "define") { isKept = true }
        position = end
        continue
      }
      let end = rules.literals.end(at: position, in: source)
      if end > position, byte == .slash {
        if part < 0 { keepComment(position..<end, isFirst: isLineStart) }
        linesSinceComment = 0
        if source[end - 1] == .slash { isLineStart = false }
        position = end
        continue
      }
      isLineStart = false
      if end > position {
        begin(at: position)
        isTagged = false
        lastInk = .doubleQuote
        position = end
        lastEnd = end
        continue
      }
      if source.isIdentifier(at: position) || byte >= 0x80 {
        begin(at: position)
        let end = source.endOfIdentifier(at: position)
        if byte >= UInt8(ascii: "a"), letters & (1 << (UInt32(byte) & 31)) != 0, lastInk != .dot {
          let word = position..<end
          if rules.definingWords.contains(where: { source.equals(word, $0) }), source.isFollowedByName(end) {
            isKept = true
          }
          if rules.taggingWords.contains(where: { source.equals(word, $0) }) { isTagged = true }
          if rules.hasAnonymousTypes, source.equals(word, "new") { news |= 1 << UInt32(min(nesting, 31)) }
        }
        lastInk = source[end - 1]
        position = end
        lastEnd = end
        continue
      }
      switch byte {
      case .leftBrace:
        if isTagged || (news & 1 << UInt32(min(nesting, 31)) != 0 && lastInk == .rightParenthesis) { isKept = true }
        if blocks.count >= BodySkimmer.maximumDepth { return .lost }
        begin(at: position)
        let isData =
          lastInk == .equalsSign || (blocks[blocks.count - 1].separator == .comma && lastInk != .rightParenthesis)
        blocks.append(Block(part: part, nesting: nesting, separator: isData ? .comma : .semicolon))
        part = -1
        nesting = 0
        news = 0
      case .rightBrace:
        endPart(at: lastEnd)
        flushComment()
        let block = blocks.removeLast()
        if blocks.isEmpty {
          if !conditionals.isEmpty { return .lost }
          return isKept ? .kept(at: position) : .closed(at: position)
        }
        part = block.part
        nesting = block.nesting
        news = 0
        if nesting == 0, blocks[blocks.count - 1].separator == .semicolon,
          !source.isContinued(position + 1, rules.literals)
        {
          endPart(at: position + 1)
        }
      case .leftParenthesis, .leftBracket:
        begin(at: position)
        nesting += 1
      case .rightParenthesis, .rightBracket:
        nesting = max(0, nesting - 1)
        news &= (2 << UInt32(min(nesting, 30))) - 1
      case blocks[blocks.count - 1].separator where nesting == 0:
        begin(at: position)
        if byte == .comma || !source.isContinued(position + 1, rules.literals) { endPart(at: position + 1) }
        news = 0
      default:
        begin(at: position)
      }
      if byte != .colon { isTagged = false }
      lastInk = byte
      position += 1
      lastEnd = position
    }
    return .lost
  }

  @inline(__always)
  private mutating func begin(at position: Int) {
    if part < 0 { beginPart(at: position) }
  }

  private mutating func beginPart(at position: Int) {
    var start = position
    if let comment {
      if linesSinceComment <= 1 { start = comment.lowerBound } else { flushComment() }
    }
    comment = nil
    part = parts.count
    parts.append(SkimmedPart(bytes: start..<position, parent: blocks[blocks.count - 1].part))
  }

  private mutating func endPart(at end: Int) {
    guard part >= 0 else { return }
    let start = parts[part].bytes.lowerBound
    parts[part].bytes = start..<max(start, end)
    part = -1
  }

  private mutating func keepComment(_ bytes: Range<Int>, isFirst: Bool) {
    if let waiting = comment, linesSinceComment <= 1 {
      comment = waiting.lowerBound..<bytes.upperBound
      return
    }
    flushComment()
    if isFirst { comment = bytes }
  }

  private mutating func flushComment() {
    if let comment { parts.append(SkimmedPart(bytes: comment, parent: blocks[blocks.count - 1].part)) }
    comment = nil
  }

  /// Follows `#if` and its like: what is open after each branch is what was open before the first. False if a branch
  /// closes more than it opens, for then the text has no one structure.
  private mutating func direct(_ source: Span<UInt8>, _ word: Range<Int>) -> Bool {
    if source.begins(word, with: "if") {
      if conditionals.count >= BodySkimmer.maximumDepth { return false }
      conditionals.append(Conditional(blockCount: blocks.count, part: part, nesting: nesting))
    } else if source.begins(word, with: "el") {
      guard let conditional = conditionals.last, conditional.blockCount <= blocks.count else { return false }
      blocks.removeSubrange(conditional.blockCount...)
      part = conditional.part
      nesting = conditional.nesting
    } else if source.equals(word, "endif") {
      if conditionals.popLast() == nil { return false }
    }
    return true
  }

  /// Whether a line that ends with this byte ends a statement, where lines do.
  private static func endsStatement(_ byte: UInt8) -> Bool {
    switch byte {
    case .doubleQuote, .rightParenthesis, .rightBracket, .rightBrace, .plus, .minus, 0x80...: true
    default: byte.isASCIIWord
    }
  }
}

extension Span<UInt8> {
  /// Whether blanks and then a name stand at `position`.
  fileprivate func isFollowedByName(_ position: Int) -> Bool {
    var name = position
    // `macro_rules! name`
    if name < count, self[name] == .exclamationMark { name += 1 }
    while name < count, self[name] == .space || self[name] == .tab || self[name] == .newline { name += 1 }
    return name > position && name < count && isIdentifier(at: name) && !self[name].isASCIIDigit
  }

  /// Whether what stands behind a block or a semicolon goes on with the same statement.
  fileprivate func isContinued(_ position: Int, _ literals: SkimRules.Literals) -> Bool {
    var next = position
    var isSameLine = true
    while next < count, self[next] <= .space || self[next] == .slash {
      if self[next] == .slash {
        let end = literals.end(at: next, in: self)
        if end == next { return false }
        next = end
        continue
      }
      if self[next] == .newline { isSameLine = false }
      next += 1
    }
    guard next < count else { return false }
    switch self[next] {
    case .semicolon, .comma, .rightParenthesis, .dot, .rightBracket, .leftParenthesis, .equalsSign: return isSameLine
    case UInt8(ascii: "e"): return equals(next..<endOfIdentifier(at: next), "else")
    case UInt8(ascii: "c"): return equals(next..<endOfIdentifier(at: next), "catch")
    case UInt8(ascii: "f"): return equals(next..<endOfIdentifier(at: next), "finally")
    case UInt8(ascii: "w"): return isSameLine && equals(next..<endOfIdentifier(at: next), "while")
    default: return false
    }
  }
}
