/// Reads numbers and runs of bytes from a part of a segment without ever reading past its end: the one place where
/// the readers of this room slice bytes. A read that does not fit gives zero, marks the cursor as damaged and moves it
/// to the end, so that every loop over it ends.
///
/// Unlike `ByteReader` it does not throw: readers serve queries, which cannot fail; `Segment.verify` finds the damage.
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

  // Nothing that takes the cursor itself is called from what is inlined, so that a loop over numbers keeps it in
  // registers.
  @inline(__always)
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
    // It is never negative.
    let byte = unsafe bytes[unchecked: offset]
    offset &+= 1
    return byte
  }

  /// An unsigned number in groups of 7 bits, at most 5 bytes and 32 bits.
  @inline(__always)
  mutating func varint() -> Int {
    let first = byte()
    if first < 0x80 { return Int(first) }
    let (number, end) = Self.longVarint(bytes, at: offset, low: Int(first & 0x7F))
    if end == 0 {
      fail()
    } else {
      offset = end
    }
    return number
  }

  /// A number of more than one byte, of which the first was read, and where it ends; 0 and 0 if there is none.
  @inline(never)
  private static func longVarint(_ bytes: Span<UInt8>, at start: Int, low: Int) -> (number: Int, end: Int) {
    var number = low
    var offset = start
    var shift = 7
    while offset < bytes.count, shift <= 28 {
      let next = bytes[offset]
      offset &+= 1
      number |= Int(next & 0x7F) &<< shift
      if next < 0x80 { return number <= Int(UInt32.max) ? (number, offset) : (0, 0) }
      shift &+= 7
    }
    return (0, 0)
  }

  /// A signed number whose sign is the lowest bit.
  @inline(__always)
  mutating func zigzag() -> Int {
    let number = varint()
    return number & 1 == 0 ? number >> 1 : -(number >> 1) - 1
  }

  mutating func uint32() -> UInt32 {
    let start = offset
    skip(4)
    return isDamaged ? 0 : bytes.uint32(at: start)
  }
  mutating func uint64() -> UInt64 {
    let start = offset
    skip(8)
    return isDamaged ? 0 : bytes.uint64(at: start)
  }

  @inline(__always)
  mutating func skip(_ count: Int) {
    guard count >= 0, count <= bytes.count - offset else {
      fail()
      return
    }
    offset += count
  }

  /// Goes to where another cursor of the same bytes ended.
  @inline(__always)
  mutating func move(to newOffset: Int) {
    if newOffset < offset || newOffset >= bytes.count { fail() } else { offset = newOffset }
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
  /// The little-endian number at `offset`, or 0 if it does not fit.
  @inline(__always)
  func uint32(at offset: Int) -> UInt32 {
    guard offset >= 0, offset <= count - 4 else { return 0 }
    return UInt32(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }
  @inline(__always)
  func uint64(at offset: Int) -> UInt64 {
    guard offset >= 0, offset <= count - 8 else { return 0 }
    return UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

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
