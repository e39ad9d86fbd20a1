/// How many of everything a segment holds.
///
/// | bytes | what |
/// |---|---|
/// | 4 x 4 | u32: files, chunks, dimensions, terms (distinct byte strings) |
/// | 8 | u64: the sum of the chunks' lengths |
struct SegmentCounts: Hashable {
  static let byteCount = 24
  var files = 0
  var chunks = 0
  var dimensions = 0
  var terms = 0
  var totalLength = 0

  init() {}

  init(_ bytes: Span<UInt8>) {
    var cursor = ByteCursor(bytes)
    files = Int(cursor.uint32())
    chunks = Int(cursor.uint32())
    dimensions = Int(cursor.uint32())
    terms = Int(cursor.uint32())
    totalLength = Int(truncatingIfNeeded: cursor.uint64() & (1 << 62 - 1))
  }

  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    for count in [files, chunks, dimensions, terms] { bytes.append(number: UInt32(count)) }
    bytes.append(number: UInt64(totalLength))
    return bytes
  }
}
