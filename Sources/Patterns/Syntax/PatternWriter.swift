import Primitives

/// Writes an expression as one of the engines reads it.
struct PatternWriter {
  enum Dialect: Hashable {
    /// PCRE2 over UTF-8.
    case unicode
    /// PCRE2 over texts that are all ASCII: the same matches, found several times as fast.
    case ascii
    /// PCRE2 over bytes, for patterns that hold bytes which are no UTF-8.
    case bytes
    /// RE2 over UTF-8.
    case linear
    /// RE2 over texts that are all ASCII.
    case linearASCII
  }

  /// An expression that the engine has no words for.
  struct Inexpressible: Error {}

  let dialect: Dialect
  /// Whether matches stay within lines, so that nothing matches a line break.
  let staysInLines: Bool
  /// Whether a carriage return belongs to a line break.
  let crlf: Bool
  private let foldsEverywhere: Bool
  private var text: [UInt8] = []

  /// The pattern, in ASCII.
  static func write(
    _ node: RegexNode, as dialect: Dialect, staysInLines: Bool, crlf: Bool = false
  ) throws(Inexpressible) -> [UInt8] {
    var writer = PatternWriter(
      dialect: dialect, staysInLines: staysInLines, crlf: crlf, foldsEverywhere: node.foldsEverywhere)
    if writer.isLinear {
      writer.add(writer.foldsEverywhere ? "(?mi)" : "(?m)")
    } else if writer.foldsEverywhere {
      writer.add("(?i)")
    }
    try writer.write(node)
    return writer.text
  }

  private init(dialect: Dialect, staysInLines: Bool, crlf: Bool, foldsEverywhere: Bool) {
    self.dialect = dialect
    self.crlf = crlf
    self.staysInLines = staysInLines
    self.foldsEverywhere = foldsEverywhere
  }

  var isLinear: Bool { dialect == .linear || dialect == .linearASCII }
  private var isASCII: Bool { dialect == .ascii || dialect == .linearASCII }
  private var never: String { isLinear ? "[^\\x00-\\x{10FFFF}]" : "(?!)" }

  private mutating func add(_ string: String) { text += string.utf8 }

  private func folded(_ string: String, _ folds: Bool) -> String {
    folds && !foldsEverywhere ? "(?i:\(string))" : string
  }

  private mutating func write(_ node: RegexNode) throws(Inexpressible) {
    switch node {
    case .empty: add("(?:)")
    case .scalar(let scalar, let folds): add(folded(try spelled(scalar, folds), folds))
    case .byte(let byte):
      switch dialect {
      case .bytes: add("\\x" + hexadecimal(UInt32(byte), 2))
      case .ascii, .linearASCII: add(never)
      case .unicode, .linear: throw Inexpressible()
      }
    case .set(let set): add(try spelled(set))
    case .assertion(let assertion): add(try spelled(assertion))
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
      add(isCaptured ? "(" : "(?:")
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
      guard case .scalar(_, true) = parts[index], !foldsEverywhere else {
        try write(parts[index])
        index += 1
        continue
      }
      var run = ""
      while index < parts.count, case .scalar(let scalar, true) = parts[index] {
        run += try spelled(scalar, true)
        index += 1
      }
      add("(?i:\(run))")
    }
  }

  // MARK: Characters

  private func spelled(_ scalar: UInt32, _ folds: Bool) throws(Inexpressible) -> String {
    if isASCII, scalar >= 0x80 {
      if folds, let partner = Self.asciiPartners[scalar] { return partner }
      return never
    }
    if dialect == .bytes, scalar >= 0x80 {
      if folds { throw Inexpressible() }
      let bytes = Array(String(Character(Unicode.Scalar(scalar) ?? " ")).utf8)
      return bytes.map { "\\x" + hexadecimal(UInt32($0), 2) }.joined()
    }
    if scalar < 0x80, UInt8(scalar).isASCIIWord { return String(UnicodeScalar(UInt8(scalar))) }
    return "\\x{" + hexadecimal(scalar, 1) + "}"
  }

  /// Letters beyond ASCII that are letters of ASCII where case is ignored.
  private static let asciiPartners: [UInt32: String] = [0x17F: "s", 0x212A: "k"]

  private func hexadecimal(_ number: UInt32, _ digits: Int) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  // MARK: Assertions

