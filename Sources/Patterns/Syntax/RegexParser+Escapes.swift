import Primitives

// What a backslash begins.

extension RegexParser {
  mutating func escape(_ start: Int) throws(PatternError) -> RegexNode {
    guard let scalar = current else { throw error("the pattern ends with a backslash", at: start, .fixed) }
    position += 1
    switch Character(Unicode.Scalar(scalar) ?? " ") {
    case "A": return .assertion(.textStart)
    case "z": return .assertion(.textEnd)
    case "B": return wordAssertion(.notWordBoundary)
    case "<": return wordAssertion(.wordStart)
    case ">": return wordAssertion(.wordEnd)
    case "b":
      for (name, assertion) in Self.boundaries where take(name) { return wordAssertion(assertion) }
      return wordAssertion(.wordBoundary)
    case "0"..."9": throw error("back-references need Perl's expressions", at: start, .perl)
    default: break
    }
    position -= 1
    if let part = try classEscape(start) {
      return node(of: .parts([part], isNegated: false, foldsCase: flags.foldsCase))
    }
    return literal(try scalarEscape(start))
  }

  private func wordAssertion(_ assertion: RegexNode.Assertion) -> RegexNode {
    flags.isUnicode ? .assertion(assertion) : .asciiAssertion(assertion)
  }

  /// A character that stands for itself, or that an escape wrote, which was the last that was read.
  mutating func literal(_ scalar: UInt32) -> RegexNode {
    note(literal: scalar)
    if flags.isUnicode { return .scalar(scalar, foldsCase: flags.foldsCase) }
    // Without Unicode only letters of ASCII have cases, and only those of ASCII.
    let byte = UInt8(truncatingIfNeeded: scalar)
    if scalar >= 0x80 {
      return isByte ? .bytes(ByteSet((0..<256).map { $0 == Int(byte) })) : .scalar(scalar, foldsCase: false)
    }
    guard flags.foldsCase, [0x6B, 0x73].contains(scalar | 0x20) else {
      return .scalar(scalar, foldsCase: flags.foldsCase)
    }
    let both: [ScalarClass.Part] = [.range(scalar & ~0x20, scalar & ~0x20), .range(scalar | 0x20, scalar | 0x20)]
    return .set(.parts(both, isNegated: false, foldsCase: false))
  }

  /// A class, which is one of bytes where Unicode is off.
  func node(of set: ScalarClass) -> RegexNode {
    if flags.isUnicode { return .set(set) }
    let members = set.byteMembers
    let bytes = ByteSet(members)
    if members[0x80...].contains(true) { return .bytes(bytes) }
    let parts = bytes.ranges.map { ScalarClass.Part.range(UInt32($0.lowerBound), UInt32($0.upperBound)) }
    return .set(.parts(parts, isNegated: false, foldsCase: false))
  }

  private static let boundaries: [(String, RegexNode.Assertion)] = [
    ("{start}", .wordStart), ("{end}", .wordEnd), ("{start-half}", .wordStartHalf), ("{end-half}", .wordEndHalf),
  ]

  /// `\d` and its kin, `\p{...}`; nil for anything else, of which nothing is read.
  mutating func classEscape(_ start: Int) throws(PatternError) -> ScalarClass.Part? {
    guard let scalar = current else { return nil }
    let unicode = flags.isUnicode
    position += 1
    switch Character(Unicode.Scalar(scalar) ?? " ") {
    case "d": return .perl(.digit, isNegated: false, isUnicode: unicode)
    case "D": return .perl(.digit, isNegated: true, isUnicode: unicode)
    case "s": return .perl(.space, isNegated: false, isUnicode: unicode)
    case "S": return .perl(.space, isNegated: true, isUnicode: unicode)
    case "w": return .perl(.word, isNegated: false, isUnicode: unicode)
    case "W": return .perl(.word, isNegated: true, isUnicode: unicode)
    case "p": return try property(start, isNegated: false)
    case "P": return try property(start, isNegated: true)
    default:
      position -= 1
      return nil
    }
  }

  private mutating func property(_ start: Int, isNegated: Bool) throws(PatternError) -> ScalarClass.Part {
    var isNegated = isNegated
    var name = ""
    if take("{") {
      while let scalar = current, scalar != 0x7D {
        name.unicodeScalars.append(Unicode.Scalar(scalar) ?? " ")
        position += 1
      }
      guard take("}") else { throw error("the name of a class is not closed", at: start) }
    } else {
      name.unicodeScalars.append(Unicode.Scalar(try next()) ?? " ")
    }
    guard flags.isUnicode else { throw error("a class of Unicode cannot be where Unicode is off", at: start) }
    if let bang = name.firstRange(of: "!=") {
      isNegated.toggle()
      name = name[..<bang.lowerBound] + "=" + name[bang.upperBound...]
    }
    do throws(UnicodeProperty.Refusal) {
      return .property(try UnicodeProperty(named: name), isNegated: isNegated)
    } catch {
      switch error {
      case .unknown: throw self.error("no Unicode class is called \(name)", at: start)
      case .noTable:
        let kind = name.prefix { $0 != "=" && $0 != ":" }
        throw self.error("Unicode classes of \(kind) are not supported", at: start)
      }
    }
  }

  /// A character that is written with a backslash, which has been read.
  mutating func scalarEscape(_ start: Int) throws(PatternError) -> UInt32 {
    let scalar = try next()
    isByte = false
    switch Character(Unicode.Scalar(scalar) ?? " ") {
    case "a": return 7
    case "f": return 12
    case "t": return 9
    case "n": return 10
    case "r": return 13
    case "v": return 11
    case "x":
      isByte = current != 0x7B
      return try hexadecimal(2, start)
    case "u": return try hexadecimal(4, start)
    case "U": return try hexadecimal(8, start)
    case "A"..."Z", "a"..."z", "0"..."9": throw error("there is no such escape", at: start, .perl)
    default:
      guard scalar < 0x80, scalar >= 0x20 else { throw error("there is no such escape", at: start) }
      return scalar
    }
  }

  private mutating func hexadecimal(_ digits: Int, _ start: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    var count = 0
    let isBraced = take("{")
    while isBraced ? current != 0x7D : count < digits {
      let digit = try next()
      guard let number = Character(Unicode.Scalar(digit) ?? " ").hexDigitValue, value < 1 << 24 else {
        throw error("this is no hexadecimal number", at: start)
      }
      value = value << 4 | UInt32(number)
      count += 1
    }
    if isBraced { position += 1 }
    guard count > 0, Unicode.Scalar(value) != nil else { throw error("there is no such character", at: start) }
    return value
  }
}
