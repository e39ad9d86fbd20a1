/// Reads what `TermDictionaryWriter` wrote.
struct TermDictionary: ~Escapable {
  /// The section of terms: entries and posting lists.
  let bytes: Span<UInt8>
  private let index: Span<UInt8>
  private let count: Int

  @_lifetime(copy bytes, copy index)
  init(_ bytes: Span<UInt8>, index: Span<UInt8>, count: Int) {
    self.bytes = bytes
    self.index = index
    self.count = min(count, index.count / TermDictionaryWriter.indexEntryByteCount * TermDictionaryWriter.blockSize)
  }

  private var blockCount: Int { (count + TermDictionaryWriter.blockSize - 1) / TermDictionaryWriter.blockSize }

  /// Bytes of the entries; the rest of the section is posting lists. Looks at each block once.
  var entriesByteCount: Int {
    (0..<blockCount).reduce(0) { sum, block in
      let offset = index.uint64(at: block * TermDictionaryWriter.indexEntryByteCount + 8)
      let start = Int(min(offset, UInt64(bytes.count)))
      var cursor = ByteCursor(bytes, at: start)
      let byteCount = cursor.varint()
      return sum + min(cursor.offset - start + byteCount, bytes.count - start)
    }
  }

  /// A place in the dictionary, at one of its strings.
  struct Place {
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
  func advance(_ place: inout Place) -> Bool {
    place.number += 1
    if place.number % TermDictionaryWriter.blockSize == 0 {
      guard place.number < count else { return false }
      enterBlock(place.number / TermDictionaryWriter.blockSize, &place)
    }
    return place.number < count && readEntry(&place)
  }

  /// The posting list of a term.
  ///
  /// No string is put together on the way: how many bytes the wanted one shares with the string before says, with the bytes that
  /// the next one shares with it, where the wanted one can still be.
  func list(of term: Term) -> PostingList? {
    let wanted = term.bytes.span
    guard let block = block(of: wanted) else { return nil }
    var place = Place()
    place.number = block * TermDictionaryWriter.blockSize
    enterBlock(block, &place)
    var matched = 0
    while place.number < min(count, (block + 1) * TermDictionaryWriter.blockSize) {
      var cursor = ByteCursor(bytes.extracting(0..<place.entriesEnd), at: place.entry)
      let (shared, rest) = FrontCoding.readCounts(&cursor)
      // It leaves the string before where that was still the wanted one, and so comes after it.
      if shared < matched { return nil }
      var isFound = false
      if shared == matched {
        let start = cursor.offset
        cursor.skip(rest)
        if cursor.isDamaged { return nil }
        let limit = min(rest, wanted.count - matched)
        var same = 0
        while same < limit, bytes[start + same] == wanted[matched + same] { same += 1 }
        if same == rest {
          isFound = matched + rest == wanted.count
        } else if same == limit || bytes[start + same] > wanted[matched + same] {
          return nil
        }
        matched += same
      } else {
        cursor.skip(rest)
      }
      readLists(&cursor, &place)
      if cursor.isDamaged { return nil }
      if isFound { return place.list(of: term.field) }
      place.entry = cursor.offset
      place.number += 1
    }
    return nil
  }

  /// The first string that does not sort before `string`.
  func place(atOrAfter string: [UInt8]) -> Place? {
    let wanted = string.span
    guard let block = block(of: wanted) else { return nil }
    var place = Place()
    place.number = block * TermDictionaryWriter.blockSize - 1
    while advance(&place) {
      if place.string.span.compare(wanted) >= 0 { return place }
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
      let isAfter = middleKey == key ? firstString(of: middle).span.compare(wanted) > 0 : middleKey > key
      if isAfter { high = middle } else { low = middle }
    }
    return low
  }

  private func firstString(of block: Int) -> [UInt8] {
    var place = Place()
    place.number = block * TermDictionaryWriter.blockSize - 1
    return advance(&place) ? place.string : []
  }

  private func enterBlock(_ block: Int, _ place: inout Place) {
    let offset = index.uint64(at: block * TermDictionaryWriter.indexEntryByteCount + 8)
    var cursor = ByteCursor(bytes, at: Int(min(offset, UInt64(bytes.count))))
    let entriesByteCount = cursor.varint()
    place.entry = cursor.offset
    place.entriesEnd = min(bytes.count, cursor.offset + entriesByteCount)
    place.list = place.entriesEnd
    place.string.removeAll(keepingCapacity: true)
  }

  private func readEntry(_ place: inout Place) -> Bool {
    var cursor = ByteCursor(bytes.extracting(0..<place.entriesEnd), at: place.entry)
    FrontCoding.read(&cursor, into: &place.string)
    readLists(&cursor, &place)
    place.entry = cursor.offset
    return !cursor.isDamaged
  }

  /// Reads what follows a string: where its lists lie.
  private func readLists(_ cursor: inout ByteCursor, _ place: inout Place) {
    let form = cursor.byte()
    place.words = readList(form & 3, detail: form >> 4, &cursor, &place)
    let definitionForm = form >> 2 & 3
    if definitionForm == TermDictionaryWriter.Form.same {
      place.definitions = place.words.map { PostingList(onlyChunk: $0.onlyChunk, code: 0) }
    } else {
      place.definitions = readList(definitionForm, detail: 0, &cursor, &place)
    }
  }

  /// Where a list that is only a tail ends.
  private func endOfShortList(_ count: Int, at start: Int) -> Int {
    var cursor = ByteCursor(bytes, at: start)
    for _ in 0..<count { _ = cursor.varint() }
    return cursor.offset
  }

  private func readList(_ form: UInt8, detail: UInt8, _ cursor: inout ByteCursor, _ place: inout Place) -> PostingList?
  {
    switch form {
    case TermDictionaryWriter.Form.one:
      return PostingList(onlyChunk: UInt32(truncatingIfNeeded: cursor.varint()), code: detail)
    case TermDictionaryWriter.Form.list:
      let count = detail == 0 ? cursor.varint() : Int(detail)
      let end = detail == 0 ? place.list + cursor.varint() : endOfShortList(count, at: place.list)
      let range = (place.list..<end).clamped(to: 0..<bytes.count)
      place.list = range.upperBound
      return range.isEmpty ? nil : PostingList(count: count, range: range)
    default:
      return nil
    }
  }
}
