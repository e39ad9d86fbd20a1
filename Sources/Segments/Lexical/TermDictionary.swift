import Primitives

/// Reads what `TermDictionaryWriter` wrote.
struct TermDictionary: ~Escapable {
  /// The section of terms: entries and posting lists. What is read of it is checked here; the lists, by who reads them.
  private let section: CheckedBytes
  private var bytes: Span<UInt8> {
    @_lifetime(copy self) get { section.bytes }
  }
  private let index: Span<UInt8>
  private let count: Int
  /// No varint has more bytes.
  private static let longestVarint = 5

  @_lifetime(copy section, copy index)
  init(_ section: CheckedBytes, index: Span<UInt8>, count: Int) {
    self.section = section
    self.index = index
    self.count = min(count, index.count / TermDictionaryWriter.indexEntryByteCount * TermDictionaryWriter.blockSize)
  }

  private var blockCount: Int { (count + TermDictionaryWriter.blockSize - 1) / TermDictionaryWriter.blockSize }

  /// Bytes of the entries; the rest of the section is posting lists. Reads each block once.
  var entriesByteCount: Int {
    (0..<blockCount).reduce(0) { sum, block in
      let start = start(of: block)
      section.check(start..<start + Self.longestVarint)
      var cursor = ByteCursor(bytes, at: start)
      let byteCount = cursor.varint()
      return sum + min(cursor.offset - start + byteCount, bytes.count - start)
    }
  }

  /// A position in the dictionary, at one of its strings.
  struct Position {
    fileprivate(set) var number = -1
    /// The string.
    fileprivate(set) var string: [UInt8] = []
    fileprivate(set) var words: PostingList?
    fileprivate(set) var definitions: PostingList?
    fileprivate var entry = 0
    fileprivate var entriesEnd = 0
    fileprivate var list = 0

    /// Before the first string.
    init() {}

    func list(of field: Term.Field) -> PostingList? { field == .word ? words : definitions }
  }

  /// Moves to the next string; false at the end.
  func advance(_ position: inout Position) -> Bool {
    position.number += 1
    if position.number % TermDictionaryWriter.blockSize == 0 {
      guard position.number < count else { return false }
      enterBlock(position.number / TermDictionaryWriter.blockSize, &position)
    }
    return position.number < count && readEntry(&position)
  }

  /// The posting lists of a string, one for each field.
  ///
  /// No string is put together on the way: how many bytes the wanted one shares with the string before says, with the
  /// bytes that the next one shares with it, where the wanted one can still be. Nor are the lists of others read,
  /// but for the ends of short ones before a long one.
  func lists(of string: [UInt8]) -> (words: PostingList?, definitions: PostingList?) {
    let wanted = string.span
    guard let block = block(of: wanted) else { return (nil, nil) }
    var position = Position()
    enterBlock(block, &position)
    var cursor = ByteCursor(bytes.extracting(0..<position.entriesEnd), at: position.entry)
    var matched = 0
    // The varints of lists from `position.list` on that were not skipped yet.
    var pendingCount = 0
    for _ in 0..<min(TermDictionaryWriter.blockSize, count - block * TermDictionaryWriter.blockSize) {
      let (shared, rest) = FrontCoding.readCounts(&cursor)
      // It leaves the string before where that was still the wanted one, and so comes after it.
      if shared < matched { break }
      let start = cursor.offset
      cursor.skip(rest)
      if cursor.isDamaged {
        section.reportContradiction()
        break
      }
      if shared == matched {
        let limit = min(rest, wanted.count - matched)
        var same = 0
        while same < limit, bytes[start + same] == wanted[matched + same] { same += 1 }
        if same == rest {
          if matched + rest == wanted.count {
            position.list = endOfVarints(pendingCount, at: position.list)
            readLists(&cursor, &position)
            return cursor.isDamaged ? (nil, nil) : (position.words, position.definitions)
          }
        } else if same == limit || bytes[start + same] > wanted[matched + same] {
          break
        }
        matched += same
      }
      let form = cursor.byte()
      passList(form & 3, count: Int(form >> 4), &cursor, &position.list, &pendingCount)
      passList(form >> 2 & 3, count: 0, &cursor, &position.list, &pendingCount)
    }
    return (nil, nil)
  }

  /// Passes over what an entry says of a list; `count` is that of a short one.
  @inline(__always)
  private func passList(
    _ form: UInt8, count: Int, _ cursor: inout ByteCursor, _ list: inout Int, _ pendingCount: inout Int
  ) {
    if form == TermDictionaryWriter.Form.one {
      _ = cursor.varint()
    } else if form == TermDictionaryWriter.Form.list {
      if count > 0 {
        pendingCount += count
        return
      }
      _ = cursor.varint()
      list = min(bytes.count, endOfVarints(pendingCount, at: list) + cursor.varint())
      pendingCount = 0
    }
  }

