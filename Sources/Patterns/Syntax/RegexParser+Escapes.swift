import Primitives

// What a backslash begins.

extension RegexParser {
  mutating func escape(_ start: Int) throws(PatternError) -> RegexNode {
    guard let scalar = current else { throw error("the pattern ends with a backslash", at: start, .fixed) }
    position += 1
    switch Character(Unicode.Scalar(scalar) ?? " ") {
    case "A": return .assertion(.textStart)
    case "z": return .assertion(.textEnd)
    case "B": return .assertion(.notWordBoundary)
    case "<": return .assertion(.wordStart)
    case ">": return .assertion(.wordEnd)
    case "b":
      for (name, assertion) in Self.boundaries where take(name) { return .assertion(assertion) }
      return .assertion(.wordBoundary)
    case "0"..."9": throw error("back-references need Perl's expressions", at: start, .perl)
    default: break
    }
    position -= 1
    if let part = try classEscape(start) { return .set(.parts([part], isNegated: false, foldsCase: flags.foldsCase)) }
    let value = try scalarEscape(start)
    if !flags.isUnicode, value >= 0x80, value <= 0xFF { return .byte(UInt8(value)) }
    return .scalar(value, foldsCase: flags.foldsCase)
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
      if take("^") { isNegated.toggle() }
      while let scalar = current, scalar != 0x7D {
        name.unicodeScalars.append(Unicode.Scalar(scalar) ?? " ")
        position += 1
      }
      guard take("}") else { throw error("the name of a class is not closed", at: start) }
    } else {
      name.unicodeScalars.append(Unicode.Scalar(try next()) ?? " ")
    }
    if let bang = name.firstRange(of: "!=") {
      isNegated.toggle()
      name = name[..<bang.lowerBound] + "=" + name[bang.upperBound...]
    }
    guard let known = UnicodeProperty.pcreName(of: name) else {
      throw error("no Unicode class is called \(name)", at: start)
    }
    return .property(known, isNegated: isNegated)
  }

  /// A character that is written with a backslash, which has been read.
  mutating func scalarEscape(_ start: Int) throws(PatternError) -> UInt32 {
    let scalar = try next()
    switch Character(Unicode.Scalar(scalar) ?? " ") {
    case "a": return 7
    case "f": return 12
    case "t": return 9
    case "n": return 10
    case "r": return 13
    case "v": return 11
    case "x": return try hexadecimal(2, start)
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
