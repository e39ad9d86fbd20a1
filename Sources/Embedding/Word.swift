/// A word in lower case, cut to 32 bytes, as a value: four little-endian numbers, filled up with zeros.
package struct Word: Equatable {
  static let longest = 32
  private var a: UInt64
  private var b: UInt64 = 0
  private var c: UInt64 = 0
  private var d: UInt64 = 0

  /// The word at `range` of `source`: ASCII letters of any case, or digits.
  @inline(__always)
  package init(_ source: Span<UInt8>, at range: Range<Int>) {
    let start = range.lowerBound
    let count = min(range.upperBound &- start, Self.longest)
    a = Self.load(source, at: start, min(count, 8))
    if count > 8 {
      b = Self.load(source, at: start &+ 8, min(count &- 8, 8))
      if count > 16 {
        c = Self.load(source, at: start &+ 16, min(count &- 16, 8))
        if count > 24 { d = Self.load(source, at: start &+ 24, count &- 24) }
      }
    }
  }

  /// 1 to 8 bytes as a number. The bit 0x20 makes a letter small, and every digit has it.
  @inline(__always)
  private static func load(_ source: Span<UInt8>, at start: Int, _ count: Int) -> UInt64 {
    let mask = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    if start >= 0, start &+ 8 <= source.count {
      // Eight bytes at once; the check above keeps them inside.
      let eight = unsafe source.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
      return (UInt64(littleEndian: eight) | 0x2020_2020_2020_2020) & mask
    }
    var number: UInt64 = 0
    for i in 0..<count { number |= UInt64(source[start + i] | 0x20) << UInt64(8 * i) }
    return number
  }

  /// The byte at `index`, below `longest`; zero after the word's end.
  @inline(__always)
  subscript(index: Int) -> UInt8 {
    let number = index < 16 ? (index < 8 ? a : b) : (index < 24 ? c : d)
    return UInt8(truncatingIfNeeded: number &>> UInt64(truncatingIfNeeded: 8 &* (index & 7)))
  }

  /// A hash that depends on `seed`, so that nobody can write a file whose words collide without knowing it.
  @inline(__always)
  package func hash(seed: UInt64) -> UInt64 {
    var hash = Self.mix(a ^ seed, b ^ 0xA076_1D64_78BD_642F)
    if c != 0 { hash = Self.mix(hash ^ c, d ^ 0xE703_7ED1_A0B4_28DB) }
    return hash
  }

  @inline(__always)
  private static func mix(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let product = x.multipliedFullWidth(by: y)
    return product.high ^ product.low
  }
}
