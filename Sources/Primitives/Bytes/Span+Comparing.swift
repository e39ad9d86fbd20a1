extension Span<UInt8> {
  /// Whether the bytes are the same.
  @inlinable @inline(__always)
  package func equals(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for i in indices where self[i] != other[i] { return false }
    return true
  }
  @inlinable @inline(__always)
  package func equals(_ other: [UInt8]) -> Bool { equals(other.span) }

  /// Whether the last bytes are those of `other`.
  @inlinable
  package func ends(with other: Span<UInt8>) -> Bool {
    count >= other.count && extracting((count - other.count)..<count).equals(other)
  }
  /// Whether `other` is somewhere in the bytes; what is empty is everywhere.
  @inlinable
  package func contains(_ other: Span<UInt8>) -> Bool {
    if other.isEmpty { return true }
    var start = 0
    while start + other.count <= count {
      if self[start] == other[0], extracting(start..<start + other.count).equals(other) { return true }
      start += 1
    }
    return false
  }
  /// Whether `other`, in small letters, is somewhere in the bytes, whatever the case of theirs (of ASCII).
  @inlinable
  package func containsIgnoringCase(_ other: Span<UInt8>) -> Bool {
    if other.isEmpty { return true }
    let first = other[0]
    var start = 0
    while start + other.count <= count {
      if lowercased(self[start]) == first {
        var k = 1
        while k < other.count, lowercased(self[start + k]) == other[k] { k += 1 }
        if k == other.count { return true }
      }
      start += 1
    }
    return false
  }
  /// Whether `other`, which is in small letters, stands at `start`, whatever the case there (of ASCII).
  @inlinable @inline(__always)
  package func holds(_ other: Span<UInt8>, at start: Int) -> Bool {
    if count - start < other.count { return false }
    for i in other.indices where lowercased(self[start + i]) != other[i] { return false }
    return true
  }
  /// Whether the bytes are those of `other`, which is in small letters, whatever their case (of ASCII).
  @inlinable @inline(__always)
  package func isWritten(_ other: [UInt8]) -> Bool { count == other.count && holds(other.span, at: 0) }
  /// Whether the last bytes are those of `other`, which is in small letters, whatever their case (of ASCII).
  @inlinable @inline(__always)
  package func endsWritten(_ other: [UInt8]) -> Bool {
    count >= other.count && holds(other.span, at: count - other.count)
  }
  @inlinable
  package func begins(with other: Span<UInt8>) -> Bool {
    count >= other.count && extracting(0..<other.count).equals(other)
  }
}

/// A capital letter of ASCII made small, any other byte as it is.
@inlinable @inline(__always)
package func lowercased(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }
