import Primitives

/// A stretch of a file that the parser need not see.
struct Omission {
  enum Content {
    /// The inside of a body. Its parts, by their places in the list of all parts.
    case parts(Range<Int>)
    /// Lines of `#define`, behind one that the parser sees.
    case macros
    /// An annotation, which nobody misses. It holds no newline.
    case nothing
  }

  /// If it holds a newline, it ends before one, so that what follows it is on a line of its own.
  var bytes: Range<Int>
  var content: Content
}

/// Finds what the parser need not see of a file: the bodies of functions, the values of large initializers, all but the
/// first of a run of macros. It passes over the text once and knows of it what `SkimRules` say.
///
/// Where the text is not as it should be, it leaves more to the parser, and after some such places everything.
struct Skimmer {
  /// Bodies whose end was not found before the rest of the file is left to the parser. Keeps the cost linear.
  private static let maximumLossCount = 16
  /// Less than this is not worth the trouble.
  private static let minimumByteCount = 48

  private let rules: SkimRules
  private var body: BodySkimmer
  private(set) var omissions: [Omission] = []
  private var lossCount = 0

  var parts: [SkimmedPart] { body.parts }

  /// What the text since the last statement looks like.
  private struct Head {
    /// Parentheses came last, but for words that may come between them and a body.
    var isBehindParentheses = false
    var hasParentheses = false
    var hasAssignment = false
    var hasArrow = false
    /// What stands before the last parentheses.
    var calledWord = 0..<0
    /// One of the words that the rules name was met.
    var hasWord = false
    var lastWord = 0..<0
    var lastInk: UInt8 = 0
    /// A `class`, `struct` or `union` was met, and no `enum`.
    var isOfType = false
    var isOfEnum = false
  }

  private var head = Head()
  private var nesting = 0
  private var conditionals: [Int] = []
  /// Of the braces that are open and were not skipped, whether they hold the members of a type; only where macros are
  /// told.
  private var openBraces = BitStack()

  /// Where the macros end whose braces only hold what others would hold anyway, the innermost last.
  private var macroEnds: [Int] = []
  /// More such macros than this are left to the grammar: each is scanned for its end.
  private var remainingMacroCount = 200

  init(rules: SkimRules) {
    self.rules = rules
    body = BodySkimmer(rules: rules)
  }

  mutating func skim(_ source: Span<UInt8>) {
    var position = 0
    var isLineStart = true
    while position < source.count, lossCount < Skimmer.maximumLossCount {
      let byte = source[position]
      if byte <= .space {
        if byte == .newline {
          isLineStart = true
          if rules.lineEndsStatement, nesting == 0 { head = Head() }
        }
        position += 1
        continue
      }
      if isLineStart, byte == .hash, rules.hasPreprocessor {
        position = direct(source, at: position)
        continue
      }
      // Whatever is open, a brace in the first column closes it.
      if isLineStart, byte == .rightBrace, rules.hasPreprocessor, position == 0 || source[position - 1] == .newline {
        nesting = 0
      }
      if byte == .rightBrace, macroEnds.last == position + 1 {
        macroEnds.removeLast()
        leaveOut(position..<(position + 1), source)
        head = Head()
        position += 1
        continue
      }
      let end = rules.literals.end(at: position, in: source)
      if end > position {
        if byte != .slash {
          isLineStart = false
          head.lastInk = byte
          head.isBehindParentheses = false
        }
        position = end
        continue
      }
      let isFirstOnLine = isLineStart
      isLineStart = false
      if source.isIdentifier(at: position) || byte >= 0x80 {
        var end = source.endOfIdentifier(at: position)
        if isAnnotation(position..<end, source) {
          end = source.endOfArguments(behind: end, rules.literals)
          omissions.append(Omission(bytes: position..<end, content: .nothing))
        } else if let macroEnd = leaveOutMacro(position..<end, source, isFirstOnLine: isFirstOnLine) {
          end = macroEnd
        } else if nesting == 0 {
          read(position..<end, source)
        }
        position = end
        continue
      }
      position = read(byte, at: position, source)
    }
    // What is left to the parser must have no brace that closes nothing.
    for end in macroEnds.reversed() where end > position { leaveOut((end - 1)..<end, source) }
  }

  /// Whether a statement or a declaration begins here.
  private var isAtBeginning: Bool {
    nesting == 0
      && (head.lastInk == 0 || head.lastInk == .semicolon || head.lastInk == .rightBrace || head.lastInk == .colon)
  }

