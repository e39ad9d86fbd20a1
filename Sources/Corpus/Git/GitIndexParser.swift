import Primitives

/// Takes apart one index file. Every read is checked; anything that is not as it should be gives nothing.
struct GitIndexParser {
  struct Path {
    var bytes: [UInt8]
    var isRepository: Bool
  }

  struct Parsed {
    var paths: [Path]
    /// The rest of a split index: the hexadecimal name of the shared part, and which of its entries are gone.
    var link: (name: String, deleted: BitSet)?
  }

  private let content: [UInt8]
  private let objectIDByteCount: Int
  private var place = 0

  init(_ content: [UInt8], objectIDByteCount: Int) {
    self.content = content
    self.objectIDByteCount = objectIDByteCount
  }

  mutating func parse() -> Parsed? {
    place = 0
    guard content.starts(with: Array("DIRC".utf8)), let version = number(at: 4), (2...4).contains(version),
      let entryCount = number(at: 8)
    else { return nil }
    place = 12
    var paths: [Path] = []
    var previous: [UInt8] = []
    for _ in 0..<entryCount {
      guard let path = entry(version: version, previous: &previous) else { return nil }
      // A directory that a sparse index leaves unexpanded ends with a slash: nothing of it is on the disk.
      if path.bytes.last != .slash { paths.append(path) }
    }
    // The extensions lie before the checksum of the whole.
    while place + 8 <= content.count - objectIDByteCount {
      guard let byteCount = number(at: place + 4), byteCount <= content.count - objectIDByteCount - place - 8 else {
        return nil
      }
      if content[place..<(place + 4)].elementsEqual("link".utf8) {
        guard let link = link(in: (place + 8)..<(place + 8 + byteCount)) else { return nil }
        return Parsed(paths: paths, link: link)
      }
      place += 8 + byteCount
    }
    return Parsed(paths: paths)
  }

  /// Reads one entry: fixed fields (the mode at 24), the object ID, flags, and the path.
  private mutating func entry(version: Int, previous: inout [UInt8]) -> Path? {
    let start = place
    let flagsPlace = start + 40 + objectIDByteCount
    guard flagsPlace + 2 <= content.count, let mode = number(at: start + 24) else { return nil }
    let isExtended = version >= 3 && content[flagsPlace] & 0x40 != 0
    place = flagsPlace + (isExtended ? 4 : 2)
    if version == 4 {
      guard let dropped = offsetNumber(), dropped <= previous.count else { return nil }
      previous.removeLast(dropped)
    } else {
      previous.removeAll(keepingCapacity: true)
    }
    let nameStart = place
    while place < content.count, content[place] != 0 { place += 1 }
    guard place < content.count else { return nil }
    previous.append(contentsOf: content[nameStart..<place])
    place += 1
    if version < 4 {
      // Padded with NULs to a multiple of eight bytes, one NUL at least.
      place = start + (place - start + 7) & ~7
      guard place <= content.count else { return nil }
    }
    return Path(bytes: previous, isRepository: mode & 0o170000 == 0o160000)
  }

  /// Four bytes, most significant first.
  private func number(at place: Int) -> Int? {
    guard place >= 0, place + 4 <= content.count else { return nil }
    return content[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
  }

  /// A number in groups of seven bits, most significant first, each continued group counting one more.
  private mutating func offsetNumber() -> Int? {
    var value = 0
    while place < content.count {
      let byte = content[place]
      place += 1
      value = value << 7 | Int(byte & 0x7F)
      if byte < 0x80 { return value }
      value += 1
      if value > 1 << 40 { return nil }
    }
    return nil
  }

  private func link(in range: Range<Int>) -> (name: String, deleted: BitSet)? {
    guard range.count >= objectIDByteCount else { return nil }
    let digits = Array("0123456789abcdef")
    let name = content[range.prefix(objectIDByteCount)].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    if range.count == objectIDByteCount { return (String(name), BitSet(capacity: 0)) }
    guard let deleted = compressedBits(in: (range.lowerBound + objectIDByteCount)..<range.upperBound) else {
      return nil
    }
    return (String(name), deleted)
  }

  /// The set bits of an EWAH bitmap: marker words, each telling a run of equal words and a count of plain ones.
  private func compressedBits(in range: Range<Int>) -> BitSet? {
    func word(_ place: Int) -> UInt64? {
      guard place + 8 <= range.upperBound, let high = number(at: place), let low = number(at: place + 4) else {
        return nil
      }
      return UInt64(high) << 32 | UInt64(low)
    }
    guard let bitCount = number(at: range.lowerBound), let wordCount = number(at: range.lowerBound + 4),
      bitCount <= 1 << 26
    else { return nil }
    var place = range.lowerBound + 8
    guard wordCount <= (range.upperBound - place) / 8 else { return nil }
    let end = place + 8 * wordCount
    var bits = BitSet(capacity: bitCount)
    var bit = 0
    while place < end {
      guard let marker = word(place) else { return nil }
      place += 8
      let runBitCount = Int(marker >> 1 & 0xFFFF_FFFF) * 64
      if marker & 1 == 1, bit < bitCount { for i in bit..<min(bit + runBitCount, bitCount) { bits.insert(i) } }
      bit = min(bit + runBitCount, bitCount)
      for _ in 0..<Int(marker >> 33) {
        guard place < end, let plain = word(place) else { return nil }
        place += 8
        for i in 0..<64 where plain & (1 << UInt64(i)) != 0 && bit + i < bitCount { bits.insert(bit + i) }
        bit += 64
      }
    }
    return bits
  }
}
