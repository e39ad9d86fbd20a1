import Kernels

/// Writes the n-grams of a segment: for each gram that some file has, the numbers of the files that have it. Two
/// sections, which a segment may lack: the lists, and the index of their blocks.
///
/// Grams ascend by their numbers (`GramAlphabet`) and are in blocks of 64:
///
/// | bytes of a block | what |
/// |---|---|
/// | varint | the byte count of the entries |
/// | for each gram | varint: its number less the one before it, less 1 (not for the first); varint h; what h asks for |
/// | ... | the lists of its grams, contiguous |
///
/// | h | what |
/// |---|---|
/// | 0 | every file has it |
/// | 1 | one file has it; varint: which one |
/// | 2 n | n files have it: a list as a bitmap, a bit for each file, the lowest first |
/// | 2 n + 1, n > 0 | n files have it: a list as `RiceCode` has it; varint: its byte count |
///
/// | bytes of the index | what |
/// |---|---|
/// | 4 x 4 | u32: layout version (1), files, grams, files of which the grams say nothing |
/// | 12 for each block | u32: its first gram, u64: where it begins |
/// | varint for each of these files | its number less the one before it, less 1 |
struct GramWriter {
  static let layoutVersion: UInt32 = 1
  static let blockSize = 64
  static let headByteCount = 16
  static let indexEntryByteCount = 12

  let fileCount: Int
  /// Bytes to be appended to the section of lists; the caller takes them whenever it likes.
  var output: [UInt8] { blocks.output }
  private var blocks = EntryBlockWriter()
  private var blockIndex: [UInt8] = []
  private var count = 0
  private var previous = 0

  init(fileCount: Int) { self.fileCount = fileCount }

  /// Adds a gram, above the one added last, with the files that have it: ascending, at least one.
  mutating func add(_ gram: Int, files: Span<UInt32>) {
    if count % Self.blockSize == 0 {
      blocks.finishBlock()
      blockIndex.append(number: UInt32(gram))
      blockIndex.append(number: UInt64(blocks.offset))
    } else {
      blocks.entries.append(varint: gram - previous - 1)
    }
    previous = gram
    count += 1
    if files.count == fileCount {
      blocks.entries.append(varint: 0)
    } else if files.count == 1 {
      blocks.entries.append(varint: 1)
      blocks.entries.append(varint: Int(files[0]))
    } else {
      let start = blocks.lists.count
      RiceCode.append(files, to: &blocks.lists)
      let byteCount = blocks.lists.count - start
      if byteCount > Self.bitmapByteCount(of: fileCount) {
        blocks.lists.removeLast(byteCount)
        appendBitmap(files)
        blocks.entries.append(varint: 2 * files.count)
      } else {
        blocks.entries.append(varint: 2 * files.count + 1)
        blocks.entries.append(varint: byteCount)
      }
    }
  }

  static func bitmapByteCount(of fileCount: Int) -> Int { (fileCount + 7) / 8 }

  private mutating func appendBitmap(_ files: Span<UInt32>) {
    let start = blocks.lists.count
    blocks.lists.append(contentsOf: repeatElement(0, count: Self.bitmapByteCount(of: fileCount)))
    for i in files.indices { blocks.lists[start + Int(files[i] >> 3)] |= 1 << UInt8(files[i] & 7) }
  }

  /// The bytes since the last call.
  mutating func take() -> [UInt8] { blocks.take() }

  /// Ends the last block and gives the index. `unbounded`: the files of which the grams say nothing, ascending.
  mutating func finish(unbounded: [UInt32]) -> [UInt8] {
    blocks.finishBlock()
    var index: [UInt8] = []
    for number in [Self.layoutVersion, UInt32(fileCount), UInt32(count), UInt32(unbounded.count)] {
      index.append(number: number)
    }
    index += blockIndex
    var next: UInt32 = 0
    for file in unbounded {
      index.append(varint: Int(file - next))
      next = file + 1
    }
    return index
  }
}
