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

/// The length of a chunk in 8 bits: exact below 32, then 16 steps for each doubling (at most 6 % off).
enum LengthCode {
  static func code(of length: Int) -> UInt8 {
    if length < 32 { return UInt8(max(0, length)) }
    let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount - 4
    let code = 32 + (exponent - 1) * 16 + (length >> exponent) - 16
    return UInt8(min(code, 255))
  }

  /// The smallest length with this code.
  static func length(of code: UInt8) -> Int {
    if code < 32 { return Int(code) }
    let exponent = (Int(code) - 32) / 16 + 1
    return (16 + (Int(code) - 32) % 16) << exponent
  }
}
