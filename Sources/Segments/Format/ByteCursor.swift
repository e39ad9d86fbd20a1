/// Reads numbers and runs of bytes from a part of a segment without ever reading past its end: the one place where
/// the readers of this room slice bytes. A read that does not fit gives zero, marks the cursor as damaged and moves it
/// to the end, so that every loop over it ends.
///
/// Unlike `ByteReader` it does not throw: readers answer questions that cannot fail, `Segment.verify` finds the damage.
struct ByteCursor: ~Escapable {
  let bytes: Span<UInt8>
  private(set) var offset: Int
  private(set) var isDamaged = false

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
    if offset < 0 || offset > bytes.count { fail() }
  }

  var isAtEnd: Bool { offset >= bytes.count }
  var remaining: Int { bytes.count - offset }

  @inline(never)
  mutating func fail() {
    isDamaged = true
    offset = bytes.count
  }

  @inline(__always)
  mutating func byte() -> UInt8 {
    guard offset < bytes.count else {
      fail()
      return 0
    }
    defer { offset &+= 1 }
    return bytes[offset]
  }

  /// An unsigned number in groups of 7 bits, at most 5 bytes and 32 bits.
  @inline(__always)
  mutating func varint() -> Int {
    let first = byte()
    if first < 0x80 { return Int(first) }
    return longVarint(Int(first & 0x7F))
  }
  private mutating func longVarint(_ low: Int) -> Int {
    var number = low
    var shift = 7
    while true {
      let next = byte()
      number |= Int(next & 0x7F) << shift
      if next < 0x80 { break }
      shift += 7
      if shift > 28 {
        fail()
        return 0
      }
    }
    guard number <= Int(UInt32.max) else {
      fail()
      return 0
    }
    return number
  }

  /// A signed number whose sign is the lowest bit.
  mutating func zigzag() -> Int {
    let number = varint()
    return number & 1 == 0 ? number >> 1 : -(number >> 1) - 1
  }

  mutating func uint32() -> UInt32 { UInt32(truncatingIfNeeded: number(ofByteCount: 4)) }
  mutating func uint64() -> UInt64 { number(ofByteCount: 8) }
  private mutating func number(ofByteCount count: Int) -> UInt64 {
    guard count <= bytes.count - offset else {
      fail()
      return 0
    }
    var number: UInt64 = 0
    for i in 0..<count { number |= UInt64(bytes[offset + i]) << UInt64(8 * i) }
    offset += count
    return number
  }

  mutating func skip(_ count: Int) {
    guard count >= 0, count <= bytes.count - offset else {
      fail()
      return
    }
    offset += count
  }

  /// Appends the next `count` bytes to `target`.
  mutating func read(_ count: Int, into target: inout [UInt8]) {
    guard count >= 0, count <= bytes.count - offset else {
      fail()
      return
    }
    target.append(bytes.extracting(offset..<(offset + count)))
    offset += count
  }
}

extension Span<UInt8> {
  /// The little-endian number at `offset`, or 0 where it does not fit.
  @inline(__always)
  func uint32(at offset: Int) -> UInt32 {
    guard offset >= 0, offset <= count - 4 else { return 0 }
    return UInt32(self[offset]) | UInt32(self[offset + 1]) << 8 | UInt32(self[offset + 2]) << 16
      | UInt32(self[offset + 3]) << 24
  }
  func uint64(at offset: Int) -> UInt64 { UInt64(uint32(at: offset)) | UInt64(uint32(at: offset + 4)) << 32 }

  func copy() -> [UInt8] {
    unsafe withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// The part of `range` that lies inside.
  @_lifetime(copy self)
  func clamped(_ range: Range<Int>) -> Span<UInt8> { extracting(range.clamped(to: 0..<count)) }
}

extension [UInt8] {
  /// Appends a number of up to 32 bits in groups of 7.
  @inline(__always)
  mutating func append(varint number: Int) {
    var rest = UInt(bitPattern: number)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
  mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
  mutating func append(zigzag number: Int) { append(varint: number < 0 ? (-number - 1) << 1 | 1 : number << 1) }

  /// Appends a number, little endian.
  mutating func append<Number: FixedWidthInteger>(number: Number) {
    for i in 0..<MemoryLayout<Number>.size { append(UInt8(truncatingIfNeeded: number >> Number(8 * i))) }
  }
}
