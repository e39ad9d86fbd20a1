/// Reads the regular expressions of Rust's `regex`, which ripgrep has: flags in groups, nested classes with set
/// operations, Unicode names of classes; without look-around and back-references.
struct RegexParser {
  struct Flags: Hashable {
    var foldsCase = false
    var isMultiline = false
    var dotMatchesAll = false
    var swapsGreed = false
    var isVerbose = false
    var isUnicode = true
  }

  /// What a smart case asks of a pattern: of the characters that are written in it, not of its classes.
  struct Letters {
    var hasLiteral = false
    var hasCapital = false

    mutating func note(_ scalar: Unicode.Scalar) {
      hasLiteral = true
      hasCapital = hasCapital || scalar.properties.isUppercase
    }
  }

  let source: [UInt8]
  let scalars: [UInt32]
  /// The offset of each scalar in `source`, and its end.
  let offsets: [Int]
  var position = 0
  var flags: Flags
  var depth = 0
  var names: Set<String> = []
  /// Whether the last character that was read was written as a byte, `\xFF`.
  var isByte = false
  private(set) var letters = Letters()
  /// Of more groups in groups neither this parser nor an engine's is sure to come back.
  static let depthLimit = 200

  /// The expression that `source` is, with `flags` as they are at its start.
  static func parse(_ source: [UInt8], _ flags: Flags, _ letters: inout Letters) throws(PatternError) -> RegexNode {
    guard let text = String(validating: source, as: UTF8.self) else {
      throw PatternError(
        message: "the pattern is not UTF-8; write other bytes as (?-u:\\xFF)", source: source)
    }
    var parser = RegexParser(source, text, flags)
    let node = try parser.choice()
    if parser.position < parser.scalars.count { throw parser.error("a group is closed that was not opened") }
    letters.hasLiteral = letters.hasLiteral || parser.letters.hasLiteral
    letters.hasCapital = letters.hasCapital || parser.letters.hasCapital
    return node
  }

  private init(_ source: [UInt8], _ text: String, _ flags: Flags) {
    self.source = source
    var scalars: [UInt32] = []
    var offsets: [Int] = []
    var offset = 0
    for scalar in text.unicodeScalars {
      scalars.append(scalar.value)
      offsets.append(offset)
      offset += UTF8.width(scalar)
    }
    self.scalars = scalars
    self.offsets = offsets + [offset]
    self.flags = flags
  }

  // MARK: Reading

  mutating func note(literal scalar: UInt32) { letters.note(Unicode.Scalar(scalar) ?? " ") }

  var current: UInt32? { position < scalars.count ? scalars[position] : nil }

  func isAt(_ text: String) -> Bool {
    var i = position
    for scalar in text.unicodeScalars {
      guard i < scalars.count, scalars[i] == scalar.value else { return false }
      i += 1
    }
    return true
  }

  mutating func take(_ text: String) -> Bool {
    guard isAt(text) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  mutating func next() throws(PatternError) -> UInt32 {
    guard let scalar = current else { throw error("the pattern ends too early") }
    position += 1
    return scalar
  }

  func error(_ message: String, at index: Int? = nil, _ advice: PatternError.Advice? = nil) -> PatternError {
    PatternError(
      message: message, source: source, offset: offsets[min(index ?? position, offsets.count - 1)], advice: advice)
  }

  /// Passes over what a verbose expression ignores.
  private mutating func skipBlanks() {
    guard flags.isVerbose else { return }
    while let scalar = current {
      if Self.isBlank(scalar) {
        position += 1
      } else if scalar == 0x23 {
        while let other = current, other != 10 { _ = other; position += 1 }
      } else {
        return
      }
    }
  }

  static func isBlank(_ scalar: UInt32) -> Bool {
    (9...13).contains(scalar) || [0x20, 0x85, 0x200E, 0x200F, 0x2028, 0x2029].contains(scalar)
  }

  // MARK: Expressions

  private mutating func choice() throws(PatternError) -> RegexNode {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw error("groups are nested more than \(Self.depthLimit) deep") }
    var alternatives: [RegexNode] = [try sequence()]
    while take("|") { alternatives.append(try sequence()) }
    return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
  }

