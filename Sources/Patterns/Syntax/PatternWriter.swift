import Primitives

/// Writes an expression as one of the engines reads it.
struct PatternWriter {
  enum Dialect: Hashable {
    /// PCRE2 over UTF-8.
    case unicode
    /// PCRE2 over texts that are all ASCII: the same matches, found several times as fast.
    case ascii
    /// PCRE2 over bytes, for patterns that match bytes which need not be UTF-8: what they have of characters is written
    /// as sequences of bytes.
    case bytes
    /// RE2 over UTF-8.
    case linear
    /// RE2 over texts that are all ASCII.
    case linearASCII
    /// RE2 over bytes.
    case linearBytes
  }

  /// An expression that the engine has no words for.
  struct Inexpressible: Error {}

  let dialect: Dialect
  /// Whether matches stay within lines, so that nothing matches a line break.
  let staysInLines: Bool
  /// Whether a carriage return belongs to a line break.
  let crlf: Bool
  /// Whether groups are written as such.
  let captures: Bool
  private let foldsEverywhere: Bool
  private var text: [UInt8] = []
  /// Long alternatives of sequences of bytes, by the number under which they are defined at the end.
  private var defined: [String: Int] = [:]

  /// The pattern, in ASCII.
  static func write(
    _ node: RegexNode, as dialect: Dialect, staysInLines: Bool, crlf: Bool = false, captures: Bool = false
  ) throws(Inexpressible) -> [UInt8] {
    // Bytes have no case.
    let folds = node.foldsEverywhere && dialect != .bytes && dialect != .linearBytes
    var writer = PatternWriter(
      dialect: dialect, staysInLines: staysInLines, crlf: crlf, captures: captures, foldsEverywhere: folds)
    if writer.isLinear {
      writer.add(folds ? "(?mi)" : "(?m)")
    } else if folds {
      writer.add("(?i)")
    }
    try writer.write(node)
    writer.writeDefined()
    return writer.text
  }

  private init(dialect: Dialect, staysInLines: Bool, crlf: Bool, captures: Bool, foldsEverywhere: Bool) {
    self.dialect = dialect
    self.crlf = crlf
    self.staysInLines = staysInLines
    self.captures = captures
    self.foldsEverywhere = foldsEverywhere
  }

  var isLinear: Bool { dialect == .linear || dialect == .linearASCII || dialect == .linearBytes }
  private var isASCII: Bool { dialect == .ascii || dialect == .linearASCII }
  private var isOfBytes: Bool { dialect == .bytes || dialect == .linearBytes }
  private var never: String {
    dialect == .linear ? "[^\\x00-\\x{10FFFF}]" : isLinear ? "[^\\x00-\\xFF]" : "(?!)"
  }

  private mutating func add(_ string: String) { text += string.utf8 }

  private func folded(_ string: String, _ folds: Bool) -> String {
    folds && !foldsEverywhere && !isOfBytes ? "(?i:\(string))" : string
  }

  private mutating func write(_ node: RegexNode) throws(Inexpressible) {
    switch node {
    case .empty: add("(?:)")
    case .scalar(let scalar, let folds): add(folded(spelled(scalar, folds), folds))
    case .bytes(let set):
      if dialect == .unicode || dialect == .linear { throw Inexpressible() }
      add(spelled(set.ranges.filter { !isASCII || $0.lowerBound < 0x80 }, isOfLine: true))
    case .set(let set): add(spelled(set))
    case .assertion(let assertion): add(try spelled(assertion))
    case .asciiAssertion(let assertion): add(try spelled(ascii: assertion))
    case .repetition(let inner, let least, let most, let isLazy):
      add("(?:")
      try write(inner)
      add(")")
      switch (least, most) {
      case (0, nil): add("*")
      case (1, nil): add("+")
      case (0, 1): add("?")
      case (let least, nil): add("{\(least),}")
      case (let least, let most?): add(least == most ? "{\(least)}" : "{\(least),\(most)}")
      }
      if isLazy { add("?") }
    case .group(let inner, let isCaptured, _):
      add(isCaptured && captures ? "(" : "(?:")
      try write(inner)
      add(")")
    case .sequence(let parts): try writeSequence(parts)
    case .choice(let alternatives):
      add("(?:")
      for (index, alternative) in alternatives.enumerated() {
        if index > 0 { add("|") }
        try write(alternative)
      }
      add(")")
    }
  }

