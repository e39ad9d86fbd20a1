/// The postings of one term from several sources, under their new numbers.
struct MergedPostings {
  private(set) var run = PostingRun()
  private var last: UInt32?
  private var isAscending = true

  init() {}

  mutating func removeAll() {
    run.removeAll()
    last = nil
    isAscending = true
  }

  /// Adds the postings of `list` whose chunks are not gone.
  mutating func append(_ list: PostingList, of source: Segment, newNumbers: [UInt32]) {
    if list.isInDictionary {
      append(list.onlyChunk, list.onlyCode, newNumbers)
      return
    }
    let terms = source.parts(of: .terms)
    terms.check(list.range)
    let bytes = terms.bytes
    if list.count < PostingWriter.blockSize {
      _ = list.forEachOfShort(in: bytes) { append($0, $1, newNumbers) }
      return
    }
    var block = PostingBlock()
    var cursor = PostingCursor(list, in: bytes, &block)
    while !cursor.isAtEnd {
      cursor.decode(in: bytes, &block)
      for i in 0..<cursor.count { append(block.chunks[i], block.codes[i], newNumbers) }
      cursor.nextBlock(in: bytes, &block)
    }
  }

  private mutating func append(_ chunk: UInt32, _ code: UInt8, _ newNumbers: [UInt32]) {
    guard Int(chunk) < newNumbers.count, newNumbers[Int(chunk)] != MergePlan.gone else { return }
    let number = newNumbers[Int(chunk)]
    if let last, last >= number { isAscending = false }
    last = number
    run.append(number, code: code)
  }

  /// Puts the postings in order. False if a chunk occurs twice, which only damage brings about.
  mutating func finish() -> Bool {
    if isAscending { return true }
    // A number and a code fit in 32 bits: `SegmentFormat.maximumChunkCount`. The runs of the sources make this sort
    // fast.
    var packed: [UInt32] = []
    packed.reserveCapacity(run.count)
    for i in 0..<run.count { packed.append(run.chunks[i] << 4 | UInt32(run.codes[i])) }
    packed.sort()
    run.removeAll()
    var last: UInt32?
    for posting in packed {
      if let last, last >= posting >> 4 { return false }
      last = posting >> 4
      run.append(posting >> 4, code: UInt8(posting & 15))
    }
    return true
  }
}
