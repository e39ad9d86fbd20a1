import Primitives

/// The number of a point: a UUID made of what the point is, so that the same point has the same number from every
/// client.
package struct PointID: Hashable, Sendable, CustomStringConvertible {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Made of a content: version 8 of RFC 9562, whose other 122 bits are the sender's own.
  package init(of bytes: Span<UInt8>) {
    let hash = ContentHash(of: bytes)
    high = hash.high & ~0xF000 | 0x8000
    low = hash.low & ~(0b11 << 62) | 0b10 << 62
  }

  /// From the form with hyphens, in either case; nil for anything else.
  package init?(_ text: String) {
    var value: (high: UInt64, low: UInt64) = (0, 0)
    var digitCount = 0
    for (offset, byte) in text.utf8.enumerated() {
      if [8, 13, 18, 23].contains(offset) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Self.value(ofHexDigit: byte) else { return nil }
      if digitCount < 16 { value.high = value.high << 4 | digit } else { value.low = value.low << 4 | digit }
      digitCount += 1
    }
    guard digitCount == 32, text.utf8.count == 36 else { return nil }
    self.init(high: value.high, low: value.low)
  }

  private static func value(ofHexDigit byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  package var description: String {
    func hex(_ value: UInt64, _ count: Int) -> String {
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
    return [
      hex(high >> 32, 8), hex(high >> 16 & 0xFFFF, 4), hex(high & 0xFFFF, 4), hex(low >> 48, 4),
      hex(low & 0xFFFF_FFFF_FFFF, 12),
    ].joined(separator: "-")
  }
}
