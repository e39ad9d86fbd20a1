/// What a parse may cost before it is given up and the file is cut by its looks instead.
///
/// All but the last count, so that the same file meets the same fate on every machine; the clock is there for what counting cannot see,
/// and is generous enough that an honest file never meets it. The figures come from parsing 10,000 real files: the parser
/// reports its progress once in 100 steps, which is once in 60 to 1,500 bytes (37 at worst), and its tree and stacks take
/// 3 to 5 kB for each report. Hostile text was seen to take up to 15 kB for each.
enum ParseLimits {
  static let maximumByteCount = 8_000_000

  /// Reports of progress in one parse: some 50 MB of memory for ordinary text, 180 MB for the worst that was found.
  static let maximumReportCount = 12_000

  /// How many reports the parser may have made when it is at `offset`: text that takes many steps a byte is beyond it.
  static func maximumReportCount(at offset: Int) -> Int { min(maximumReportCount, 400 + offset / 20) }

  /// Brackets open at once. The parser keeps a few hundred bytes for each.
  static let maximumNesting = 10_000

  static func maximumDuration(byteCount: Int) -> Duration {
    .seconds(5) + .milliseconds(5 * byteCount / 1000)
  }

  /// Whether brackets of any kind are nested deeper than the parser should see. About 1 GB/s.
  static func isNestedTooDeeply(_ source: Span<UInt8>) -> Bool {
    if source.count <= maximumNesting { return false }
    var depth = 0
    for index in source.indices {
      switch source[index] {
      case 0x28, 0x5B, 0x7B:
        depth += 1
        if depth > maximumNesting { return true }
      case 0x29, 0x5D, 0x7D:
        if depth > 0 { depth -= 1 }
      default: break
      }
    }
    return false
  }
}
