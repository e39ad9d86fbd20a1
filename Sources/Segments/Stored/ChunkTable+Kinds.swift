import Chunking

extension ChunkTable {
  /// The kinds of the symbols of each chunk of a block, a bit for each (`SymbolKindFilter.bit`). Names are skipped,
  /// which makes it a tenth of the work of reading the chunks.
  func symbolKinds(inBlock block: Int) -> InlineArray<16, UInt64> {
    var kinds: InlineArray<16, UInt64> = .init(repeating: 0)
    let first = block * ChunkTableWriter.blockSize
    guard block >= 0, first < count else { return kinds }
    var cursor = ByteCursor(records(ofBlock: block))
    for i in 0..<min(ChunkTableWriter.blockSize, count - first) {
      let lines = cursor.varint()
      _ = cursor.varint()
      let symbolCount = cursor.varint()
      if lines & 1 != 0 {
        _ = cursor.varint()
        _ = cursor.varint()
      }
      if symbolCount >> 1 > StoredLimits.symbolsOfChunk { cursor.fail() }
      var ofChunk: UInt64 = 0
      for _ in 0..<(symbolCount >> 1) {
        if cursor.isDamaged { break }
        ofChunk |= SymbolKindFilter.bit(Self.skipSymbol(&cursor))
      }
      if symbolCount & 1 != 0 { _ = Self.skipSymbol(&cursor) }
      cursor.skip(4)
      if cursor.isDamaged {
        reportContradiction()
        break
      }
      kinds[i] = ofChunk
    }
    return kinds
  }

  private static func skipSymbol(_ cursor: inout ByteCursor) -> Symbol.Kind {
    let head = cursor.byte()
    let kind = head & 15 == 15 ? cursor.byte() : head & 15
    if head >> 4 & 7 == 7 { _ = cursor.varint() }
    if head & 0x80 != 0 {
      _ = cursor.varint()
      for _ in 0..<cursor.varint() {
        if cursor.isDamaged { break }
        cursor.skip(cursor.varint())
      }
    }
    let counts = cursor.byte()
    var new = Int(counts >> 4)
    if counts & 15 == 15 { _ = cursor.varint() }
    if new == 15 { new += cursor.varint() }
    _ = cursor.varint()
    cursor.skip(new)
    return Symbol.Kind(rawValue: kind) ?? .other
  }
}
