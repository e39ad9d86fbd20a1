/// A regular expression as it was read, with every flag resolved.
indirect enum RegexNode: Hashable, Sendable {
  case empty
  /// A scalar, with small and capital letters alike where `foldsCase`.
  case scalar(UInt32, foldsCase: Bool)
  /// One byte of these, of which some are beyond ASCII and need not be part of UTF-8.
  case bytes(ByteSet)
  case set(ScalarClass)
  case assertion(Assertion)
  /// An assertion about words for which letters beyond ASCII are none.
  case asciiAssertion(Assertion)
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

/// A set of bytes, in ascending order.
struct ByteSet: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<UInt8>] = []

  /// - Parameter members: whether each of the 256 bytes is one.
  init(_ members: [Bool]) {
    for byte in UInt8.min...UInt8.max where members[Int(byte)] {
      if let last = ranges.last, last.upperBound + 1 == byte {
        ranges[ranges.count - 1] = last.lowerBound...byte
      } else {
        ranges.append(byte...byte)
      }
    }
  }

  var count: Int { ranges.reduce(0) { $0 + $1.count } }
  func contains(_ byte: UInt8) -> Bool { ranges.contains { $0.contains(byte) } }
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
    case property(UnicodeProperty, isNegated: Bool)
  }

  enum PerlClass: Hashable, Sendable { case digit, space, word }

  static let anyButNewline = ScalarClass.parts([.range(10, 10)], isNegated: true, foldsCase: false)
  static let any = ScalarClass.parts([.range(0, 0x10FFFF)], isNegated: false, foldsCase: false)
}