  /// Runs of folded characters share a group.
  private mutating func writeSequence(_ parts: [RegexNode]) throws(Inexpressible) {
    var index = 0
    while index < parts.count {
      guard case .scalar(_, true) = parts[index], !foldsEverywhere, !isOfBytes else {
        try write(parts[index])
        index += 1
        continue
      }
      var run = ""
      while index < parts.count, case .scalar(let scalar, true) = parts[index] {
        run += spelled(scalar, true)
        index += 1
      }
      add("(?i:\(run))")
    }
  }

  // MARK: Characters

  private func spelled(_ scalar: UInt32, _ folds: Bool) -> String {
    if isASCII, scalar >= 0x80 {
      if folds, let partner = Self.asciiPartners[scalar] { return partner }
      return never
    }
    if isOfBytes {
      let others = folds ? CaseOrbits.others(of: scalar) : []
      let all = ScalarSet([scalar...scalar] + others.map { $0...$0 })
      if all.ranges.count == 1, scalar >= 0x80 {
        return UTF8.encode(Unicode.Scalar(scalar) ?? " ")?.map { "\\x" + hexadecimal(UInt32($0), 2) }.joined() ?? ""
      }
      if others.count > 0 { return spelled(bytesOf: all).joinedAsChoice }
    } else if folds, scalar >= 0x80, CaseOrbits.sinceUnicode14.contains(scalar) {
      let all = [scalar] + CaseOrbits.others(of: scalar)
      return "[" + all.map { "\\x{" + hexadecimal($0, 1) + "}" }.joined() + "]"
    }
    if scalar < 0x80, UInt8(scalar).isASCIIWord { return String(UnicodeScalar(UInt8(scalar))) }
    return isOfBytes ? "\\x" + hexadecimal(scalar, 2) : "\\x{" + hexadecimal(scalar, 1) + "}"
  }

  /// Letters beyond ASCII that are letters of ASCII where case is ignored.
  private static let asciiPartners: [UInt32: String] = [0x17F: "s", 0x212A: "k"]

  private func hexadecimal(_ number: UInt32, _ digits: Int) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  // MARK: Assertions

  private static let unicodeWord =
    "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}" + spelled(UnicodeProperty.addedWords)

  private mutating func spelled(_ assertion: RegexNode.Assertion) throws(Inexpressible) -> String {
    switch assertion {
    case .lineStart: return "^"
    case .lineEnd: return "$"
    case .textStart: return staysInLines ? "^" : "\\A"
    case .textEnd: return staysInLines ? "$" : "\\z"
    default: break
    }
    if isASCII { return try spelled(ascii: assertion) }
    if isLinear { throw Inexpressible() }
    // Beside bytes that are no UTF-8 `\B` and the half boundaries do not match, as they do not in Rust.
    var (isBefore, isBehind, isNotBefore, isNotBehind): (String, String, String, String)
    if dialect == .bytes {
      let words = spelled(bytesOf: UnicodeProperty.members(of: .word)).map { reference(to: $0) }
      let all = spelled(bytesOf: .all)
      let (word, wordBefore) = (words.joined(separator: "|"), Self.withStrayBytes(words))
      (isBefore, isBehind) = ("(?<=\(wordBefore))", "(?=\(word))")
      isNotBefore = "(?:(?<!\(wordBefore))(?<=\(Self.withStrayBytes(all))|\\A))"
      isNotBehind = "(?:(?!\(word))(?=\(all.joined(separator: "|"))|\\z))"
      return spelled(assertion, isBefore, isBehind, isNotBefore, isNotBehind, "(?<!\(wordBefore))", "(?!\(word))")
    }
    let word = Self.unicodeWord
    (isBefore, isBehind) = ("(?<=[\(word)])", "(?=[\(word)])")
    isNotBefore = "(?<=[^\(word)]|\\A)"
    isNotBehind = "(?=[^\(word)]|\\z)"
    return spelled(assertion, isBefore, isBehind, isNotBefore, isNotBehind, "(?<![\(word)])", "(?![\(word)])")
  }

