import Kernels
import Primitives
import Synchronization

/// A pattern that is ready to be matched, shared by all threads. What a text needs is compiled when the first such text
/// comes: most source code is all ASCII.
package final class CompiledPattern: Sendable {
  package let pattern: Pattern
  /// What a line must hold so that the pattern can match in it.
  package let required: RequiredLiterals
  /// The groups that have a name, by their numbers; of Perl's patterns the engine knows them.
  package var groupNames: [String: Int] {
    node == nil ? (try? program(isASCII: false).get().names) ?? [:] : ownNames
  }
  private let ownNames: [String: Int]
  /// Whether matches stay within lines.
  package let staysInLines: Bool

  /// The expression; nil where it is one of Perl's.
  private let node: RegexNode?
  private let perlSource: [UInt8]
  /// Whether the pattern holds bytes that are no UTF-8, so that texts are taken as bytes.
  private let isOfBytes: Bool
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
    var unicode: Result<PCREProgram, PatternError>?
    var ascii: Result<PCREProgram, PatternError>?
    var linear: RE2Program??
    var linearASCII: RE2Program??
  }

  /// Throws where the pattern is none, or more than the engines take.
  package init(_ pattern: Pattern) throws(PatternError) {
    self.pattern = pattern
    if pattern.isPerl {
      staysInLines = !pattern.isMultiline
      let trusted = Self.trustedNode(ofPerl: pattern)
      perlSource = Self.perlSource(of: pattern)
      node = nil
      isOfBytes = false
      required = trusted.map { RequiredLiterals($0, isASCII: false) } ?? .everything
      unicodeFinder = LinePrefilter(required, isExact: false)
      isNeverASCII = false
      (textSet, asciiTextSet) = (nil, nil)
      wordLiteralLength = nil
      asciiFinder = trusted.flatMap { LinePrefilter(RequiredLiterals($0, isASCII: true), isExact: false) }
      ownNames = [:]
    } else {
      let node = try Self.node(of: pattern)
      var holdsBytes = false
      node.visit { if case .byte = $0 { holdsBytes = true } }
      if pattern.sources.allSatisfy({ !$0.contains(UInt8(ascii: "\\")) }) { holdsBytes = false }
      if !pattern.isMultiline { try Self.checkLines(node, pattern) }
      staysInLines = !pattern.isMultiline || !node.mayMatchLineBreak
      self.node = node
      perlSource = []
      isOfBytes = holdsBytes
      required = RequiredLiterals(node, isASCII: holdsBytes)
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
    // What can be matched at all is known before a file is read.
    if case .failure(let error) = program(isASCII: true) {
      guard linear(isASCII: true) != nil, linear(isASCII: false) != nil else { throw error }
    } else if pattern.isPerl, case .failure(let error) = program(isASCII: false) {
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
    var folds = pattern.caseFolding == .ignored
    if pattern.caseFolding == .smart {
      let plain = try parsed(pattern, folds: false)
      folds = plain.isSmallLetters
    }
    let node = try parsed(pattern, folds: folds)
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

  private static func parsed(_ pattern: Pattern, folds: Bool) throws(PatternError) -> RegexNode {
    var nodes: [RegexNode] = []
    for source in pattern.sources {
      if pattern.isFixed {
        guard let text = String(validating: source, as: UTF8.self) else {
          throw PatternError(message: "the text is not UTF-8", source: source)
        }
        let scalars = text.unicodeScalars.map { RegexNode.scalar($0.value, foldsCase: folds) }
        nodes.append(scalars.isEmpty ? .empty : scalars.count == 1 ? scalars[0] : .sequence(scalars))
      } else {
        nodes.append(try RegexParser.parse(source, flags(of: pattern, folds: folds)))
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

  /// The program for texts that are all ASCII, or for all others.
  func program(isASCII: Bool) -> Result<PCREProgram, PatternError> {
    programs.withLock { programs in
      if let known = isASCII ? programs.ascii : programs.unicode { return known }
      let made = Result { () throws(PatternError) in try compile(isASCII: isASCII) }
      if isASCII { programs.ascii = made } else { programs.unicode = made }
      return made
    }
  }

  private func compile(isASCII: Bool) throws(PatternError) -> PCREProgram {
    var options = PCREProgram.Options()
    options.crlf = pattern.crlf
    options.isUTF8 = !isASCII && !isOfBytes
    var source = perlSource
    if let node {
      do {
        source = try PatternWriter.write(
          node, as: isASCII ? .ascii : isOfBytes ? .bytes : .unicode, staysInLines: staysInLines, crlf: pattern.crlf)
      } catch {
        throw PatternError(
          message: "bytes that are no UTF-8 and characters beyond ASCII cannot be in one pattern",
          source: pattern.sources[0])
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

  private var isSmallPerl: Bool {
    let text = pattern.sources.flatMap { $0 }
    return text.contains { $0.isASCIIWord } && !text.contains { $0.isASCIIUppercase }
  }

  func texts(isASCII: Bool) -> TextSet? { isASCII ? asciiTextSet : textSet }

  /// The program that takes linear time; nil where RE2 has no words for the pattern.
  func linear(isASCII: Bool) -> RE2Program? {
    programs.withLock { programs in
      if let known = isASCII ? programs.linearASCII : programs.linear { return known }
      var made: RE2Program?
      // RE2 ends lines with a line feed alone.
      if let node, !pattern.crlf, !isOfBytes {
        let source = try? PatternWriter.write(node, as: isASCII ? .linearASCII : .linear, staysInLines: staysInLines)
        made = source.flatMap { RE2Program($0, isUTF8: !isASCII) }
      }
      if isASCII { programs.linearASCII = .some(made) } else { programs.linear = .some(made) }
      return made
    }
  }
}

extension RegexNode {
  /// Whether it has a character, and none that is a capital.
  fileprivate var isSmallLetters: Bool {
    var (hasAny, hasCapital) = (false, false)
    func note(_ scalar: UInt32) {
      hasAny = true
      if let value = Unicode.Scalar(scalar), value.properties.isUppercase { hasCapital = true }
    }
    func note(_ set: ScalarClass) {
      switch set {
      case .parts(let parts, _, _):
        for part in parts { if case .range(let lower, let upper) = part { note(lower); note(upper) } }
      case .union(let sets, _): for set in sets { note(set) }
      case .intersection(let a, let b), .difference(let a, let b), .symmetricDifference(let a, let b):
        note(a)
        note(b)
      }
    }
    visit { node in
      switch node {
      case .scalar(let scalar, _): note(scalar)
      case .set(let set) where set != .anyButNewline && set != .any: note(set)
      default: break
      }
    }
    return hasAny && !hasCapital
  }

  /// Whether a match may hold a line break, or hang on where the text begins or ends.
  fileprivate var mayMatchLineBreak: Bool {
    var may = false
    visit { node in
      switch node {
      case .scalar(10, _), .assertion(.textStart), .assertion(.textEnd): may = true
      case .set(let set): may = may || set.mayHoldLineBreak
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

extension ScalarClass {
  fileprivate var mayHoldLineBreak: Bool {
    switch self {
    case .parts(let parts, let isNegated, _):
      let holds = parts.contains { part in
        switch part {
        case .range(let lower, let upper): lower <= 10 && upper >= 10
        case .perl(.space, let isPartNegated, _): !isPartNegated
        case .perl(_, let isPartNegated, _): isPartNegated
        case .property: !isNegated
        }
      }
      return isNegated ? !holds : holds
    case .union, .intersection, .difference, .symmetricDifference: return true
    }
  }
}
