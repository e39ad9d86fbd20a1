package import Primitives

/// Reads little-endian numbers and runs of bytes from borrowed memory; every read is checked against the end, here and
/// nowhere else, and fails as `.damaged`.
package struct ByteReader: ~Copyable, ~Escapable {
  private let bytes: Span<UInt8>
  package private(set) var offset: Int

  @_lifetime(copy bytes)
  package init(_ bytes: Span<UInt8>, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  package var remaining: Int { bytes.count - offset }

  private mutating func advance(_ count: Int) throws(Failure) -> Int {
    guard count >= 0, offset >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      throw Failure(.damaged, "the file ends where more bytes should be")
    }
    defer { offset += count }
    return offset
  }

  package mutating func read<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(Failure) -> Number {
    let start = try advance(MemoryLayout<Number>.size)
    var number: Number = 0
    for i in 0..<MemoryLayout<Number>.size { number |= Number(truncatingIfNeeded: bytes[start + i]) << Number(8 * i) }
    return number
  }

  /// An unsigned number in groups of 7 bits, least significant first (LEB128).
  package mutating func readVarint() throws(Failure) -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte: UInt8 = try read()
      // The tenth byte has room for the last bit alone.
      guard shift < 63 || shift == 63 && byte <= 1 else { throw Failure(.damaged, "a number has too many bytes") }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
  }

  package mutating func readBytes(_ count: Int) throws(Failure) -> [UInt8] {
    let start = try advance(count)
    return unsafe bytes.extracting(start..<(start + count)).withUnsafeBufferPointer { unsafe Array($0) }
  }
}

extension [UInt8] {
  /// Appends `number`, little endian.
  package mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    for i in 0..<MemoryLayout<Number>.size { append(UInt8(truncatingIfNeeded: number >> Number(8 * i))) }
  }

  /// Appends `number` in groups of 7 bits, least significant first (LEB128).
  package mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