  /// Leaves a macro out that the word begins, or the macros behind it. Returns where to go on; nil if the word is to be
  /// read.
  private mutating func leaveOutMacro(_ word: Range<Int>, _ source: Span<UInt8>, isFirstOnLine: Bool) -> Int? {
    switch rules.macros {
    case .none: return nil
    case .c, .cpp:
      let reader = MacroReader(isCpp: rules.macros == .cpp)
      switch source[word.lowerBound] {
      case UInt8(ascii: "c"), UInt8(ascii: "s"), UInt8(ascii: "u"), UInt8(ascii: "e"):
        let isEnum = source.equals(word, "enum")
        guard isEnum || source.equals(word, "class") || source.equals(word, "struct") || source.equals(word, "union")
        else { return nil }
        if nesting == 0 { if isEnum { head.isOfEnum = true } else { head.isOfType = true } }
        let macros = reader.macros(behind: word.upperBound, isEnum: isEnum, source)
        guard let last = macros.last else { return nil }
        if nesting == 0 { read(word, source) }
        for macro in macros { leaveOut(macro, source) }
        return last.upperBound
      case UInt8(ascii: "n") where source.equals(word, "namespace"):
        let macros = reader.macros(behindNamespace: word.upperBound, source)
        guard let last = macros.last else { return nil }
        if nesting == 0 { read(word, source) }
        for macro in macros { leaveOut(macro, source) }
        return last.upperBound
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), .underscore:
        guard
          let end = reader.end(
            ofMacro: word, source, isFirst: isAtBeginning, isFirstOnLine: isFirstOnLine, isMember: openBraces.last)
        else { return nil }
        leaveOut(word.lowerBound..<end, source)
        return end
      default: return nil
      }
    case .rust:
      guard isAtBeginning, isFirstOnLine, remainingMacroCount > 0,
        let braces = MacroReader.itemBraces(behind: word, source, rules.literals)
      else { return nil }
      remainingMacroCount -= 1
      macroEnds.append(braces.upperBound)
      leaveOut(word.lowerBound..<(braces.lowerBound + 1), source)
      head = Head()
      return braces.lowerBound + 1
    }
  }

  /// Leaves out what nobody misses, line by line: the line ends stay.
  private mutating func leaveOut(_ bytes: Range<Int>, _ source: Span<UInt8>) {
    var start = bytes.lowerBound
    for i in bytes where source[i] == .newline {
      if i > start { omissions.append(Omission(bytes: start..<i, content: .nothing)) }
      start = i + 1
    }
    if bytes.upperBound > start { omissions.append(Omission(bytes: start..<bytes.upperBound, content: .nothing)) }
  }

  private func isAnnotation(_ word: Range<Int>, _ source: Span<UInt8>) -> Bool {
    guard !rules.annotations.isEmpty, word.count >= 5, word.count <= 32 else { return false }
    switch source[word.lowerBound] {
    case .underscore where source[word.lowerBound + 1] == .underscore, UInt8(ascii: "a"), UInt8(ascii: "n"):
      return rules.annotations.contains(source.name(word))
    default: return false
    }
  }

  /// Takes a word of the head in.
  private mutating func read(_ word: Range<Int>, _ source: Span<UInt8>) {
    head.lastWord = word
    head.lastInk = source[word.upperBound - 1]
    switch rules.head {
    case .parentheses(let behind):
      if head.isBehindParentheses, !head.hasArrow, !source.isCapitals(word),
        !behind.contains(where: { source.equals(word, $0) })
      {
        head.isBehindParentheses = false
      }
    case .parenthesesWithout(let words):
      if !head.hasWord { head.hasWord = words.contains { source.equals(word, $0) } }
    case .word(let name):
      if !head.hasWord { head.hasWord = source.equals(word, name) }
    }
  }

  /// Takes another byte in, and with a brace what is behind it. Returns where to go on.
  private mutating func read(_ byte: UInt8, at position: Int, _ source: Span<UInt8>) -> Int {
    switch byte {
    case .leftParenthesis, .leftBracket:
      if nesting == 0, byte == .leftParenthesis { head.calledWord = head.lastWord }
      nesting += 1
      return position + 1
    case .rightParenthesis, .rightBracket:
      nesting = max(0, nesting - 1)
      if nesting == 0, byte == .rightParenthesis {
        head.isBehindParentheses = true
        head.hasParentheses = true
      }
    case .leftBrace where nesting > 0:
      nesting += 1
    case .rightBrace where nesting > 0:
      nesting -= 1
    case .leftBrace:
      return enterBrace(at: position, source)
    case .rightBrace, .semicolon:
      if nesting == 0 {
        head = Head()
        if byte == .rightBrace { openBraces.removeLast() }
      }
    case .equalsSign where nesting == 0:
      head.hasAssignment = true
      head.isBehindParentheses = false
    case .greaterThan where nesting == 0 && head.lastInk == .minus:
      head.hasArrow = head.isBehindParentheses
    case .minus where nesting == 0, .ampersand where nesting == 0, .star where nesting == 0:
      // Part of an arrow or of what a function returns.
      break
    default:
      if nesting == 0, !head.hasArrow { head.isBehindParentheses = false }
    }
    head.lastInk = byte
    return position + 1
  }

  private mutating func enterBrace(at position: Int, _ source: Span<UInt8>) -> Int {
    let isData = rules.skimsInitializers && head.hasAssignment && head.lastInk == .equalsSign
    let isBody =
      switch rules.head {
      case .parentheses: head.isBehindParentheses
      case .parenthesesWithout:
        // `NAME(1) { … }` is one of an enumeration's values, with members.
        head.hasParentheses && !head.hasWord && !head.hasAssignment && !source.isCapitals(head.calledWord)
      case .word: head.hasWord
      }
    guard isData || isBody else {
      openBraces.append(head.isOfType && !head.isOfEnum && !head.hasAssignment)
      head = Head()
      return position + 1
    }
    if case .word = rules.head, ["interface", "struct"].contains(where: { source.equals(head.lastWord, $0) }),
      head.lastWord.upperBound == position
    {
      // `func f() interface{} {`: the braces of a type.
      nesting += 1
      return position + 1
    }
    let partCount = body.parts.count
    let outcome = body.skim(source, from: position, isData: isData)
    switch outcome {
    case .lost:
      lossCount += 1
      openBraces.append(false)
      head = Head()
      return position + 1
    case .kept(let end):
      head = Head()
      return end + 1
    case .closed(let end):
      omit(source, from: position + 1, to: end, partCount..<body.parts.count)
      if isData { head.lastInk = .rightBrace } else { head = Head() }
      return end + 1
    }
  }

  /// Leaves out what lies between two braces, up to the last newline. A short last statement stays: a grammar that lost
  /// its way finds back with `return x; }` more easily than with `{}`.
  private mutating func omit(_ source: Span<UInt8>, from start: Int, to brace: Int, _ parts: Range<Int>) {
    var end = brace
    if !source.equals(head.calledWord, "switch"), let last = parts.last(where: { body.parts[$0].parent < 0 }),
      body.parts[last].bytes.count < 80,
      body.parts[last].bytes.upperBound <= brace, source[body.parts[last].bytes.upperBound - 1] == .semicolon
    {
      end = body.parts[last].bytes.lowerBound
    }
    while end > start, source[end - 1] != .newline { end -= 1 }
    if end - 1 - start >= Skimmer.minimumByteCount {
      omissions.append(Omission(bytes: start..<(end - 1), content: .parts(parts)))
    }
  }

  /// Follows the directive at `position`, and leaves out the macros behind one. Returns where to go on.
  private mutating func direct(_ source: Span<UInt8>, at position: Int) -> Int {
    let word = source.directiveWord(at: position)
    let end = source.endOfDirective(at: position, rules.literals)
    if source.equals(word, "define") { return skimMacros(source, behind: position, end) }
    if source.begins(word, with: "if") {
      conditionals.append(nesting)
    } else if source.begins(word, with: "el") {
      nesting = conditionals.last ?? nesting
    } else if source.equals(word, "endif") {
      _ = conditionals.popLast()
    }
    return end
  }

  /// Leaves out the lines of `#define` that follow the one from `start` to `firstEnd`, if each is a single line.
  /// Returns their end.
  private mutating func skimMacros(_ source: Span<UInt8>, behind start: Int, _ firstEnd: Int) -> Int {
    if source.newlineCount(in: start..<firstEnd) > 0 { return firstEnd }
    var end = firstEnd
    var next = end
    while true {
      while next < source.count, source[next] <= .space { next += 1 }
      guard next < source.count, source[next] == .hash else { break }
      let word = source.directiveWord(at: next)
      guard source.equals(word, "define") else { break }
      let lineEnd = source.endOfDirective(at: next, rules.literals)
      // The newline at the end stays, so there must be one.
      guard lineEnd < source.count, source.newlineCount(in: next..<lineEnd) == 0 else { break }
      end = lineEnd
      next = lineEnd
    }
    if end > firstEnd { omissions.append(Omission(bytes: firstEnd..<end, content: .macros)) }
    return end
  }
}

/// The last 64 of a stack of bits: those further out are taken for false.
private struct BitStack {
  private var bits: UInt64 = 0

  var last: Bool { bits & 1 != 0 }
  mutating func append(_ bit: Bool) { bits = bits << 1 | (bit ? 1 : 0) }
  mutating func removeLast() { bits >>= 1 }
}
