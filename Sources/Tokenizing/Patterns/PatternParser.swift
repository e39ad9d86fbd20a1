import Primitives

/// Reads the patterns that tokenizers are cut by: the part of Oniguruma's language that such files use. Anything else
/// is refused, never taken for something it is not.
struct PatternParser {
  private let scalars: [UInt32]
  private var position = 0
  private var foldsCase = false
  private var depth = 0
  private let part: TokenizerNode

  static func parse(_ pattern: String, _ part: TokenizerNode) throws(Failure) -> PatternNode {
    var parser = PatternParser(scalars: pattern.unicodeScalars.map(\.value), part: part)
    let node = try parser.choice()
    guard parser.position == parser.scalars.count else { throw parser.unsupported("a `)` too many") }
    return node
  }

  private init(scalars: [UInt32], part: TokenizerNode) {
    self.scalars = scalars
    self.part = part
  }

  private func unsupported(_ what: String) -> Failure {
    part.unsupported("a pattern with \(what) (at its scalar \(position))")
  }

  private var next: Unicode.Scalar? { position < scalars.count ? Unicode.Scalar(scalars[position]) : nil }

  private mutating func take(_ text: String) -> Bool {
    let wanted = text.unicodeScalars.map(\.value)
    guard scalars[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  private mutating func choice() throws(Failure) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    if depth > 64 { throw unsupported("groups inside of more than 64 others") }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(Failure) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try repetition()) }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func repetition() throws(Failure) -> PatternNode {
    var node = try atom()
    while let (minimum, maximum, isInterval) = try count() {
      var greed = PatternNode.Greed.greedy
      if take("?") {
        greed = .lazy
      } else if take("+") {
        // After an interval, the reference's language repeats what was repeated.
        if isInterval { throw unsupported("`{}+`") }
        greed = .possessive
      }
      if maximum == nil, node.isNullable { throw unsupported("a repetition of what may be empty") }
      node = .repetition(node, minimum: minimum, maximum: maximum, greed)
    }
    return node
  }

  /// What `?`, `*`, `+` or `{2,3}` says.
  private mutating func count() throws(Failure) -> (minimum: Int, maximum: Int?, isInterval: Bool)? {
    if take("?") { return (0, 1, false) }
    if take("*") { return (0, nil, false) }
    if take("+") { return (1, nil, false) }
    guard take("{") else { return nil }
    let minimum = number()
    let maximum = take(",") ? number() : minimum
    guard take("}"), minimum != nil || maximum != nil, (minimum ?? 0) <= (maximum ?? .max) else {
      throw unsupported("a `{` that is no repetition")
    }
    if max(minimum ?? 0, maximum ?? 0) > 1000 { throw unsupported("more than 1000 repetitions") }
    return (minimum ?? 0, maximum, true)
  }

  private mutating func number() -> Int? {
    var number: Int?
    while let scalar = next, "0"..."9" ~= scalar, (number ?? 0) < 100_000 {
      number = (number ?? 0) * 10 + Int(scalar.value - 48)
      position += 1
    }
    return number
  }

  private mutating func atom() throws(Failure) -> PatternNode {
    if take("(") { return try group() }
    if take("[") { return .one(try set()) }
    if take("\\") { return try escape() }
    if take("^") { return .lineStart }
    if take("$") { return .lineEnd }
    if take(".") {
      var set = ScalarSet.scalar(10)
      set.invert()
      set.finish()
      return .one(set)
    }
    guard let scalar = next, !"*+?{".unicodeScalars.contains(scalar) else { throw unsupported("nothing to repeat") }
    position += 1
    return .one(try literal(scalar.value))
  }

  private func literal(_ scalar: UInt32) throws(Failure) -> ScalarSet {
    guard foldsCase else { return .scalar(scalar) }
    guard scalar < 0x80 else { throw unsupported("`(?i` and a character that is not ASCII") }
    var set = ScalarSet()
    set.insert(scalar...scalar)
    if 65...90 ~= scalar & ~0x20 {
      set.insert(scalar ^ 0x20...scalar ^ 0x20)
      // The two other scalars whose small form is an ASCII letter.
      if scalar & ~0x20 == 0x53 { set.insert(0x17F...0x17F) }
      if scalar & ~0x20 == 0x4B { set.insert(0x212A...0x212A) }
    }
    set.finish()
    return set
  }