  /// What stands before a place: characters of one byte, of two and so on, and behind them bytes that only go on with a
  /// character, up to four bytes together. Rust takes the last character for the one before the place then.
  private static func withStrayBytes(_ characters: [String]) -> String {
    var all: [String] = []
    for (index, character) in characters.enumerated() {
      for stray in 0..<max(1, 4 - index) {
        // A line begins anew.
        let start = index == 0 && stray > 0 ? "(?!\\n)" + character : character
        all.append(start + String(repeating: "[\\x80-\\xBF]", count: stray))
      }
    }
    return all.joined(separator: "|")
  }

  private func spelled(
    _ assertion: RegexNode.Assertion, _ isBefore: String, _ isBehind: String, _ isNotBefore: String,
    _ isNotBehind: String, _ noneBefore: String, _ noneBehind: String
  ) -> String {
    switch assertion {
    case .wordBoundary: "(?:\(noneBefore)\(isBehind)|\(isBefore)\(noneBehind))"
    case .notWordBoundary: "(?:\(isNotBefore)\(isNotBehind)|\(isBefore)\(isBehind))"
    case .wordStart: noneBefore + isBehind
    case .wordEnd: isBefore + noneBehind
    case .wordStartHalf: isNotBefore
    default: isNotBehind
    }
  }

  private func spelled(ascii assertion: RegexNode.Assertion) throws(Inexpressible) -> String {
    if dialect == .unicode || dialect == .linear { throw Inexpressible() }
    switch assertion {
    case .wordBoundary: return "\\b"
    case .notWordBoundary: return "\\B"
    default: break
    }
    if isLinear { throw Inexpressible() }
    return switch assertion {
    case .wordStart: "\\b(?=\\w)"
    case .wordEnd: "\\b(?<=\\w)"
    case .wordStartHalf: "(?<!\\w)"
    default: "(?!\\w)"
    }
  }

  // MARK: Bytes

  /// A class of one byte; without line breaks where matches stay within lines.
  private func spelled(_ ranges: [ClosedRange<UInt8>], isOfLine: Bool) -> String {
    var inside = ""
    for range in ranges {
      for byte in [range.lowerBound, range.upperBound] {
        inside += (byte == range.lowerBound ? "" : "-") + "\\x" + hexadecimal(UInt32(byte), 2)
        if range.count == 1 { break }
      }
    }
    if inside.isEmpty { return never }
    guard isOfLine, staysInLines, ranges.contains(where: { $0.contains(10) || crlf && $0.contains(13) }) else {
      return "[\(inside)]"
    }
    let kept = (0..<256).map { byte in
      byte != 10 && !(crlf && byte == 13) && ranges.contains { $0.contains(UInt8(byte)) }
    }
    return spelled(ByteSet(kept).ranges, isOfLine: false)
  }

  /// What matches the scalars of a set as bytes, for each length of these.
  private func spelled(bytesOf set: ScalarSet) -> [String] {
    ByteSequences.of(set).map { $0.map { spelled($0) }.joinedAsChoice }
  }

  private func spelled(_ sequences: ByteSequences) -> String {
    let first = spelled(sequences.first, isOfLine: false)
    if sequences.rest.isEmpty { return first }
    return first + sequences.rest.map { spelled($0) }.joinedAsChoice
  }

  /// A name for alternatives that are long: a class of letters has thousands of bytes, and an engine's program must be
  /// small. Only PCRE2 has them.
  private mutating func reference(to text: String) -> String {
    guard dialect == .bytes, text.utf8.count > 200 else { return text }
    let number = defined[text] ?? defined.count
    defined[text] = number
    return "(?&d\(number))"
  }

