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
