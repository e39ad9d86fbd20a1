/// A set of bytes, one bit each.
@usableFromInline
package struct ByteSet: Hashable, Sendable {
  @usableFromInline var words: InlineArray<4, UInt64> = .init(repeating: 0)

  @inlinable
  package init() {}
  @inlinable
  package init(_ bytes: some Sequence<UInt8>) { for byte in bytes { insert(byte) } }

  @inlinable @inline(__always)
  package func contains(_ byte: UInt8) -> Bool {
    words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0
  }

  @inlinable
  package mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
  @inlinable
  package mutating func remove(_ byte: UInt8) { words[Int(byte >> 6)] &= ~(1 << UInt64(byte & 63)) }

  @inlinable
  package static func == (a: ByteSet, b: ByteSet) -> Bool {
    for i in 0..<4 where a.words[i] != b.words[i] { return false }
    return true
  }

  @inlinable
  package func hash(into hasher: inout Hasher) {
    for i in 0..<4 { hasher.combine(words[i]) }
  }
}