  private mutating func writeDefined() {
    if defined.isEmpty { return }
    add("(?(DEFINE)")
    for (text, number) in defined.sorted(by: { $0.value < $1.value }) { add("(?<d\(number)>\(text))") }
    add(")")
  }

  // MARK: Classes

  /// What no class matches where matches stay within lines.
  private var lineBreaks: String { crlf ? "\\n\\r" : "\\n" }

  private var any: String {
    if isLinear { return "(?s:.)" }
    return staysInLines ? "[^\(lineBreaks)]" : "(?s:.)"
  }

  private mutating func spelled(_ set: ScalarClass) -> String {
    if isASCII {
      if case .parts = set, !isLinear, !set.holdsProperty {} else { return spelled(set.asciiMembers) }
    } else if isOfBytes {
      let all = spelled(bytesOf: withoutBreaks(set.members)).map { reference(to: $0) }
      return all.isEmpty ? never : all.joinedAsChoice
    } else if isLinear || set.foldsProperty {
      let members = withoutBreaks(set.members)
      return members.isEmpty ? never : "[" + Self.spelled(members.ranges) + "]"
    }
    switch set {
    case .parts(let parts, let isNegated, let folds):
      return folded(spelled(parts, isNegated: isNegated, folds), folds)
    case .union(let sets, let isNegated):
      var all: [String] = []
      for set in sets { all.append(spelled(set)) }
      let joined = all.joined(separator: "|")
      return isNegated ? "(?:(?!\(joined))\(any))" : "(?:\(joined))"
    case .intersection(let a, let b): return "(?:(?=\(spelled(b)))\(spelled(a)))"
    case .difference(let a, let b): return "(?:(?!\(spelled(b)))\(spelled(a)))"
    case .symmetricDifference(let a, let b):
      let (left, right) = (spelled(a), spelled(b))
      return "(?:(?!\(right))\(left)|(?!\(left))\(right))"
    }
  }

  private func withoutBreaks(_ members: ScalarSet) -> ScalarSet {
    if !staysInLines { return members }
    return members.subtracting(ScalarSet(crlf ? [10...10, 13...13] : [10...10]))
  }

  /// Ranges as they are written in a class.
  private static func spelled(_ ranges: [ClosedRange<UInt32>]) -> String {
    var text = ""
    for range in ranges {
      text += "\\x{" + String(range.lowerBound, radix: 16) + "}"
      if range.count > 1 { text += "-\\x{" + String(range.upperBound, radix: 16) + "}" }
    }
    return text
  }

  /// A class by its members in ASCII.
  private func spelled(_ members: [Bool]) -> String {
    var inside = ""
    for byte in 0..<128 where members[byte] && !(staysInLines && (byte == 10 || crlf && byte == 13)) {
      inside += "\\x" + hexadecimal(UInt32(byte), 2)
    }
    return inside.isEmpty ? never : "[\(inside)]"
  }