  private mutating func group() throws(Failure) -> PatternNode {
    let outer = foldsCase
    defer { foldsCase = outer }
    var wrap: (PatternNode) -> PatternNode = { $0 }
    if take("?") {
      if take("=") {
        wrap = { .lookahead($0, isNegative: false) }
      } else if take("!") {
        wrap = { .lookahead($0, isNegative: true) }
      } else if take(">") {
        wrap = { .atomic($0) }
      } else if take("i:") {
        foldsCase = true
      } else if !take(":") {
        throw unsupported("a group of an unknown kind")
      }
    }
    let node = try choice()
    guard take(")") else { throw unsupported("a `(` without its `)`") }
    return wrap(node)
  }

  private mutating func escape() throws(Failure) -> PatternNode {
    if take("A") { return .textStart }
    if take("z") { return .textEnd }
    var set = ScalarSet()
    if try insertClass(into: &set) {
      set.finish()
      return .one(set)
    }
    return .one(try literal(try escapedScalar()))
  }

  /// After a backslash: a class such as `\s` or `\p{L}`. False if there is none.
  private mutating func insertClass(into set: inout ScalarSet) throws(Failure) -> Bool {
    if take("s") {
      set.insertSpaces(inverted: false)
    } else if take("S") {
      set.insertSpaces(inverted: true)
    } else if take("d") {
      _ = set.insert(category: "Nd", inverted: false)
    } else if take("D") {
      _ = set.insert(category: "Nd", inverted: true)
    } else if take("p{") || take("P{") {
      var isInverted = scalars[position - 2] == 0x50
      if take("^") { isInverted.toggle() }
      var name = ""
      while let scalar = next, scalar != "}" {
        name.unicodeScalars.append(scalar)
        position += 1
      }
      guard take("}"), set.insert(category: name, inverted: isInverted) else { throw unsupported("`\\p{\(name)}`") }
    } else {
      return false
    }
    return true
  }

  private mutating func escapedScalar() throws(Failure) -> UInt32 {
    guard let scalar = next else { throw unsupported("a backslash at its end") }
    position += 1
    switch scalar {
    case "n": return 10
    case "r": return 13
    case "t": return 9
    case "f": return 12
    case "v": return 11
    case "u", "x":
      var digits = ""
      let isBraced = scalar == "x" && take("{")
      while digits.count < (isBraced ? 8 : scalar == "u" ? 4 : 2), let digit = next, digit.properties.isASCIIHexDigit {
        digits.unicodeScalars.append(digit)
        position += 1
      }
      guard !isBraced || take("}"), isBraced || digits.count == (scalar == "u" ? 4 : 2),
        let value = UInt32(digits, radix: 16), isBraced || scalar == "u" || value < 0x80, Unicode.Scalar(value) != nil
      else { throw unsupported("a number that is no scalar") }
      return value
    default:
      let isPlain = scalar.value < 0x80 && !("0"..."9" ~= scalar || "a"..."z" ~= scalar || "A"..."Z" ~= scalar)
      guard isPlain else { throw unsupported("`\\\(scalar)`") }
      return scalar.value
    }
  }

  /// After `[`.
  private mutating func set() throws(Failure) -> ScalarSet {
    depth += 1
    defer { depth -= 1 }
    if depth > 64 { throw unsupported("sets inside of more than 64 others") }
    var set = ScalarSet()
    let isInverted = take("^")
    var isFirst = true
    while !take("]") {
      guard let scalar = next else { throw unsupported("a `[` without its `]`") }
      if take("[") {
        if next == ":" { throw unsupported("`[:`") }
        set.insert(try self.set())
      } else if take("&&") {
        throw unsupported("`&&`")
      } else if scalar == "\\" {
        position += 1
        if try !insertClass(into: &set) { try insertRange(from: try escapedScalar(), into: &set) }
      } else {
        position += 1
        if scalar == "-", !isFirst, next != "]" { throw unsupported("a `-` inside of a set") }
        try insertRange(from: scalar.value, into: &set)
      }
      isFirst = false
    }
    if isFirst { throw unsupported("an empty set") }
    if isInverted { set.invert() }
    set.finish()
    return set
  }

  private mutating func insertRange(from first: UInt32, into set: inout ScalarSet) throws(Failure) {
    if foldsCase { throw unsupported("`(?i` and a set") }
    guard next == "-", position + 1 < scalars.count, scalars[position + 1] != 0x5D else {
      return set.insert(first...first)
    }
    position += 1
    guard let scalar = next, scalar != "[" else { throw unsupported("a range without its end") }
    position += 1
    let last = scalar == "\\" ? try escapedScalar() : scalar.value
    guard first <= last else { throw unsupported("a range that ends before it begins") }
    set.insert(first...last)
  }
}
