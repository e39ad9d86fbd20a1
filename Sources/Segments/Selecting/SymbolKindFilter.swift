package import Chunking
package import Primitives

/// Which chunks pass by the kinds of the symbols they define.
package struct SymbolKindFilter: Hashable, Sendable {
  /// Bits of kinds (`bits`): a chunk passes that has one of `wanted`, where that is not 0, and is not without a symbol
  /// of other kinds than `excluded`.
  package let wanted: UInt64
  package let excluded: UInt64

  /// A chunk passes when it defines a symbol of one of `wanted` (anything, where that is empty) and, unless it defines
  /// nothing at all, a symbol that is of none of `excluded`.
  package init(wanted: Set<Symbol.Kind>, excluded: Set<Symbol.Kind>) {
    self.wanted = wanted.reduce(0) { $0 | Self.bit($1) }
    self.excluded = excluded.reduce(0) { $0 | Self.bit($1) }
  }

  /// The kinds of a chunk's symbols, as `passes(_:)` takes them: a bit for each.
  package static func bits(of kinds: some Sequence<Symbol.Kind>) -> UInt64 { kinds.reduce(0) { $0 | bit($1) } }

  static func bit(_ kind: Symbol.Kind) -> UInt64 { 1 << UInt64(kind.rawValue & 63) }

  /// Whether a symbol of `kind` is one by which a chunk passes.
  package func admits(_ kind: Symbol.Kind) -> Bool {
    let bit = Self.bit(kind)
    return (wanted == 0 || wanted & bit != 0) && excluded & bit == 0
  }

  /// Whether a chunk passes whose symbols are of `kinds`.
  func passes(_ kinds: UInt64) -> Bool {
    (wanted == 0 || kinds & wanted != 0) && (excluded == 0 || kinds == 0 || kinds & ~excluded != 0)
  }
}

/// What a filter says of a segment's chunks, found out a block at a time for those that are asked about, while one
/// query runs. Not thread-safe.
final class KindMemo {
  private let segment: Segment
  private let filter: SymbolKindFilter
  private var isKnown: [UInt64]
  /// 16 bits for each block.
  private var passing: [UInt16]
  /// Bytes of blocks that were not read: blocks that overlap, which is damage, could take any time to read.
  private var restByteCount: Int

  init(_ segment: Segment, _ filter: SymbolKindFilter) {
    self.segment = segment
    self.filter = filter
    let blockCount = (segment.chunkCount + ChunkTableWriter.blockSize - 1) / ChunkTableWriter.blockSize
    isKnown = [UInt64](repeating: 0, count: (blockCount + 63) / 64)
    passing = [UInt16](repeating: 0, count: blockCount)
    restByteCount = segment.chunkTable.recordsByteCount
  }

  func passes(_ chunk: Int) -> Bool {
    let block = chunk / ChunkTableWriter.blockSize
    if isKnown[block >> 6] >> UInt64(block & 63) & 1 == 0 {
      isKnown[block >> 6] |= 1 << UInt64(block & 63)
      let segment = segment
      let table = segment.chunkTable
      restByteCount -= table.records(ofBlock: block).count
      guard restByteCount >= 0 else {
        table.reportContradiction()
        return false
      }
      let kinds = table.symbolKinds(inBlock: block)
      var bits: UInt16 = 0
      for i in kinds.indices where filter.passes(kinds[i]) { bits |= 1 << UInt16(i) }
      passing[block] = bits
    }
    return passing[block] >> UInt16(chunk % ChunkTableWriter.blockSize) & 1 != 0
  }
}

extension Segment {
  /// Whether a chunk of `eligible` (of all, where that is nil) passes (any does, where `filter` is nil). Reads each
  /// block of chunks once at most.
  ///
  /// - Parameter context: when it is over the result is false.
  package func holdsChunk(
    passing filter: SymbolKindFilter?, among eligible: BitSet?, context: SearchContext? = nil
  ) -> Bool {
    guard let filter else { return eligible.map { !$0.isEmpty } ?? (chunkCount > 0) }
    let memo = KindMemo(self, filter)
    for chunk in 0..<chunkCount {
      if chunk & 4095 == 0, let context, context.isOver { return false }
      if eligible?.contains(chunk) ?? true, memo.passes(chunk) { return true }
    }
    return false
  }

  /// Whether the symbols of `chunk` pass: reads its block.
  package func passes(_ filter: SymbolKindFilter, chunk: Int) -> Bool {
    guard chunk >= 0, chunk < chunkCount else { return false }
    let kinds = symbolKinds(inBlock: chunk / ChunkTableWriter.blockSize)
    return filter.passes(kinds[chunk % ChunkTableWriter.blockSize])
  }

  func symbolKinds(inBlock block: Int) -> InlineArray<16, UInt64> {
    let table = chunkTable
    return table.symbolKinds(inBlock: block)
  }
}
