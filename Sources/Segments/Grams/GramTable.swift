import Primitives

/// What one gram has in the section of lists.
struct GramEntry {
  enum Form { case everywhere, one, bitmap, rice }
  var form: Form
  /// How many files have it.
  var count: Int
  /// The file of `one`.
  var file = 0
  /// Its list, in the section.
  var list: Range<Int> = 0..<0

  /// Calls `body` with the numbers of the files, ascending and all below `fileCount`. False, after some of them
  /// perhaps, if the list is not what its entry says.
  @inline(__always)
  func forEachFile(_ fileCount: Int, in lists: Span<UInt8>, _ body: (UInt32) -> Void) -> Bool {
    switch form {
    case .everywhere:
      for file in 0..<fileCount { body(UInt32(truncatingIfNeeded: file)) }
      return true
    case .one:
      if file >= fileCount { return false }
      body(UInt32(truncatingIfNeeded: file))
      return true
    case .bitmap:
      let bytes = lists.extracting(list)
      var found = 0
      for i in bytes.indices {
        var rest = bytes[i]
        while rest != 0 {
          let file = i << 3 + rest.trailingZeroBitCount
          rest &= rest - 1
          if file >= fileCount { return false }
          body(UInt32(truncatingIfNeeded: file))
          found += 1
        }
      }
      return found == count
    case .rice: return RiceCode.forEach(count, below: fileCount, in: lists.extracting(list), body)
    }
  }
}

/// Reads what `GramWriter` wrote. Damage gives nil, never another file than there is.
struct GramTable: ~Escapable {
  let lists: Span<UInt8>
  private let index: Span<UInt8>
  let fileCount: Int
  /// Grams that some file has.
  let count: Int
  let unboundedCount: Int
  private let layoutVersion: UInt32

  @_lifetime(copy lists, copy index)
  init(lists: Span<UInt8>, index: Span<UInt8>) {
    self.lists = lists
    self.index = index
    layoutVersion = index.uint32(at: 0)
    fileCount = Int(index.uint32(at: 4))
    count = Int(index.uint32(at: 8))
    unboundedCount = Int(index.uint32(at: 12))
  }

  /// Whether it has the layout of this program.
  var isReadable: Bool { layoutVersion == GramWriter.layoutVersion }
  /// Whether its counts fit to its bytes and to a segment of `fileCount` files.
  func fits(_ fileCount: Int) -> Bool {
    self.fileCount == fileCount && count <= GramAlphabet.gramCount && unboundedCount <= fileCount
      && unboundedStart + unboundedCount <= index.count
  }

  var blockCount: Int { (count + GramWriter.blockSize - 1) / GramWriter.blockSize }
  private var unboundedStart: Int { GramWriter.headByteCount + blockCount * GramWriter.indexEntryByteCount }

  func firstGram(ofBlock block: Int) -> Int {
    Int(index.uint32(at: GramWriter.headByteCount + block * GramWriter.indexEntryByteCount))
  }

  /// The bytes of a block; nil where the index makes no sense.
  func range(ofBlock block: Int) -> Range<Int>? {
    let start = self.start(ofBlock: block)
    let end = block + 1 < blockCount ? self.start(ofBlock: block + 1) : lists.count
    return start < end && end <= lists.count ? start..<end : nil
  }

  private func start(ofBlock block: Int) -> Int {
    let number = index.uint64(at: GramWriter.headByteCount + block * GramWriter.indexEntryByteCount + 4)
    return Int(truncatingIfNeeded: min(number, UInt64(Int.max)))
  }

  /// The block that `gram` would be in; nil if it is before all of them.
  func block(of gram: Int) -> Int? {
    var low = 0
    var high = blockCount
    while low < high {
      let middle = (low + high) / 2
      if firstGram(ofBlock: middle) <= gram { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  /// The files of which the grams say nothing.
  func unbounded() -> BitSet? {
    var files = BitSet(capacity: fileCount)
    var cursor = ByteCursor(index, at: unboundedStart)
    var next = 0
    for _ in 0..<unboundedCount {
      next += cursor.varint()
      if cursor.isDamaged || next >= fileCount { return nil }
      files.insert(next)
      next += 1
    }
    return cursor.isAtEnd ? files : nil
  }

  /// Calls `body` with the grams of a block, ascending, until it says that it has enough. False if the block makes no
  /// sense up to there.
  func forEachEntry(ofBlock block: Int, _ body: (Int, GramEntry) -> Bool) -> Bool {
    guard let range = range(ofBlock: block) else { return false }
    var cursor = ByteCursor(lists.extracting(0..<range.upperBound), at: range.lowerBound)
    let entriesByteCount = cursor.varint()
    var listStart = cursor.offset + entriesByteCount
    guard !cursor.isDamaged, listStart <= range.upperBound else { return false }
    cursor = ByteCursor(lists.extracting(0..<listStart), at: cursor.offset)
    var gram = firstGram(ofBlock: block)
    for i in 0..<min(GramWriter.blockSize, count - block * GramWriter.blockSize) {
      if i > 0 { gram += cursor.varint() + 1 }
      let entry = entry(&cursor, &listStart, end: range.upperBound)
      guard let entry, gram < GramAlphabet.gramCount else { return false }
      if !body(gram, entry) { return true }
    }
    return cursor.isAtEnd && listStart == range.upperBound
  }

  private func entry(_ cursor: inout ByteCursor, _ listStart: inout Int, end: Int) -> GramEntry? {
    let head = cursor.varint()
    var entry: GramEntry
    switch head {
    case 0: entry = GramEntry(form: .everywhere, count: fileCount)
    case 1: entry = GramEntry(form: .one, count: 1, file: cursor.varint())
    default:
      let isRice = head & 1 == 1
      let byteCount = isRice ? cursor.varint() : GramWriter.bitmapByteCount(of: fileCount)
      guard byteCount <= end - listStart, head >> 1 <= fileCount else { return nil }
      entry = GramEntry(
        form: isRice ? .rice : .bitmap, count: head >> 1, list: listStart..<listStart + byteCount)
      listStart += byteCount
    }
    return cursor.isDamaged || entry.form == .one && entry.file >= fileCount ? nil : entry
  }
}
