/// A weighted term frequency in 4 bits. BM25 saturates: above a few occurrences, coarse steps change no ranking.
enum FrequencyCode {
  private static let frequencies: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 28, 40, 80, 255]
  static let count = 16

  /// By frequency.
  private static let codes: [UInt8] = (0...255).map { frequency in
    UInt8(max(0, (frequencies.firstIndex { $0 > frequency } ?? count) - 1))
  }

  /// The code of the largest step that is not above `frequency`, which is at least 1.
  static func code(of frequency: UInt8) -> UInt8 { codes[Int(frequency)] }
  static func frequency(of code: UInt8) -> UInt8 { frequencies[Int(code & 15)] }
}