  private func spelled(_ parts: [ScalarClass.Part], isNegated: Bool, _ folds: Bool) -> String {
    var inside = ""
    // What a class excludes that is a part of this one.
    var outside: [String] = []
    var mayHoldNewline = false
    for part in parts {
      switch part {
      case .range(let lower, let upper):
        // A negated class excludes line breaks besides.
        inside += spelled(lower, upper, folds, withoutNewline: staysInLines && !isNegated)
      case .perl(let kind, false, let isUnicode):
        inside += spelled(kind, isUnicode, withoutNewline: staysInLines && !isNegated)
      case .perl(let kind, true, let isUnicode):
        mayHoldNewline = mayHoldNewline || kind != .space
        if isASCII {
          inside += kind == .word ? "\\W" : kind == .digit ? "\\D" : "\\S"
        } else {
          outside.append(spelled(kind, isUnicode, withoutNewline: false))
        }
      case .property(let property, let isPartNegated):
        mayHoldNewline = true
        var text: String
        if let (name, added) = property.pcre {
          text = "\\p{\(name)}" + Self.spelled(added)
        } else {
          text = Self.spelled(property.members.ranges)
        }
        if isPartNegated { outside.append(text) } else { inside += text }
      }
    }
    let newline = staysInLines ? lineBreaks : ""
    if outside.isEmpty {
      if isNegated { return inside.isEmpty && newline.isEmpty ? any : "[^\(inside)\(newline)]" }
      if inside.isEmpty { return never }
      return (staysInLines && (mayHoldNewline || crlf) ? "(?![\(lineBreaks)])" : "") + "[\(inside)]"
    }
    if !isNegated {
      let all = (inside.isEmpty ? [] : ["[\(inside)]"]) + outside.map { "[^\($0)\(newline)]" }
      return all.count == 1 ? all[0] : "(?:" + all.joined(separator: "|") + ")"
    }
    if inside.isEmpty, outside.count == 1 {
      return (staysInLines ? "(?![\(lineBreaks)])" : "") + "[\(outside[0])]"
    }
    let all = (inside.isEmpty ? [] : ["[\(inside)]"]) + outside.map { "[^\($0)]" }
    return "(?:(?!" + all.joined(separator: "|") + ")\(any))"
  }

  private func spelled(_ lower: UInt32, _ upper: UInt32, _ folds: Bool, withoutNewline: Bool) -> String {
    if withoutNewline, lower <= 10, upper >= 10 {
      let before = lower < 10 ? spelled(lower, 9, folds, withoutNewline: false) : ""
      return before + (upper > 10 ? spelled(11, upper, folds, withoutNewline: false) : "")
    }
    var extra = ""
    if isASCII {
      if folds {
        for (scalar, partner) in Self.asciiPartners where lower <= scalar && scalar <= upper { extra += partner }
      }
      if lower >= 0x80 { return extra }
      return Self.spelled([lower...min(upper, 0x7F)]) + extra
    }
    if folds {
      for scalar in CaseOrbits.sinceUnicode14 where lower <= scalar && scalar <= upper {
        extra += Self.spelled(CaseOrbits.others(of: scalar).map { $0...$0 })
      }
    }
    // Surrogates are no scalars, which PCRE2 insists on.
    return Self.spelled(ScalarSet([lower...upper]).ranges) + extra
  }

  private func spelled(_ kind: ScalarClass.PerlClass, _ isUnicode: Bool, withoutNewline: Bool) -> String {
    let isPlain = isASCII || !isUnicode
    switch kind {
    case .digit: return isPlain ? "0-9" : "0-9\\p{Nd}" + Self.spelled(UnicodeProperty.addedDigits)
    case .word: return isPlain ? "0-9A-Z_a-z" : "0-9A-Z_a-z" + Self.unicodeWord
    case .space:
      let ascii = withoutNewline ? "\\t\\x0B\\f\\r\\x20" : "\\t\\n\\x0B\\f\\r\\x20"
      if isPlain { return ascii }
      return ascii + "\\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}"
    }
  }
}

extension [String] {
  /// Any of these.
  fileprivate var joinedAsChoice: String { count == 1 ? self[0] : "(?:" + joined(separator: "|") + ")" }
}

extension RegexNode {
  /// Whether all of its characters ignore case, and there is one that has a case.
  fileprivate var foldsEverywhere: Bool {
    var (folds, keeps) = (false, false)
    visit { node in
      switch node {
      case .scalar(_, true), .set(.parts(_, _, foldsCase: true)): folds = true
      case .scalar(_, false): keeps = true
      case .set(let set): keeps = keeps || set != .anyButNewline && set != .any
      default: break
      }
    }
    return folds && !keeps
  }

  /// Calls `body` with it and every node in it.
  func visit(_ body: (RegexNode) -> Void) {
    body(self)
    switch self {
    case .empty, .scalar, .bytes, .set, .assertion, .asciiAssertion: break
    case .repetition(let inner, _, _, _), .group(let inner, _, _): inner.visit(body)
    case .sequence(let parts), .choice(let parts): for part in parts { part.visit(body) }
    }
  }
}
