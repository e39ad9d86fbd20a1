import Primitives

/// Takes apart one index file, an entry after the other. Every read is checked; anything that is not as it should be
/// ends in nil.
struct GitIndexParser: ~Escapable {
  /// An entry as it is met.
  struct Entry {
    /// The path, folded where case does not matter.
    var path: [UInt8] = []
    var isRepository = false
    /// Bytes at the beginning of the path that the one before has too, or fewer.
    var sharedByteCount = 0
    /// Where it begins in the file.
    var offset = 0
  }

  /// What git keeps of an entry besides its path. Every number is cut to 32 bits.
  struct Details {
    var changedSeconds: UInt32
    var changedNanoseconds: UInt32
    var modifiedSeconds: UInt32
    var modifiedNanoseconds: UInt32
    var inode: UInt32
    var byteCount: UInt32
    /// A regular file of the work tree whose content git has looked at: no part of a conflict, nothing that was only
    /// promised to be added, taken for unchanged unseen, or left out of a sparse work tree.
    var isPlainFile: Bool
    /// The name of its content.
    var blob: [UInt8]
  }

  /// The rest of a split index: the hexadecimal name of the shared part, and which of its entries are gone.
  struct Link {
    var name: String
    var deleted: BitSet
  }

  private let content: Span<UInt8>
  private let objectIDByteCount: Int
  private let foldsCase: Bool
  private var offset = 0
  private var current = Entry()
  /// Whether the entries are those of a tree that git has written, a commit's as a rule; nil where the file does not
  /// say. Known after `parse`. False once something was added that is not committed.
  private(set) var isOfTree: Bool?

  @_lifetime(copy content)
  init(_ content: Span<UInt8>, objectIDByteCount: Int, foldsCase: Bool) {
    self.content = content
    self.objectIDByteCount = objectIDByteCount
    self.foldsCase = foldsCase
  }

  /// How many entries there are at the most, by the header and by the size of the file.
  var greatestEntryCount: Int { min(number(at: 8) ?? 0, content.count / (42 + objectIDByteCount)) }

  /// Hands each entry to `visit`, which may end it with false. Nothing is kept but the path of one entry.
  ///
  /// - Returns: nil if the content is no index, or `visit` ended it; else the link to the shared part, if there is one.
  mutating func parse(_ visit: (Int, Entry) -> Bool) -> Link?? {
    guard let (version, entryCount) = readHeader() else { return nil }
    for index in 0..<entryCount {
      guard readEntry(version: version), visit(index, current) else { return nil }
    }
    // The extensions lie before the checksum of the whole.
    while offset + 8 <= content.count - objectIDByteCount {
      guard let byteCount = number(at: offset + 4), byteCount <= content.count - objectIDByteCount - offset - 8 else {
        return nil
      }
      // The first record of the cached trees is the whole: an empty path, and the number of its entries, or -1.
      if content.has("TREE", at: offset), byteCount > 1 { isOfTree = content[offset + 9] != UInt8(ascii: "-") }
      if content.has("link", at: offset) {
        guard let link = link(in: (offset + 8)..<(offset + 8 + byteCount)) else { return nil }
        return .some(link)
      }
      offset += 8 + byteCount
    }
    return .some(nil)
  }

  /// Reads the version and the number of entries, and goes to the first of these; nil if the content is no index.
  private mutating func readHeader() -> (version: Int, entryCount: Int)? {
    guard content.has("DIRC", at: 0), let version = number(at: 4), (2...4).contains(version),
      let entryCount = number(at: 8)
    else { return nil }
    offset = 12
    return (version, entryCount)
  }

