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
  private(set) var output: [UInt8] = []
  private var blocks: [UInt8] = []
  private var count = 0
  private var taken = 0
  private var previous = 0
  private var entries: [UInt8] = []
  private var lists: [UInt8] = []

  init(fileCount: Int) { self.fileCount = fileCount }

  /// Adds a gram, above the one added last, with the files that have it: ascending, at least one.
  mutating func add(_ gram: Int, files: Span<UInt32>) {
    if count % Self.blockSize == 0 {
      finishBlock()
      blocks.append(number: UInt32(gram))
      blocks.append(number: UInt64(taken + output.count))
    } else {
      entries.append(varint: gram - previous - 1)
    }
    previous = gram
    count += 1
    if files.count == fileCount {
      entries.append(varint: 0)
    } else if files.count == 1 {
      entries.append(varint: 1)
      entries.append(varint: Int(files[0]))
    } else {
      let start = lists.count
      RiceCode.append(files, to: &lists)
      let byteCount = lists.count - start
      if byteCount > Self.bitmapByteCount(of: fileCount) {
        lists.removeLast(byteCount)
        appendBitmap(files)
        entries.append(varint: 2 * files.count)
      } else {
        entries.append(varint: 2 * files.count + 1)
        entries.append(varint: byteCount)
      }
    }
  }

  static func bitmapByteCount(of fileCount: Int) -> Int { (fileCount + 7) / 8 }

  private mutating func appendBitmap(_ files: Span<UInt32>) {
    let start = lists.count
    lists.append(contentsOf: repeatElement(0, count: Self.bitmapByteCount(of: fileCount)))
    for i in files.indices { lists[start + Int(files[i] >> 3)] |= 1 << UInt8(files[i] & 7) }
  }

  private mutating func finishBlock() {
    if entries.isEmpty { return }
    output.append(varint: entries.count)
    output.append(contentsOf: entries)
    output.append(contentsOf: lists)
    entries.removeAll(keepingCapacity: true)
    lists.removeAll(keepingCapacity: true)
  }

  /// The bytes since the last call.
  mutating func take() -> [UInt8] {
    taken += output.count
    defer { output = [] }
    return output
  }

  /// Ends the last block and gives the index. `unbounded`: the files of which the grams say nothing, ascending.
  mutating func finish(unbounded: [UInt32]) -> [UInt8] {
    finishBlock()
    var index: [UInt8] = []
    for number in [Self.layoutVersion, UInt32(fileCount), UInt32(count), UInt32(unbounded.count)] {
      index.append(number: number)
    }
    index += blocks
    var next: UInt32 = 0
    for file in unbounded {
      index.append(varint: Int(file - next))
      next = file + 1
    }
    return index
  }
}
