import Chunking
import Primitives

/// Holds the posting lists of a segment against the text that its chunks are of: checksums only say that the bytes are
/// those that were written.
///
/// Everything that a chunk has in the lists is summed into one number (a multiset hash), in one pass over the
/// dictionary; the same sum over the terms of its text says whether a posting is missing, is too many, or has another
/// frequency, in both directions at once. The chunk's length, and the block-max metadata, by which a search skips
/// blocks, are part of it.
///
/// Made once for a segment: about the time of reading its dictionary and lists, and 8 bytes for each chunk. Immutable.
package struct PostingComparison: Sendable {
  private let segment: Segment
  private let sums: [UInt64]
  /// Whether no posting has a larger frequency, or is of a shorter chunk, than its block's metadata promises.
  package let isWithinBounds: Bool

  /// What comparing a file came to.
  package enum Finding: Hashable, Sendable {
    case equal
    /// The chunk's lines have other terms than the lists have, or are not what was stored.
    case differs(lines: ClosedRange<Int>)
  }

  /// Reads every posting list of `segment`, which was opened and may be damaged: see `Segment.damage` after.
  package init(of segment: Segment) {
    self.segment = segment
    let lengths = segment.bytes(of: .lengths)
    var sums = [UInt64](repeating: 0, count: segment.chunkCount)
    for chunk in sums.indices where chunk < lengths.count { sums[chunk] = Self.mixed(UInt64(lengths[chunk])) }
    let terms = segment.parts(of: .terms)
    terms.check(0..<terms.count)
    let bytes = terms.bytes
    let dictionary = segment.dictionary
    var position = TermDictionary.Position()
    var block = PostingBlock()
    var isWithinBounds = true
    while dictionary.advance(&position) {
      for field in [Term.Field.word, .definition] {
        guard let list = position.list(of: field) else { continue }
        let addends = Self.addends(position.string.span, field)
        var cursor = PostingCursor(list, in: bytes, &block)
        while !cursor.isAtEnd {
          cursor.decode(in: bytes, &block)
          let bound = cursor.blockBound(in: bytes)
          for i in 0..<cursor.count {
            let chunk = Int(block.chunks[i])
            // A damaged list may name chunks that there are not.
            guard chunk < sums.count, chunk < lengths.count else { continue }
            let code = block.codes[i] & FrequencyCode.mask
            sums[chunk] &+= addends[Int(code)]
            if code > bound.code || lengths[chunk] < bound.length { isWithinBounds = false }
          }
          cursor.nextBlock(in: bytes, &block)
        }
      }
    }
    self.sums = sums
    self.isWithinBounds = isWithinBounds
  }

  /// Compares the file `number` with its `text`, the one that it was cut from: the first chunk that differs. Chunks
  /// with more names than a segment stores are left out. Takes the time of analysing the text.
  package func compare(file number: Int, with text: Span<UInt8>, _ analyzer: Analyzer) -> Finding {
    let file = segment.file(number)
    let stored = file.chunks.map { segment.chunk($0) }
    for chunk in stored {
      guard chunk.chunk.bytes.upperBound <= text.count,
        ChunkHash(of: text.extracting(chunk.chunk.bytes)) == chunk.contentHash
      else { return .differs(lines: chunk.chunk.lines) }
    }
    let parts = analyzer.parts(of: stored.map(\.chunk), in: text, path: file.path)
    let expected = Self.sums(of: parts)
    guard expected.count == stored.count else { return .differs(lines: stored.first?.chunk.lines ?? 1...1) }
    for (i, chunk) in stored.enumerated()
    where expected[i] != sums[file.chunks.lowerBound + i] && !Self.mayLackNames(chunk.chunk) {
      return .differs(lines: chunk.chunk.lines)
    }
    return .equal
  }

  /// Whether a chunk may have had more names than are stored of it, or longer ones.
  private static func mayLackNames(_ chunk: Chunk) -> Bool {
    var byteCount = 0
    var names = chunk.symbols
    if let context = chunk.context { names.append(context) }
    for symbol in names {
      let enclosing = symbol.enclosing.reduce(0) { $0 + $1.utf8.count }
      byteCount += symbol.name.utf8.count + enclosing
      let longest = max(symbol.name.utf8.count, symbol.enclosing.map(\.utf8.count).max() ?? 0)
      // A name that was cut is at most three bytes shorter than the limit.
      if longest > StoredLimits.nameByteCount - 4 || symbol.enclosing.count >= StoredLimits.enclosingCount
        || enclosing > StoredLimits.enclosingByteCount - StoredLimits.nameByteCount
      {
        return true
      }
    }
    return chunk.symbols.count >= StoredLimits.symbolsOfChunk || byteCount > StoredLimits.textByteCountOfChunk / 2
  }

  // MARK: Sums

  /// By chunk: the sum of what a builder makes of `parts`, those of a file.
  private static func sums(of parts: [FileTerms]) -> [UInt64] {
    var sums: [UInt64] = []
    var lengths: [Int] = []
    /// The terms of the last chunk, where it is in several parts: the first frequency stays.
    var ofLongChunk: Set<Term> = []
    for (number, part) in parts.enumerated() {
      if !part.continuesChunk { ofLongChunk = [] }
      let isLong = part.continuesChunk || (number + 1 < parts.count && parts[number + 1].continuesChunk)
      let first = part.continuesChunk ? sums.count - 1 : sums.count
      lengths += part.lengths
      sums += part.lengths.map { _ in 0 }
      var start = 0
      for entry in part.entries {
        let postings = part.postings[start..<Int(entry.postingsEnd)]
        start = Int(entry.postingsEnd)
        let string = Array(part.bytes[Int(entry.start)..<Int(entry.start) + Int(entry.byteCount)])
        if isLong, !ofLongChunk.insert(Term(field: entry.field, bytes: string)).inserted { continue }
        let addends = addends(string.span, entry.field)
        for posting in postings {
          let code = FrequencyCode.code(of: UInt8(truncatingIfNeeded: posting))
          sums[first + Int(posting >> FileTerms.frequencyBits)] &+= addends[Int(code)]
        }
      }
    }
    for chunk in sums.indices { sums[chunk] &+= mixed(UInt64(LengthCode.code(of: lengths[chunk]))) }
    return sums
  }

  /// What a posting of a term adds to its chunk's sum, by the code of its frequency.
  private static func addends(_ string: Span<UInt8>, _ field: Term.Field) -> InlineArray<4, UInt64> {
    let hash = checksum(string)
    return InlineArray { code in mixed(hash ^ UInt64(field.rawValue) << 56 ^ UInt64(code) << 48) }
  }

  /// The finaliser of SplitMix64: numbers that differ in a bit differ in half of them.
  private static func mixed(_ number: UInt64) -> UInt64 {
    var z = number &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