  /// What the entry that begins at `start`, which was read, says besides its path.
  func details(at start: Int) -> Details? {
    let flagsOffset = start + 40 + objectIDByteCount
    guard flagsOffset + 4 <= content.count, let mode = number(at: start + 24) else { return nil }
    let flags = UInt16(content[flagsOffset]) << 8 | UInt16(content[flagsOffset + 1])
    // 0x8000: assume valid; 0x3000: the stage of a conflict; of version 3 on, 0x4000: more flags follow.
    var isPlain = mode & 0o170000 == 0o100000 && flags & 0xB000 == 0
    if flags & 0x4000 != 0 {
      // 0x4000: skip-worktree; 0x2000: intent to add.
      isPlain = isPlain && content[flagsOffset + 2] & 0x60 == 0
    }
    func word(_ offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: number(at: start + offset) ?? 0) }
    var blob: [UInt8] = []
    blob.reserveCapacity(objectIDByteCount)
    for i in start + 40..<flagsOffset { blob.append(content[i]) }
    return Details(
      changedSeconds: word(0), changedNanoseconds: word(4), modifiedSeconds: word(8), modifiedNanoseconds: word(12),
      inode: word(20), byteCount: word(36), isPlainFile: isPlain, blob: blob)
  }

  // MARK: One entry after the other

  /// Where a reader that takes entries one by one is.
  struct Position {
    fileprivate var offset = 0
    fileprivate var version = 0
    fileprivate var left = -1
    fileprivate(set) var entry = Entry()
    init() {}
  }

  /// Moves to the next entry; false behind the last one, or where the content is none.
  mutating func advance(_ position: inout Position) -> Bool {
    if position.left < 0 {
      guard let (version, entryCount) = readHeader() else { return false }
      (position.version, position.left, position.offset) = (version, entryCount, offset)
    }
    guard position.left > 0 else { return false }
    offset = position.offset
    swap(&current, &position.entry)
    let isRead = readEntry(version: position.version)
    swap(&current, &position.entry)
    position.offset = offset
    position.left = isRead ? position.left - 1 : 0
    return isRead
  }

  /// Reads one entry: fixed fields (the mode at 24), the object ID, flags, and the path.
  private mutating func readEntry(version: Int) -> Bool {
    let start = offset
    let flagsOffset = start + 40 + objectIDByteCount
    guard flagsOffset + 2 <= content.count, let mode = number(at: start + 24) else { return false }
    let isExtended = version >= 3 && content[flagsOffset] & 0x40 != 0
    current.offset = start
    offset = flagsOffset + (isExtended ? 4 : 2)
    var shared = 0
    if version == 4 {
      guard let dropped = offsetNumber(), dropped <= current.path.count else { return false }
      current.path.removeLast(dropped)
      shared = current.path.count
    } else {
      // As far as it is the same, the path before is left standing.
      while offset + shared < content.count, shared < current.path.count,
        byte(at: offset + shared) == current.path[shared]
      {
        shared += 1
      }
      current.path.removeLast(current.path.count - shared)
      offset += shared
    }
    while offset < content.count, content[offset] != 0 {
      current.path.append(byte(at: offset))
      offset += 1
      if current.path.count > Self.pathByteLimit { return false }
    }
    guard offset < content.count else { return false }
    offset += 1
    if version < 4 {
      // Padded with NULs to a multiple of eight bytes, one NUL at least.
      offset = start + (offset - start + 7) & ~7
      guard offset <= content.count else { return false }
    }
    current.sharedByteCount = shared
    current.isRepository = mode & 0o170000 == 0o160000
    return true
  }

  /// No path is longer: the system takes none, and a short entry of version 4 must not cost more than this.
  private static let pathByteLimit = 1 << 16

  private func byte(at offset: Int) -> UInt8 { foldsCase ? content[offset].asciiLowercased : content[offset] }

  /// Four bytes, most significant first.
  private func number(at offset: Int) -> Int? {
    guard offset >= 0, offset + 4 <= content.count else { return nil }
    return Int(content[offset]) << 24 | Int(content[offset + 1]) << 16 | Int(content[offset + 2]) << 8
      | Int(content[offset + 3])
  }

  /// A number in groups of seven bits, most significant first, each continued group counting one more.
  private mutating func offsetNumber() -> Int? {
    var value = 0
    while offset < content.count {
      let byte = content[offset]
      offset += 1
      value = value << 7 | Int(byte & 0x7F)
      if byte < 0x80 { return value }
      value += 1
      if value > 1 << 40 { return nil }
    }
    return nil
  }

  private func link(in range: Range<Int>) -> Link? {
    guard range.count >= objectIDByteCount else { return nil }
    let digits = Array("0123456789abcdef")
    var name = ""
    for offset in range.prefix(objectIDByteCount) {
      name.append(digits[Int(content[offset] >> 4)])
      name.append(digits[Int(content[offset] & 15)])
    }
    if range.count == objectIDByteCount { return Link(name: name, deleted: BitSet(capacity: 0)) }
    guard let deleted = compressedBits(in: (range.lowerBound + objectIDByteCount)..<range.upperBound) else {
      return nil
    }
    return Link(name: name, deleted: deleted)
  }

  /// The set bits of an EWAH bitmap: marker words, each telling a run of equal words and a count of plain ones.
  private func compressedBits(in range: Range<Int>) -> BitSet? {
    guard let bitCount = number(at: range.lowerBound), let wordCount = number(at: range.lowerBound + 4),
      bitCount <= 1 << 26
    else { return nil }
    var offset = range.lowerBound + 8
    guard wordCount <= (range.upperBound - offset) / 8 else { return nil }
    let end = offset + 8 * wordCount
    var bits = BitSet(capacity: bitCount)
    var bit = 0
    while offset < end {
      guard let marker = word(at: offset, end) else { return nil }
      offset += 8
      let runBitCount = Int(marker >> 1 & 0xFFFF_FFFF) * 64
      if marker & 1 == 1, bit < bitCount { for i in bit..<min(bit + runBitCount, bitCount) { bits.insert(i) } }
      bit = min(bit + runBitCount, bitCount)
      for _ in 0..<Int(marker >> 33) {
        guard offset < end, let plain = word(at: offset, end) else { return nil }
        offset += 8
        for i in 0..<64 where plain & (1 << UInt64(i)) != 0 && bit + i < bitCount { bits.insert(bit + i) }
        bit += 64
      }
    }
    return bits
  }

  private func word(at offset: Int, _ end: Int) -> UInt64? {
    guard offset + 8 <= end, let high = number(at: offset), let low = number(at: offset + 4) else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }
}
