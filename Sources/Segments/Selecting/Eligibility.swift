/// Which chunks pass the filters (a candidate mask): the words of a bit set, or all; of these the ones whose symbols
/// pass.
struct Eligibility {
  private let words: [UInt64]?
  private let kinds: KindMemo?

  /// Chunks beyond the set's capacity are not in it.
  init(_ words: [UInt64]?, kinds: KindMemo? = nil) {
    self.words = words
    self.kinds = kinds
  }

  /// Whether the symbols of a chunk that is contained pass. To be asked last: it may read a block of chunks.
  @inline(__always)
  func passesKinds(_ chunk: Int) -> Bool { kinds?.passes(chunk) ?? true }

  /// Whether a chunk is one of the set, whatever its symbols are.
  @inline(__always)
  func contains(_ chunk: Int) -> Bool {
    guard let words else { return true }
    return chunk >> 6 < words.count && words[chunk >> 6] >> UInt64(chunk & 63) & 1 != 0
  }

  /// False if no chunk of a range that begins at a multiple of 64 passes the filters.
  func mayContain(_ range: Range<Int>) -> Bool {
    guard let words else { return true }
    return words[min(range.lowerBound >> 6, words.count)..<min((range.upperBound + 63) >> 6, words.count)].contains {
      $0 != 0
    }
  }

  /// How many of `count` chunks pass the filters.
  func count(of count: Int) -> Int { words.map { $0.reduce(0) { $0 + $1.nonzeroBitCount } } ?? count }
}
