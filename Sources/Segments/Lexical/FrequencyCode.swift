/// A weighted term frequency in 2 bits. BM25 saturates: a chunk that says a word five times is hardly less about it than
/// one that says it eight times.
enum FrequencyCode {
  /// The least frequency of each step, and what stands for all of the step.
  private static let least: InlineArray<4, UInt8> = [1, 2, 4, 9]
  private static let typical: InlineArray<4, UInt8> = [1, 2, 5, 14]
  static let count = 4
  /// The bits of a code.
  static let mask: UInt8 = 3

  /// The code of the step that `frequency`, which is at least 1, falls in.
  static func code(of frequency: UInt8) -> UInt8 {
    frequency < least[1] ? 0 : frequency < least[2] ? 1 : frequency < least[3] ? 2 : 3
  }
  static func frequency(of code: UInt8) -> UInt8 { typical[Int(code & mask)] }
}