  /// The first string that does not sort before `string`.
  func position(atOrAfter string: [UInt8]) -> Position? {
    let wanted = string.span
    guard let block = block(of: wanted) else { return nil }
    var position = Position()
    position.number = block * TermDictionaryWriter.blockSize - 1
    while advance(&position) {
      if position.string.span.compare(wanted) >= 0 { return position }
    }
    return nil
  }

  /// The last block whose first string is not after `wanted`, or the first block.
  private func block(of wanted: Span<UInt8>) -> Int? {
    let key = TermDictionaryWriter.key(wanted)
    var low = 0
    var high = blockCount
    if high == 0 { return nil }
    while high - low > 1 {
      let middle = (low + high) / 2
      let middleKey = index.uint64(at: middle * TermDictionaryWriter.indexEntryByteCount)
      let isAfter = middleKey == key ? isFirstString(of: middle, after: wanted) : middleKey > key
      if isAfter { high = middle } else { low = middle }
    }
    return low
  }

  private func isFirstString(of block: Int, after wanted: Span<UInt8>) -> Bool {
    let blockStart = start(of: block)
    section.check(blockStart..<blockStart + 1 + 3 * Self.longestVarint)
    var cursor = ByteCursor(bytes, at: blockStart)
    _ = cursor.varint()
    let (_, count) = FrontCoding.readCounts(&cursor)
    let start = cursor.offset
    cursor.skip(count)
    section.check(start..<cursor.offset)
    return bytes.extracting(start..<cursor.offset).compare(wanted) > 0
  }

  private func start(of block: Int) -> Int {
    let offset = index.uint64(at: block * TermDictionaryWriter.indexEntryByteCount + 8)
    return Int(min(offset, UInt64(bytes.count)))
  }

  private func enterBlock(_ block: Int, _ position: inout Position) {
    let start = start(of: block)
    section.check(start..<start + Self.longestVarint)
    var cursor = ByteCursor(bytes, at: start)
    let entriesByteCount = cursor.varint()
    position.entry = cursor.offset
    position.entriesEnd = min(bytes.count, cursor.offset + entriesByteCount)
    section.check(position.entry..<position.entriesEnd)
    position.list = position.entriesEnd
    position.string.removeAll(keepingCapacity: true)
  }

  private func readEntry(_ position: inout Position) -> Bool {
    var cursor = ByteCursor(bytes.extracting(0..<position.entriesEnd), at: position.entry)
    FrontCoding.read(&cursor, limit: StoredLimits.termByteCount, into: &position.string)
    readLists(&cursor, &position)
    position.entry = cursor.offset
    if cursor.isDamaged { section.reportContradiction() }
    return !cursor.isDamaged
  }

  /// Reads what follows a string: where its lists lie.
  private func readLists(_ cursor: inout ByteCursor, _ position: inout Position) {
    let form = cursor.byte()
    position.words = readList(form & 3, detail: form >> 4, &cursor, &position)
    let definitionForm = form >> 2 & 3
    if definitionForm == TermDictionaryWriter.Form.same {
      position.definitions = position.words.map { PostingList(onlyChunk: $0.onlyChunk, code: 0) }
    } else {
      position.definitions = readList(definitionForm, detail: 0, &cursor, &position)
    }
  }

  /// Where `count` varints end that begin at `start`: eight bytes at a time are searched for their last ones.
  private func endOfVarints(_ count: Int, at start: Int) -> Int {
    if count <= 0 { return start }
    var rest = count
    var offset = start
    // Eight bytes are read from where the last one may begin.
    let limit = min(bytes.count, start + Self.longestVarint * count + 8)
    section.check(start..<limit)
    while rest > 0, offset + 8 <= limit {
      var ends = ~bytes.uint64(at: offset) & 0x8080_8080_8080_8080
      let endCount = Int(((ends >> 7) &* 0x0101_0101_0101_0101) >> 56)
      if endCount >= rest {
        for _ in 1..<rest { ends &= ends - 1 }
        return offset + (ends.trailingZeroBitCount >> 3) + 1
      }
      rest -= endCount
      offset += 8
    }
    while rest > 0, offset < limit {
      if bytes[offset] < 0x80 { rest -= 1 }
      offset += 1
    }
    return offset
  }

  private func readList(_ form: UInt8, detail: UInt8, _ cursor: inout ByteCursor, _ position: inout Position)
    -> PostingList?
  {
    switch form {
    case TermDictionaryWriter.Form.one:
      return PostingList(onlyChunk: UInt32(truncatingIfNeeded: cursor.varint()), code: detail)
    case TermDictionaryWriter.Form.list:
      let count = detail == 0 ? cursor.varint() : Int(detail)
      let end = detail == 0 ? position.list + cursor.varint() : endOfVarints(count, at: position.list)
      let range = (position.list..<end).clamped(to: 0..<bytes.count)
      position.list = range.upperBound
      return range.isEmpty ? nil : PostingList(count: count, range: range)
    default:
      return nil
    }
  }
}
