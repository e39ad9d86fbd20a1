import Primitives

extension PostingList {
  /// A range costs about as much to be looked up in a block as this many postings to be looked at.
  private static let postingsOfRange = 40

  /// How many of its postings are of tombstoned chunks. `block` is room to decode into.
  ///
  /// Either every posting is read, or the cursor goes to one range of tombstoned chunks after the other and passes over
  /// the blocks between them: whichever is less work.
  func tombstonedCount(
    _ tombstoned: TombstonedChunks, in bytes: Span<UInt8>, _ block: inout PostingBlock
  ) -> Int {
    if isInDictionary { return tombstoned.contains(onlyChunk) ? 1 : 0 }
    var count = 0
    if self.count < PostingWriter.blockSize {
      _ = forEachOfShort(in: bytes) { chunk, _ in count += tombstoned.contains(chunk) ? 1 : 0 }
      return count
    }
    var cursor = PostingCursor(self, in: bytes, &block)
    if self.count < tombstoned.ranges.count * Self.postingsOfRange {
      let words = tombstoned.live.words.span
      while !cursor.isAtEnd {
        cursor.decode(in: bytes, &block)
        count += Self.tombstonedCount(in: block.chunks.span.extracting(0..<cursor.count), liveWords: words)
        cursor.nextBlock(in: bytes, &block)
      }
      return count
    }
    for range in tombstoned.ranges {
      cursor.skip(to: range.lowerBound, in: bytes, &block)
      while !cursor.isAtEnd, !cursor.begins(atOrAfter: range.upperBound) {
        count += cursor.count(in: range, bytes, &block)
        if cursor.blockLast >= range.upperBound { break }
        cursor.nextBlock(in: bytes, &block)
      }
      if cursor.isAtEnd { break }
    }
    return count
  }

  /// Chunks that there are not count as live: only damage names them.
  private static func tombstonedCount(in chunks: Span<UInt32>, liveWords: Span<UInt64>) -> Int {
    var liveCount: UInt64 = 0
    for i in chunks.indices {
      let chunk = chunks[i]
      let word = Int(chunk >> 6)
      liveCount &+= word < liveWords.count ? liveWords[word] >> UInt64(chunk & 63) & 1 : 1
    }
    return chunks.count - Int(liveCount)
  }
}
