import Kernels

/// The n-grams of one file, for the builder of a segment.
package struct FileGrams: Sendable, Hashable {
  /// As `GramKernels.gaps` has them.
  let gaps: [UInt8]
  /// Whether they say nothing of what a search may find in the file, which is then always a candidate.
  let isUnbounded: Bool

  /// Of the file's own bytes, as a pattern search reads them, not of the text that is made of them: that of a notebook
  /// lacks what is not in its cells. A file in UTF-16, or with zeros in it, holds other bytes than its text and is left
  /// unbounded. About two nanoseconds for each byte.
  package init(of content: Span<UInt8>) {
    isUnbounded = Self.isWide(content) || GramKernels.holdsNull(content)
    gaps = isUnbounded ? [] : GramKernels.gaps(of: content, GramAlphabet.table)
  }

  /// Whether it begins as UTF-16 does that says so.
  private static func isWide(_ content: Span<UInt8>) -> Bool {
    content.count >= 2
      && (content[0] == 0xFF && content[1] == 0xFE || content[0] == 0xFE && content[1] == 0xFF)
  }
}

// MARK: Kept outside of segments

extension FileGrams {
  /// For who keeps them of a file that no segment has: the numbers of the grams, ascending, each less the one before
  /// and less 1 (the first as it is), in groups of 7 bits; nil where they say nothing. They mean something to programs
  /// of one `layoutVersion` alone.
  package var kept: [UInt8]? { isUnbounded ? nil : gaps }
  package static let layoutVersion = GramWriter.layoutVersion

  /// Whether a file with the grams `kept` may hold what `query` says.
  package static func mayHold(_ query: GramQuery, kept: Span<UInt8>) -> Bool {
    switch query {
    case .everything: return true
    case .nothing: return false
    case .literal(let bytes): return holdsAll(GramAlphabet.grams(of: bytes), kept)
    case .and(let parts): return parts.allSatisfy { mayHold($0, kept: kept) }
    case .or(let parts): return parts.contains { mayHold($0, kept: kept) }
    }
  }

  /// Whether all of `wanted`, which ascend, are among the grams; true where these make no sense.
  private static func holdsAll(_ wanted: [Int], _ kept: Span<UInt8>) -> Bool {
    var cursor = ByteCursor(kept, at: 0)
    var gram = -1
    for number in wanted {
      while gram < number {
        if cursor.isAtEnd { return false }
        gram += cursor.varint() + 1
        if cursor.isDamaged { return true }
      }
      if gram != number { return false }
    }
    return true
  }
}