  private mutating func sequence() throws(PatternError) -> RegexNode {
    var parts: [RegexNode] = []
    while true {
      skipBlanks()
      guard let scalar = current, scalar != 0x7C, scalar != 0x29 else { break }
      if let node = try atom() { parts.append(try repeated(node)) }
    }
    return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func repeated(_ node: RegexNode) throws(PatternError) -> RegexNode {
    var node = node
    var count = 0
    while true {
      skipBlanks()
      let start = position
      var bounds: (Int, Int?)
      if take("*") {
        bounds = (0, nil)
      } else if take("+") {
        bounds = (1, nil)
      } else if take("?") {
        bounds = (0, 1)
      } else if take("{") {
        bounds = try countedBounds(start)
      } else {
        return node
      }
      count += 1
      if count > 50 { throw error("too many repetitions of repetitions") }
      let isLazy = take("?") != flags.swapsGreed
      node = .repetition(node, atLeast: bounds.0, atMost: bounds.1, isLazy: isLazy)
    }
  }

  private mutating func countedBounds(_ start: Int) throws(PatternError) -> (Int, Int?) {
    func wrong(_ parser: RegexParser) -> PatternError {
      parser.error("{ begins a number of repetitions, such as {2,5}; write \\{ for the character", at: start, .fixed)
    }
    let least = number()
    var most = least
    if take(",") { most = number() } else if least == nil { throw wrong(self) }
    guard take("}") else { throw wrong(self) }
    let lower = least ?? 0
    if let most, most < lower { throw error("the most repetitions are fewer than the least", at: start) }
    return (lower, most)
  }

  private mutating func number() -> Int? {
    while current == 0x20 { position += 1 }
    var value: Int?
    while let scalar = current, (0x30...0x39).contains(scalar) {
      value = min((value ?? 0) * 10 + Int(scalar - 0x30), 1 << 31)
      position += 1
    }
    while current == 0x20 { position += 1 }
    return value
  }

  /// Nil where flags were set and nothing is matched.
  private mutating func atom() throws(PatternError) -> RegexNode? {
    let start = position
    let scalar = try next()
    switch Character(Unicode.Scalar(scalar) ?? " ") {
    case ".":
      if flags.isUnicode { return .set(flags.dotMatchesAll ? .any : .anyButNewline) }
      return .bytes(ByteSet((0..<256).map { $0 != 10 || flags.dotMatchesAll }))
    case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "[": return node(of: try bracketed(start))
    case "(": return try group(start)
    case "*", "+", "?": throw error("there is nothing to repeat", at: start, .fixed)
    case "{": throw error("there is nothing to repeat; write \\{ for the character", at: start, .fixed)
    case "\\": return try escape(start)
    default:
      isByte = false
      return literal(scalar)
    }
  }

  private mutating func group(_ start: Int) throws(PatternError) -> RegexNode? {
    for around in ["?=", "?!", "?<=", "?<!"] where isAt(around) {
      throw error("look-around needs Perl's expressions", at: start, .perl)
    }
    let before = flags
    var isCaptured = true
    var name: String?
    if take("?P<") || take("?<") {
      name = try groupName()
    } else if take("?") {
      isCaptured = false
      if try !readFlags(start) { return nil }
    }
    let inner = try choice()
    guard take(")") else { throw error("a group is not closed", at: start, .fixed) }
    flags = before
    return .group(inner, isCaptured: isCaptured, name: name)
  }

  private mutating func groupName() throws(PatternError) -> String {
    let start = position
    var name = String.UnicodeScalarView()
    while let scalar = current, scalar != 0x3E {
      name.append(Unicode.Scalar(scalar) ?? " ")
      position += 1
    }
    guard take(">"), let first = name.first, !("0"..."9").contains(first) else {
      throw error("the name of a group is wrong", at: start)
    }
    let text = String(name)
    guard names.insert(text).inserted else { throw error("two groups have the name \(text)", at: start) }
    return text
  }

  /// Reads `i-s:` and its kin. Gives false where they hold for the rest of the group around.
  private mutating func readFlags(_ start: Int) throws(PatternError) -> Bool {
    var isOn = true
    while true {
      let scalar = try next()
      switch Character(Unicode.Scalar(scalar) ?? " ") {
      case "i": flags.foldsCase = isOn
      case "m": flags.isMultiline = isOn
      case "s": flags.dotMatchesAll = isOn
      case "U": flags.swapsGreed = isOn
      case "x": flags.isVerbose = isOn
      case "u": flags.isUnicode = isOn
      case "R":
        if isOn { throw error("the flag R is not supported; carriage returns are those of the file", at: start) }
      case "-": isOn = false
      case ":": return true
      case ")": return false
      default: throw error("there is no such flag", at: position - 1, .perl)
      }
    }
  }
}
