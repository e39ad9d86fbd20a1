/// What all writers and readers of segments agree on. `Docs/FORMAT.md` describes the whole.
package enum SegmentFormat {
  static let magic = Array("CAIRNSEG".utf8)

  /// Whether a segment can be read. Only the newest is; an index of another one is built again.
  ///
  /// 1. The first: vectors in 8 bits a component with a scale, and a bit a component beside them.
  /// 2. Vectors in 4 bits a component, bit-sliced into planes, of which the sign bits are one.
  /// 3. The checksums of pieces of 64 KiB are kept, so that each is checked when it is first read.
  package static let formatVersion: UInt32 = 3

  /// Whether a segment should be rebuilt: raised when a builder would put something else in from the same input, with
  /// the reason kept here.
  ///
  /// 1. The first.
  package static let contentVersion: UInt32 = 1

  /// The sections. Never give a number a second meaning.
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
    // 7 to 9 were the vectors of version 1.
    /// Counts of everything (`SegmentCounts`). Checked when a segment is opened.
    case counts = 10
    /// The lower three planes of 4-bit components (`VectorTable`).
    case vectors = 11
    /// The sign bits (`VectorTable`).
    case signs = 12
    /// For each n-gram of bytes, the files that have it (`GramWriter`). A segment may lack it.
    case grams = 13
    /// Where the blocks of n-grams begin (`GramWriter`). Beside the one above.
    case gramIndex = 14

    /// Whether every segment has it.
    var isRequired: Bool { self != .grams && self != .gramIndex }

    /// Its index in lists by number.
    var index: Int { Int(rawValue) }
  }

  /// Chunk numbers and offsets are 32 bits, and this is far below it.
  static let maximumChunkCount = 1 << 28
}
