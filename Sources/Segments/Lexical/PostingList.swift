/// Where a posting list lies.
struct PostingList: Hashable {
  /// The number of its postings.
  var count: Int
  /// Its bytes in the section of terms; empty for a list of one posting that is in the dictionary.
  var range: Range<Int>
  /// The posting of a list that is in the dictionary.
  var onlyChunk: UInt32 = 0
  var onlyCode: UInt8 = 0

  init(count: Int, range: Range<Int>) {
    self.count = count
    self.range = range
  }
  init(onlyChunk: UInt32, code: UInt8) {
    count = 1
    range = 0..<0
    self.onlyChunk = onlyChunk
    onlyCode = code
  }
  var isInDictionary: Bool { range.isEmpty }

  /// Calls `body` with each posting of a list outside of the dictionary that has fewer than a block: cheaper than a
  /// cursor, for who reads every list. Returns how many there were, which are fewer than `count` where the bytes are
  /// damaged.
  @inline(__always)
  func forEachOfShort(in bytes: Span<UInt8>, _ body: (_ chunk: UInt32, _ code: UInt8) -> Void) -> Int {
    var cursor = ByteCursor(bytes.clamped(range))
    var next = 0
    for number in 0..<count {
      let posting = cursor.varint()
      next += posting >> 2
      if cursor.isDamaged || next >= Int(UInt32.max) { return number }
      body(UInt32(next), UInt8(posting & 3))
      next += 1
    }
    return count
  }
}
