import Primitives

/// What a parse may cost before it is given up and the file is cut by its looks instead.
///
/// All but the last are counts of what the parser does, so the same file meets the same fate on every machine. The
/// clock is for what the counts cannot see. The figures come from parsing 10,000 real files in ten languages; text made
/// to be hard passes them by orders of magnitude (12 kB of `<a <a <a …` take a gigabyte in C#).
enum ParseLimits {
  static let maximumByteCount = 8_000_000

  /// Brackets open at once. The parser keeps a few hundred bytes for each.
  static let maximumNesting = 10_000

  /// Bytes that the parser may allocate in all, which bounds what it holds at once. A real file takes 10 to 120 times
  /// its size.
  static func maximumAllocation(byteCount: Int) -> Int { min(2_000_000 + 200 * byteCount, 96_000_000) }

  /// The text is handed to the parser in blocks of this size.
  static let blockByteCount = 4096

  /// What all parses of one file may take, in the units that `Scripts/mend-grammars` counts: characters that the
  /// scanners went over, how often soever, and steps of the parser. About a quarter of a second, and two for each MB.
  static func maximumWork(byteCount: Int) -> Int { 20_000_000 + 160 * byteCount }

  /// Processor time after which a parse is left where it is: a scanner that does not come back, and reads nothing,
  /// takes no work that is counted. Never met otherwise, on any machine: five times what the work takes, and two
  /// seconds.
  static func maximumMilliseconds(byteCount: Int) -> UInt32 { UInt32(3250 + byteCount / 100) }

  /// Whether brackets of any kind are nested deeper than the parser should see. About 1 GB/s.
  static func isNestedTooDeeply(_ source: Span<UInt8>) -> Bool {
    if source.count <= maximumNesting { return false }
    var depth = 0
    for index in source.indices {
      switch source[index] {
      case .leftParenthesis, .leftBracket, .leftBrace:
        depth += 1
        if depth > maximumNesting { return true }
      case .rightParenthesis, .rightBracket, .rightBrace:
        if depth > 0 { depth -= 1 }
      default: break
      }
    }
    return false
  }
}
