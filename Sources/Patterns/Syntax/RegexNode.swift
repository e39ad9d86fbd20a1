/// A regular expression as it was read, with every flag resolved.
indirect enum RegexNode: Hashable, Sendable {
  case empty
  /// A scalar, with small and capital letters alike where `foldsCase`.
  case scalar(UInt32, foldsCase: Bool)
  /// A byte beyond ASCII that need not be part of UTF-8.
  case byte(UInt8)
  case set(ScalarClass)
  case assertion(Assertion)
  case repetition(RegexNode, atLeast: Int, atMost: Int?, isLazy: Bool)
  case group(RegexNode, isCaptured: Bool, name: String?)
  case sequence([RegexNode])
  case choice([RegexNode])

  enum Assertion: Hashable, Sendable {
    case lineStart, lineEnd
    /// The start and the end of the text, which is a line where matches stay within lines.
    case textStart, textEnd
    case wordBoundary, notWordBoundary, wordStart, wordEnd, wordStartHalf, wordEndHalf
  }
}

/// A set of scalars as it is written in brackets.
indirect enum ScalarClass: Hashable, Sendable {
  /// A union of parts, or all that is in none of them.
  case parts([Part], isNegated: Bool, foldsCase: Bool)
  case union([ScalarClass], isNegated: Bool)
  case intersection(ScalarClass, ScalarClass)
  case difference(ScalarClass, ScalarClass)
  case symmetricDifference(ScalarClass, ScalarClass)

  enum Part: Hashable, Sendable {
    case range(UInt32, UInt32)
    /// `\d`, `\s`, `\w`; of ASCII alone where Unicode is off.
    case perl(PerlClass, isNegated: Bool, isUnicode: Bool)
    /// A property as PCRE2 names it.
    case property(String, isNegated: Bool)
  }

  enum PerlClass: Hashable, Sendable { case digit, space, word }

  static let anyButNewline = ScalarClass.parts([.range(10, 10)], isNegated: true, foldsCase: false)
  static let any = ScalarClass.parts([.range(0, 0x10FFFF)], isNegated: false, foldsCase: false)
}
