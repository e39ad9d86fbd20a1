import Disk
import Primitives

/// Reads the numbers and runs of bytes that a cached listing is made of. Every read is checked against the end, here
/// and nowhere else: what is not there reads as 0 or as nothing, and from then on `isDamaged`. It throws nothing and
/// makes nothing, since it is called for every byte of what may be a hundred thousand files.
struct CacheReader {
  private let bytes: [UInt8]
  private let end: Int
  private(set) var offset: Int
  private(set) var isDamaged = false

  /// Reads `bytes` in `range`, which lies in them.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    offset = range.lowerBound
    end = range.upperBound
  }

  /// Reads a copy of `slice`: threads that read different parts of one array would otherwise count its users together.
  init(_ slice: ArraySlice<UInt8>) { self.init(Array(slice), in: 0..<slice.count) }

  var isAtEnd: Bool { offset == end }

  /// What was read makes no sense.
  mutating func refuse() {
    isDamaged = true
    offset = end
  }

  mutating func byte() -> UInt8 {
    guard offset < end else {
      refuse()
      return 0
    }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// An unsigned number in groups of 7 bits, least significant first (LEB128).
  mutating func number() -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = byte()
      // The tenth byte has room for the last bit alone.
      guard shift < 63 || shift == 63 && byte <= 1 else {
        refuse()
        return 0
      }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
  }

  /// A number with its sign in the lowest bit.
  mutating func signedNumber() -> Int64 {
    let raw = number()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// How many of something follow that take at least a byte each.
  mutating func count() -> Int {
    let number = number()
    guard number <= UInt64(end - offset) else {
      refuse()
      return 0
    }
    return Int(number)
  }

  /// Eight bytes, little endian.
  mutating func word() -> UInt64 {
    var word: UInt64 = 0
    for i in 0..<8 { word |= UInt64(byte()) << UInt64(8 * i) }
    return word
  }

  mutating func hash() -> ContentHash { ContentHash(high: word(), low: word()) }

  /// The next `count` bytes.
  mutating func slice(_ count: Int) -> ArraySlice<UInt8> {
    guard count >= 0, count <= end - offset else {
      refuse()
      return []
    }
    defer { offset += count }
    return bytes[offset..<(offset + count)]
  }

  /// A run of bytes behind its length.
  mutating func run() -> ArraySlice<UInt8> { slice(count()) }
}

extension [UInt8] {
  /// Appends what `CacheReader.signedNumber` reads.
  mutating func append(signed number: Int64) {
    append(varint: UInt64(bitPattern: number << 1) ^ UInt64(bitPattern: number >> 63))
  }

  /// Appends what `CacheReader.run` reads.
  mutating func append(run bytes: some Collection<UInt8>) {
    append(varint: UInt64(bytes.count))
    append(contentsOf: bytes)
  }

  mutating func append(hash: ContentHash) {
    append(littleEndian: hash.high)
    append(littleEndian: hash.low)
  }
}
