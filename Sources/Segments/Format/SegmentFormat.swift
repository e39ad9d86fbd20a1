/// What all writers and readers of segments agree on. `Docs/FORMAT.md` describes the whole.
package enum SegmentFormat {
  static let magic = Array("CAIRNSEG".utf8)

  /// Whether a segment can be read: the one version there is.
  package static let formatVersion: UInt32 = 1

  /// Whether a segment should be rebuilt: raised when a builder would put something else in from the same input, with
  /// the reason kept here.
  ///
  /// 1. The first.
  package static let contentVersion: UInt32 = 1

  /// The sections, in the order in which they lie in the file. Never give a number a second meaning.
  enum Section: UInt32, CaseIterable {
    /// Places, symbols and hashes of chunks (`ChunkTableWriter`).
    case chunks = 1
    /// Paths, sorted (`SortedStringsWriter`).
    case paths = 2
    /// Languages, hashes and first chunks of files (`FileTableWriter`).
    case files = 3
    /// One byte a chunk: its length in words (`LengthCode`).
    case lengths = 4
    /// Terms and their posting lists (`TermDictionaryWriter`).
    case terms = 5
    /// Where the blocks of terms begin (`TermDictionaryWriter`).
    case termIndex = 6
    /// Rows of 8-bit components (`VectorTable`).
    case vectors = 7
    /// One float a row.
    case scales = 8
    /// One bit a component (`VectorTable`).
    case sketches = 9
    /// Counts of everything (`SegmentCounts`). Its checksum is checked when a segment is opened.
    case counts = 10
  }

  /// Chunk numbers and offsets are 32 bits, and this is far below it.
  static let maximumChunkCount = 1 << 28
}
