// What stands in brackets.

extension RegexParser {
  /// Reads a class behind its `[`, which is at `start`.
  mutating func bracketed(_ start: Int) throws(PatternError) -> ScalarClass {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit { throw error("classes are nested more than \(Self.depthLimit) deep") }
    let isNegated = take("^")
    var whole: ScalarClass?
    var operation: (ScalarClass, ScalarClass) -> ScalarClass = { $1 }
    var isFirst = true
    while true {
      let operand = try classOperand(start, isFirst: isFirst)
      isFirst = false
      whole = whole.map { operation($0, operand) } ?? operand
      if take("&&") {
        operation = { .intersection($0, $1) }
      } else if take("--") {
        operation = { .difference($0, $1) }
      } else if take("~~") {
        operation = { .symmetricDifference($0, $1) }
      } else {
        break
      }
    }
    guard take("]"), let whole else { throw error("a class is not closed", at: start, .fixed) }
    guard isNegated else { return whole }
    if case .parts(let parts, false, let foldsCase) = whole {
      return .parts(parts, isNegated: true, foldsCase: foldsCase)
    }
    return .union([whole], isNegated: true)
  }

  /// A union up to `]` or an operator.
  private mutating func classOperand(_ start: Int, isFirst: Bool) throws(PatternError) -> ScalarClass {
    var parts: [ScalarClass.Part] = []
    var nested: [ScalarClass] = []
    // A bracket that comes first, and hyphens before anything else, are themselves.
    if isFirst {
      while current == 0x2D,
        !(isAt("--") && parts.isEmpty && position + 2 < scalars.count && scalars[position + 2] == 0x5D)
      {
        position += 1
        note(literal: 0x2D)
        parts.append(.range(0x2D, 0x2D))
      }
      if parts.isEmpty, take("]") {
        note(literal: 0x5D)
        parts.append(.range(0x5D, 0x5D))
      }
    }
    while true {
      if flags.isVerbose { while let scalar = current, Self.isBlank(scalar) { _ = scalar; position += 1 } }
      guard let scalar = current else { throw error("a class is not closed", at: start, .fixed) }
      if scalar == 0x5D || isAt("&&") || isAt("--") || isAt("~~") { break }
      if scalar == 0x5B {
        if let part = try named() {
          parts += part
          continue
        }
        let inner = position
        position += 1
        let set = try bracketed(inner)
        if case .parts(let others, false, _) = set { parts += others } else { nested.append(set) }
        continue
      }
      if let part = try rangeOrEscape() { parts.append(part) }
    }
    let own = ScalarClass.parts(parts, isNegated: false, foldsCase: flags.foldsCase)
    if nested.isEmpty { return own }
    return .union(parts.isEmpty ? nested : [own] + nested, isNegated: false)
  }

  private mutating func rangeOrEscape() throws(PatternError) -> ScalarClass.Part? {
    let start = position
    let scalar = try next()
    var lower = scalar
    isByte = false
    if scalar == 0x5C {
      guard current != nil else { throw error("the pattern ends with a backslash", at: start, .fixed) }
      if let part = try classEscape(start) { return part }
      lower = try scalarEscape(start)
    }
    try take(literal: lower, start)
    // A hyphen before the end of the class, or before another, is itself.
    guard current == 0x2D, position + 1 < scalars.count, scalars[position + 1] != 0x5D, scalars[position + 1] != 0x2D
    else { return .range(lower, lower) }
    position += 1
    let end = position
    var upper = try next()
    isByte = false
    if upper == 0x5C {
      if try classEscape(end) != nil { throw error("a range ends with a class", at: start) }
      upper = try scalarEscape(end)
    }
    try take(literal: upper, end)
    guard lower <= upper else { throw error("a range ends before it begins", at: start) }
    return .range(lower, upper)
  }

  /// Notes a character of a class, which was read last. Throws where it is none that a class of bytes can hold.
  private mutating func take(literal scalar: UInt32, _ start: Int) throws(PatternError) {
    note(literal: scalar)
    if !flags.isUnicode, scalar >= 0x80, !isByte {
      throw error("a character beyond ASCII cannot be in a class where Unicode is off; a byte is \\xFF", at: start)
    }
  }

  /// `[:alpha:]` and its kin, which are of ASCII alone; nil where this is none.
  private mutating func named() throws(PatternError) -> [ScalarClass.Part]? {
    guard isAt("[:") else { return nil }
    let start = position
    position += 2
    let isNegated = take("^")
    var name = ""
    while let scalar = current, (0x61...0x7A).contains(scalar) {
      name.unicodeScalars.append(Unicode.Scalar(scalar) ?? " ")
      position += 1
    }
    guard take(":]"), var ranges = Self.asciiClasses[name] else {
      position = start
      return nil
    }
    if isNegated {
      // Closed under case before it is negated.
      var set = ScalarSet(ranges.map { $0.0...$0.1 })
      if flags.foldsCase { set = flags.isUnicode ? set.folded : set.foldedInASCII }
      ranges = set.complement.ranges.map { ($0.lowerBound, $0.upperBound) }
    }
    return ranges.map { .range($0.0, $0.1) }
  }

  private static let asciiClasses: [String: [(UInt32, UInt32)]] = [
    "alnum": [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)], "alpha": [(0x41, 0x5A), (0x61, 0x7A)],
    "ascii": [(0, 0x7F)], "blank": [(9, 9), (0x20, 0x20)], "cntrl": [(0, 0x1F), (0x7F, 0x7F)],
    "digit": [(0x30, 0x39)], "graph": [(0x21, 0x7E)], "lower": [(0x61, 0x7A)], "print": [(0x20, 0x7E)],
    "punct": [(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)], "space": [(9, 13), (0x20, 0x20)],
    "upper": [(0x41, 0x5A)], "word": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
    "xdigit": [(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
  ]
}
