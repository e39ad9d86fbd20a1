/// What a parse may cost before it is given up and the file is cut by its looks instead.
///
/// All but the last are counts of what the parser does, so the same file meets the same fate on every machine. The clock
/// is for what the counts cannot see, and is generous enough that an honest file never meets it. The figures come from
/// parsing 10,000 real files in ten languages; text made to be hard passes them by orders of magnitude (12 kB of
/// `<a <a <a …` take a gigabyte in C#).
enum ParseLimits {
  static let maximumByteCount = 8_000_000

  /// Brackets open at once. The parser keeps a few hundred bytes for each.
  static let maximumNesting = 10_000

  /// Bytes that the parser may allocate in all, which bounds what it holds at once. A real file takes 10 to 120 times its size.
  static func maximumAllocation(byteCount: Int) -> Int { min(2_000_000 + 200 * byteCount, 96_000_000) }

  /// The text is handed to the parser in blocks of this size, so that reading ahead can be counted.
  static let blockByteCount = 4096

  /// How many blocks may be read in all. Most languages read a block 2 to 20 times, Perl up to 650 times; a scanner that looks
  /// to the end of the file from each byte would read each block thousands of times. Going over a block takes some 20 µs: 0.3 s,
  /// and 3.6 s per MB.
  static func maximumReadCount(byteCount: Int) -> Int { 16_000 + 700 * (byteCount / blockByteCount) }

  static func maximumDuration(byteCount: Int) -> Duration {
    .seconds(5) + .milliseconds(5 * byteCount / 1000)
  }

  /// Processor time after which a parse is left where it is: the other limits are looked at by the parser between two tokens, and
  /// a scanner that does not come back never gets there.
  static func maximumMilliseconds(byteCount: Int) -> UInt32 {
    UInt32(2000 * (maximumDuration(byteCount: byteCount) / .seconds(1)))
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
