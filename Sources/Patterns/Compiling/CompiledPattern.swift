import Kernels
import Primitives
import Synchronization

/// What the programs of a pattern are compiled for.
enum TextKind: Hashable {
  /// Texts that are all ASCII.
  case ascii
  /// Other texts, as UTF-8 with bytes in between that are none.
  case unicode
  /// The same as bytes, for patterns that match what is no UTF-8, or look at it.
  case bytes

  /// How a pattern is written for such texts, for either engine.
  var dialects: (backtracking: PatternWriter.Dialect, linear: PatternWriter.Dialect) {
    switch self {
    case .ascii: (.ascii, .linearASCII)
    case .unicode: (.unicode, .linear)
    case .bytes: (.bytes, .linearBytes)
    }
  }
}

/// A pattern that is ready to be matched, shared by all threads. What a text needs is compiled when the first such text
/// comes: most source code is all ASCII.
package final class CompiledPattern: Sendable {
  package let pattern: Pattern
  /// What a line must hold so that the pattern can match in it.
  package let required: RequiredLiterals
  /// The groups that have a name, by their numbers; of Perl's patterns the engine knows them.
  package var groupNames: [String: Int] {
    node == nil ? (try? program(.unicode).get().names) ?? [:] : ownNames
  }
  private let ownNames: [String: Int]
  /// Whether matches stay within lines.
  package let staysInLines: Bool

  /// The expression; nil where it is one of Perl's.
  private let node: RegexNode?
  private let perlSource: [UInt8]
  /// Whether the pattern matches bytes that need be no UTF-8, so that texts are taken as bytes.
  private let isOfBytes: Bool
  /// Whether it asks of what is beside bytes that are no UTF-8, whether that is of a word.
  private let looksAround: Bool
  let unicodeFinder: LinePrefilter?
  let asciiFinder: LinePrefilter?
  /// Whether no text that is all ASCII can match.
  let isNeverASCII: Bool
  /// The bytes of the ASCII literal that is all that is searched for, as a whole word; nil for other patterns.
  let wordLiteralLength: Int?

  /// Finds the matches by itself, of a pattern of many texts: those in any text, and those in a text that is all ASCII.
  private let textSet: TextSet?
  private let asciiTextSet: TextSet?

  private let programs = Mutex(Programs())

  private struct Programs {
    var steps: [TextKind: Result<PCREProgram, PatternError>] = [:]
    var groups: [TextKind: PCREProgram?] = [:]
    var linear: [TextKind: RE2Program?] = [:]
  }

  /// Throws where the pattern is none, or more than the engines take.
  package init(_ pattern: Pattern) throws(PatternError) {
    self.pattern = pattern
    if pattern.isPerl {
      staysInLines = !pattern.isMultiline
      let trusted = Self.trustedNode(ofPerl: pattern)
      perlSource = Self.perlSource(of: pattern)
      node = nil
      (isOfBytes, looksAround) = (false, false)
      required = trusted.map { RequiredLiterals($0, isASCII: false) } ?? .everything
      unicodeFinder = LinePrefilter(required, isExact: false)
      isNeverASCII = false
      (textSet, asciiTextSet) = (nil, nil)
      wordLiteralLength = nil
      asciiFinder = trusted.flatMap { LinePrefilter(RequiredLiterals($0, isASCII: true), isExact: false) }
      ownNames = [:]
    } else {
      let node = try Self.node(of: pattern)
      if !pattern.isMultiline { try Self.checkLines(node, pattern) }
      staysInLines = !pattern.isMultiline || !node.mayMatchLineBreak
      self.node = node
      perlSource = []
      isOfBytes = node.isOfBytes
      looksAround = node.looksAround
      required = RequiredLiterals(node, isASCII: false)
      let isExact = Self.isLiteral(node)
      if pattern.boundary == .word, case .sequence(let parts) = node, parts.count == 3,
        case .group(let inner, _, _) = parts[1], Self.isLiteral(inner), Self.isOfASCII(inner)
      {
        var length = 0
        inner.visit { if case .scalar = $0 { length += 1 } }
        wordLiteralLength = length
      } else {
        wordLiteralLength = nil
      }
      unicodeFinder = LinePrefilter(required, isExact: isExact && !node.foldsAnything)
      let requiredASCII = RequiredLiterals(node, isASCII: true)
      isNeverASCII = requiredASCII == .nothing
      // What is beyond ASCII may fold into it, as the long s does, and is in no required literal then.
      asciiFinder = LinePrefilter(requiredASCII, isExact: isExact && Self.isOfASCII(node))
      ownNames = node.groupNames
      (textSet, asciiTextSet) = staysInLines ? Self.textSets(node, pattern) : (nil, nil)
    }
    if textSet != nil, asciiTextSet != nil { return }
    // A text is searched for without an engine.
    if unicodeFinder?.isExact ?? false, asciiFinder?.isExact ?? false { return }
    // What can be matched at all is known before a file is read.
    if case .failure(let error) = program(.ascii) {
      guard linearProgram(.ascii) != nil, linearProgram(isOfBytes ? .bytes : .unicode) != nil else { throw error }
    } else if pattern.isPerl, case .failure(let error) = program(.unicode) {
      throw error
    }
  }

  // MARK: Reading

  private static func flags(of pattern: Pattern, folds: Bool) -> RegexParser.Flags {
    var flags = RegexParser.Flags()
    flags.foldsCase = folds
    flags.isMultiline = true
    flags.dotMatchesAll = pattern.dotMatchesAll && pattern.isMultiline
    return flags
  }

  private static func node(of pattern: Pattern) throws(PatternError) -> RegexNode {
    var letters = RegexParser.Letters()
    var node = try parsed(pattern, folds: pattern.caseFolding == .ignored, &letters)
    if pattern.caseFolding == .smart, letters.hasLiteral, !letters.hasCapital {
      node = try parsed(pattern, folds: true, &letters)
    }
    return switch pattern.boundary {
    case .none: node
    case .word:
      .sequence([
        .assertion(.wordStartHalf), .group(node, isCaptured: false, name: nil), .assertion(.wordEndHalf),
      ])
    case .line:
      .sequence([.assertion(.lineStart), .group(node, isCaptured: false, name: nil), .assertion(.lineEnd)])
    }
  }

  private static func parsed(
    _ pattern: Pattern, folds: Bool, _ letters: inout RegexParser.Letters
  ) throws(PatternError) -> RegexNode {
    var nodes: [RegexNode] = []
    for source in pattern.sources {
      if pattern.isFixed {
        guard let text = String(validating: source, as: UTF8.self) else {
          throw PatternError(message: "the text is not UTF-8", source: source)
        }
        for scalar in text.unicodeScalars { letters.note(scalar) }
        let scalars = text.unicodeScalars.map { RegexNode.scalar($0.value, foldsCase: folds) }
        nodes.append(scalars.isEmpty ? .empty : scalars.count == 1 ? scalars[0] : .sequence(scalars))
      } else {
        nodes.append(try RegexParser.parse(source, flags(of: pattern, folds: folds), &letters))
      }
    }
    return nodes.count == 1 ? nodes[0] : .choice(nodes)
  }

  /// Throws where the pattern wants a line break and matches stay within lines.
  private static func checkLines(_ node: RegexNode, _ pattern: Pattern) throws(PatternError) {
    var wants = false
    node.visit { if case .scalar(10, _) = $0 { wants = true } }
    guard wants else { return }
    throw PatternError(
      message: "the pattern holds a line break, and matches stay within lines", source: pattern.sources[0],
      advice: .multiline)
  }

  /// Whether a literal has no scalar beyond ASCII.
  private static func isOfASCII(_ node: RegexNode) -> Bool {
    var isOfASCII = true
    node.visit { if case .scalar(let value, _) = $0, value >= 0x80 { isOfASCII = false } }
    return isOfASCII
  }

  /// Whether one literal is all that it matches: scalars, whose letters are all in any case or all as they are written
  /// (a flag may stand between them).
  private static func isLiteral(_ node: RegexNode) -> Bool {
    let scalars: [RegexNode]
    switch node {
    case .scalar: scalars = [node]
    case .sequence(let parts): scalars = parts
    default: return false
    }
    var foldsLetters: Bool?
    for scalar in scalars {
      guard case .scalar(let value, let folds) = scalar else { return false }
      let isLetter = value >= 0x80 || UInt8(truncatingIfNeeded: value).asciiLowercased.isASCIILowercase
      if !isLetter { continue }
      if foldsLetters != nil, foldsLetters != folds { return false }
      foldsLetters = folds
    }
    return true
  }

  /// More texts are looked up sooner than they are tried one after the other, as PCRE2 does it.
  private static let textLimit = 16

  /// What finds the matches of a pattern of many texts; none for other patterns.
  private static func textSets(_ node: RegexNode, _ pattern: Pattern) -> (all: TextSet?, ascii: TextSet?) {
    guard !pattern.crlf, let (texts, foldsCase) = TextSet.texts(of: node, pattern.boundary), texts.count > textLimit
    else { return (nil, nil) }
    let set = TextSet(texts, foldsCase: foldsCase, boundary: pattern.boundary)
    // Beyond ASCII letters have more spellings than two.
    return (foldsCase ? nil : set, set)
  }

  // MARK: Perl

  private static func perlSource(of pattern: Pattern) -> [UInt8] {
    let sources = pattern.sources.map { source in
      pattern.isFixed ? source.flatMap { $0 < 0x80 && !$0.isASCIIWord ? [UInt8(ascii: "\\"), $0] : [$0] } : source
    }
    var whole = sources.count == 1 ? sources[0] : []
    if sources.count > 1 {
      whole = Array(sources.map { Array("(?:".utf8) + $0 + Array(")".utf8) }.joined(separator: [UInt8(ascii: "|")]))
    }
    switch pattern.boundary {
    case .none: return whole
    case .word: return Array("(?<!\\w)(?:".utf8) + whole + Array(")(?!\\w)".utf8)
    case .line: return Array("^(?:".utf8) + whole + Array(")$".utf8)
    }
  }

  /// The expression of one of Perl's patterns that means the same here; nil where that is not certain.
  private static func trustedNode(ofPerl pattern: Pattern) -> RegexNode? {
    if pattern.isFixed { return try? node(of: pattern) }
    let doubtful = [
      "(?", "(*", "{,", "{ ", "\\v", "\\<", "\\>", "[[", "&&", "--", "~~", "\\b{", "\\e", "\\c", "\\0", "#",
    ]
    for source in pattern.sources {
      for text in doubtful where source.span.contains(Array(text.utf8).span) { return nil }
    }
    return try? node(of: pattern)
  }

  // MARK: Programs

  /// How a text is to be matched.
  @unsafe func kind(of text: UnsafePointer<UInt8>, _ count: Int) -> TextKind {
    if unsafe isAllASCII(text, count) { return .ascii }
    if isOfBytes { return .bytes }
    if looksAround, unsafe !isValidUTF8(text, count) { return .bytes }
    return .unicode
  }

  /// The program for texts of a kind.
  func program(_ kind: TextKind) -> Result<PCREProgram, PatternError> {
    programs.withLock { programs in
      if let known = programs.steps[kind] { return known }
      let made = Result { () throws(PatternError) in try compile(kind) }
      programs.steps[kind] = made
      return made
    }
  }

  /// The program that tells the groups of a match; nil where it is too large.
  func groupProgram(_ kind: TextKind) -> PCREProgram? {
    guard node != nil else { return try? program(kind).get() }
    return programs.withLock { programs in
      if let known = programs.groups[kind] { return known }
      let made = try? compile(kind, captures: true)
      programs.groups[kind] = .some(made)
      return made
    }
  }

  private func compile(_ kind: TextKind, captures: Bool = false) throws(PatternError) -> PCREProgram {
    var options = PCREProgram.Options()
    options.crlf = pattern.crlf
    options.isUTF8 = kind == .unicode
    var source = perlSource
    if let node {
      do {
        source = try PatternWriter.write(
          node, as: kind.dialects.backtracking, staysInLines: staysInLines, crlf: pattern.crlf, captures: captures)
      } catch {
        throw PatternError(message: "the pattern cannot be matched", source: pattern.sources[0])
      }
    } else {
      options.isPerl = true
      options.isUTF8 = true
      options.foldsCase = pattern.caseFolding == .ignored || pattern.caseFolding == .smart && isSmallPerl
      options.dotMatchesAll = pattern.dotMatchesAll && pattern.isMultiline
    }
    do throws(PCREProgram.Refusal) { return try PCREProgram(source, options) } catch {
      throw PatternError(
        message: error.isOfSize ? "the pattern is too large: \(error.message)" : error.message,
        source: pattern.sources[0], offset: node == nil ? error.offset : nil)
    }
  }

  /// Whether one of Perl's patterns has no capital but behind a backslash, as ripgrep asks it.
  private var isSmallPerl: Bool {
    for source in pattern.sources {
      var isEscaped = false
      for scalar in String(decoding: source, as: UTF8.self).unicodeScalars {
        if !isEscaped, scalar == "\\", !pattern.isFixed {
          isEscaped = true
          continue
        }
        if !isEscaped, scalar.properties.isUppercase { return false }
        isEscaped = false
      }
    }
    return true
  }

  func texts(_ kind: TextKind) -> TextSet? { kind == .ascii ? asciiTextSet : textSet }

  /// The program that takes linear time; nil where RE2 has no words for the pattern.
  func linearProgram(_ kind: TextKind) -> RE2Program? {
    programs.withLock { programs in
      if let known = programs.linear[kind] { return known }
      var made: RE2Program?
      // RE2 ends lines with a line feed alone.
      if let node, !pattern.crlf {
        let source = try? PatternWriter.write(node, as: kind.dialects.linear, staysInLines: staysInLines)
        made = source.flatMap { RE2Program($0, isUTF8: kind == .unicode) }
      }
      programs.linear[kind] = .some(made)
      return made
    }
  }
}

