/// Where a posting list lies.
struct PostingList: Hashable {
  /// The number of its postings.
  var count: Int
  /// Its bytes in the section of terms; empty for a list of one posting that stands in the dictionary.
  var range: Range<Int>
  /// The posting of a list that stands in the dictionary.
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
}
