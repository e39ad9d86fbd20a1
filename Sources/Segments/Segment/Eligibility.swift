/// Which chunks may be answered: the words of a bit set, or all.
struct Eligibility {
  private let words: [UInt64]?

  /// Chunks beyond the set's capacity are not in it.
  init(_ words: [UInt64]?) { self.words = words }

  @inline(__always)
  func contains(_ chunk: Int) -> Bool {
    guard let words else { return true }
    return chunk >> 6 < words.count && words[chunk >> 6] >> UInt64(chunk & 63) & 1 != 0
  }

  /// False where no chunk of a range that begins at a multiple of 64 may be answered.
  func mayContain(_ range: Range<Int>) -> Bool {
    guard let words else { return true }
    return words[min(range.lowerBound >> 6, words.count)..<min((range.upperBound + 63) >> 6, words.count)].contains {
      $0 != 0
    }
  }

  /// How many chunks may be answered, of `count`.
  func count(of count: Int) -> Int { words.map { $0.reduce(0) { $0 + $1.nonzeroBitCount } } ?? count }
}