extension RegexNode {
  /// Whether it matches bytes that need be no UTF-8, or asks for letters of ASCII around, whatever is beside them.
  fileprivate var isOfBytes: Bool {
    var isOfBytes = false
    visit {
      switch $0 {
      case .bytes, .asciiAssertion: isOfBytes = true
      default: break
      }
    }
    return isOfBytes
  }

  /// Whether it asks of a place whether a word is beside it.
  fileprivate var looksAround: Bool {
    var looksAround = false
    visit {
      switch $0 {
      case .assertion(.lineStart), .assertion(.lineEnd), .assertion(.textStart), .assertion(.textEnd): break
      case .assertion: looksAround = true
      default: break
      }
    }
    return looksAround
  }

  /// Whether a match may hold a line break, or hang on where the text begins or ends.
  fileprivate var mayMatchLineBreak: Bool {
    var may = false
    visit { node in
      switch node {
      case .scalar(10, _), .assertion(.textStart), .assertion(.textEnd): may = true
      case .set(let set): may = may || set.asciiMembers[10]
      case .bytes(let set): may = may || set.contains(10)
      default: break
      }
    }
    return may
  }

  var foldsAnything: Bool {
    var folds = false
    visit {
      switch $0 {
      case .scalar(_, true), .set(.parts(_, _, foldsCase: true)): folds = true
      default: break
      }
    }
    return folds
  }

  /// The numbers of its groups that have a name.
  fileprivate var groupNames: [String: Int] {
    var names: [String: Int] = [:]
    var count = 0
    visit { node in
      guard case .group(_, true, let name) = node else { return }
      count += 1
      if let name { names[name] = count }
    }
    return names
  }
}
