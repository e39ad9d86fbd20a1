/// What a parse may cost before it is given up and the file is cut by its looks instead.
///
/// The first two limits count, so that the same file meets the same fate on every machine; the clock is there for what the counting cannot
/// see, and is generous enough that an honest file never meets it.
struct ParseLimits {
  /// A syntax tree takes about 10 to 40 times the memory of its source: larger files are not parsed.
  static let maximumByteCount = 2_000_000

  /// How many times the parser may report its progress, which it does once in 100 steps. An ordinary file takes about
  /// one report for 100 to 300 bytes.
  static func maximumReportCount(byteCount: Int) -> Int { 20_000 + byteCount / 5 }

  static func maximumDuration(byteCount: Int) -> Duration {
    .seconds(10) + .milliseconds(10 * byteCount / 1000)
  }
}