  private var wordClass: String { isASCII || dialect == .bytes ? "\\w" : Self.unicodeWord }
  private static let unicodeWord = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}"

  private func spelled(_ assertion: RegexNode.Assertion) throws(Inexpressible) -> String {
    switch assertion {
    case .lineStart: return "^"
    case .lineEnd: return "$"
    case .textStart: return staysInLines ? "^" : "\\A"
    case .textEnd: return staysInLines ? "$" : "\\z"
    default: break
    }
    let isSimple = isASCII || dialect == .bytes
    if isSimple, assertion == .wordBoundary { return "\\b" }
    if isSimple, assertion == .notWordBoundary { return "\\B" }
    if isLinear { throw Inexpressible() }
    let word = "[\(wordClass)]"
    let start = "(?<!\(word))(?=\(word))"
    let end = "(?<=\(word))(?!\(word))"
    // Beside bytes that are no UTF-8 these do not match, as they do not in Rust.
    let notBefore = "(?<=[^\(wordClass)]|\\A)"
    let notAfter = "(?=[^\(wordClass)]|\\z)"
    return switch assertion {
    case .wordBoundary: "(?:\(start)|\(end))"
    case .notWordBoundary: "(?:\(notBefore)\(notAfter)|(?<=\(word))(?=\(word)))"
    case .wordStart: start
    case .wordEnd: end
    case .wordStartHalf: notBefore
    default: notAfter
    }
  }

  // MARK: Classes

  /// What no class matches where matches stay within lines.
  private var lineBreaks: String { crlf ? "\\n\\r" : "\\n" }

  private var any: String {
    if isLinear { return "(?s:.)" }
    return staysInLines ? "[^\(lineBreaks)]" : "(?s:.)"
  }

  private func spelled(_ set: ScalarClass) throws(Inexpressible) -> String {
    if isASCII, !set.isSimple, let members = set.asciiMembers { return spelled(members) }
    switch set {
    case .parts(let parts, let isNegated, let folds):
      return folded(try spelled(parts, isNegated: isNegated, folds), folds)
    case .union(let sets, let isNegated):
      var all: [String] = []
      for set in sets { all.append(try spelled(set)) }
      let joined = all.joined(separator: "|")
      if !isNegated { return "(?:\(joined))" }
      if isLinear { throw Inexpressible() }
      return "(?:(?!\(joined))\(any))"
    case .intersection(let a, let b):
      if isLinear { throw Inexpressible() }
      return "(?:(?=\(try spelled(b)))\(try spelled(a)))"
    case .difference(let a, let b):
      if isLinear { throw Inexpressible() }
      return "(?:(?!\(try spelled(b)))\(try spelled(a)))"
    case .symmetricDifference(let a, let b):
      if isLinear { throw Inexpressible() }
      let (left, right) = (try spelled(a), try spelled(b))
      return "(?:(?!\(right))\(left)|(?!\(left))\(right))"
    }
  }

  /// A class by its members in ASCII.
  private func spelled(_ members: [Bool]) -> String {
    var inside = ""
    for byte in 0..<128 where members[byte] && !(staysInLines && (byte == 10 || crlf && byte == 13)) {
      inside += "\\x" + hexadecimal(UInt32(byte), 2)
    }
    return inside.isEmpty ? never : "[\(inside)]"
  }

  private func spelled(_ parts: [ScalarClass.Part], isNegated: Bool, _ folds: Bool) throws(Inexpressible) -> String {
    let excludesNewline = staysInLines && !isLinear
    var inside = ""
    var outside: [String] = []
    var mayHoldNewline = false
    for part in parts {
      switch part {
      case .range(let lower, let upper):
        // A negated class excludes line breaks besides.
        inside += try spelled(lower, upper, folds, withoutNewline: excludesNewline && !isNegated)
      case .perl(let kind, false, let isUnicode):
        inside += spelled(kind, isUnicode, withoutNewline: excludesNewline && !isNegated)
      case .perl(let kind, true, let isUnicode):
        mayHoldNewline = mayHoldNewline || kind != .space
        if isASCII || (dialect == .bytes) {
          inside += kind == .word ? "\\W" : kind == .digit ? "\\D" : "\\S"
        } else if kind == .digit, isUnicode {
          inside += "\\P{Nd}"
        } else {
          outside.append(spelled(kind, isUnicode, withoutNewline: false))
        }
      case .property(let name, let isPartNegated):
        mayHoldNewline = true
        inside += try spelled(property: name, isNegated: isPartNegated, folds)
      }
    }
    let newline = excludesNewline ? lineBreaks : ""
    if outside.isEmpty {
      if isNegated { return inside.isEmpty && newline.isEmpty ? any : "[^\(inside)\(newline)]" }
      if inside.isEmpty { return never }
      return (excludesNewline && (mayHoldNewline || crlf) ? "(?![\(lineBreaks)])" : "") + "[\(inside)]"
    }
    if !isNegated {
      let all = (inside.isEmpty ? [] : ["[\(inside)]"]) + outside.map { "[^\($0)\(newline)]" }
      return all.count == 1 ? all[0] : "(?:" + all.joined(separator: "|") + ")"
    }
    if inside.isEmpty, outside.count == 1 {
      return (excludesNewline ? "(?![\(lineBreaks)])" : "") + "[\(outside[0])]"
    }
    if isLinear { throw Inexpressible() }
    let all = (inside.isEmpty ? [] : ["[\(inside)]"]) + outside.map { "[^\($0)]" }
    return "(?:(?!" + all.joined(separator: "|") + ")\(any))"
  }

  private func spelled(
    _ lower: UInt32, _ upper: UInt32, _ folds: Bool, withoutNewline: Bool
  ) throws(Inexpressible) -> String {
    if withoutNewline, lower <= 10, upper >= 10 {
      let before = lower < 10 ? try spelled(lower, 9, folds, withoutNewline: false) : ""
      return before + (upper > 10 ? try spelled(11, upper, folds, withoutNewline: false) : "")
    }
    var (lower, upper) = (lower, upper)
    var extra = ""
    if isASCII {
      if folds {
        for (scalar, partner) in Self.asciiPartners where lower <= scalar && scalar <= upper { extra += partner }
      }
      if lower >= 0x80 { return extra }
      upper = min(upper, 0x7F)
    } else if dialect == .bytes {
      if upper >= 0x80, !(lower == 0 && upper == 0x10FFFF) { throw Inexpressible() }
      upper = min(upper, 0xFF)
    } else if upper > 0xD7FF, lower < 0xD800 || upper < 0xE000 || lower <= 0xDFFF {
      // Surrogates are no scalars, which PCRE2 insists on.
      if lower < 0xD800 {
        extra = upper > 0xDFFF ? "\\x{E000}-\\x{\(hexadecimal(upper, 1))}" : ""
        upper = 0xD7FF
      } else {
        lower = 0xE000
      }
    }
    let start = "\\x{" + hexadecimal(lower, 1) + "}"
    return (lower == upper ? start : start + "-\\x{" + hexadecimal(upper, 1) + "}") + extra
  }

  private func spelled(_ kind: ScalarClass.PerlClass, _ isUnicode: Bool, withoutNewline: Bool) -> String {
    let isPlain = isASCII || dialect == .bytes || !isUnicode
    switch kind {
    case .digit: return isPlain ? "0-9" : "\\p{Nd}"
    case .word: return isPlain ? "0-9A-Z_a-z" : isLinear ? Self.linearWord : Self.unicodeWord
    case .space:
      let ascii = withoutNewline ? "\\t\\x0B\\f\\r\\x20" : "\\t\\n\\x0B\\f\\r\\x20"
      if isPlain { return ascii }
      return ascii + "\\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}"
    }
  }

  /// RE2 has no class of letters in the wide sense: these are the letters, the marks and what else counts.
  private static let linearWord =
    "\\pL\\pM\\p{Nd}\\p{Nl}\\p{Pc}\\x{200C}\\x{200D}\\x{24B6}-\\x{24E9}"
    + "\\x{1F130}-\\x{1F149}\\x{1F150}-\\x{1F169}\\x{1F170}-\\x{1F189}"

  private func spelled(property: String, isNegated: Bool, _ folds: Bool) throws(Inexpressible) -> String {
    if property == "ASCII" || property == "Any" {
      let isAll = (property == "Any") != isNegated
      if property == "Any" { return isAll ? "\\x{0}-\\x{\(isASCII ? "7F" : "10FFFF")}" : "" }
      if isASCII { return isNegated ? "" : "\\x{0}-\\x{7F}" }
      return isNegated ? "\\x{80}-\\x{D7FF}\\x{E000}-\\x{10FFFF}" : "\\x{0}-\\x{7F}"
    }
    if folds, !isNegated, !isLinear, ["lowercase", "lower", "uppercase", "upper"].contains(property) {
      return "\\p{lowercase}\\p{uppercase}\\p{Lt}"
    }
    let name = folds && ["Lu", "Ll", "Lt"].contains(property) ? "L&" : property
    if isLinear {
      guard name.utf8.count <= 2, name != "L&" else { throw Inexpressible() }
      if folds { throw Inexpressible() }
    }
    return (isNegated ? "\\P{" : "\\p{") + name + "}"
  }
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
    case .empty, .scalar, .byte, .set, .assertion: break
    case .repetition(let inner, _, _, _), .group(let inner, _, _): inner.visit(body)
    case .sequence(let parts), .choice(let parts): for part in parts { part.visit(body) }
    }
  }
}
