/// Byte strings compared. `IgnoringCase` is of ASCII letters alone, and takes `other` in lower case.
extension Span<UInt8> {
  @inlinable @inline(__always)
  package func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for i in indices where self[i] != other[i] { return false }
    return true
  }

  @inlinable @inline(__always)
  package func isEqual(to other: [UInt8]) -> Bool { isEqual(to: other.span) }

  /// Negative, zero or positive: the order of bytes, a prefix first.
  @inlinable
  package func compare(_ other: Span<UInt8>) -> Int {
    let limit = Swift.min(count, other.count)
    for i in 0..<limit where self[i] != other[i] { return Int(self[i]) - Int(other[i]) }
    return count - other.count
  }

  @inlinable
  package func hasPrefix(_ other: Span<UInt8>) -> Bool {
    count >= other.count && extracting(0..<other.count).isEqual(to: other)
  }

  @inlinable
  package func hasSuffix(_ other: Span<UInt8>) -> Bool {
    count >= other.count && extracting((count - other.count)..<count).isEqual(to: other)
  }

  /// Whether `other` occurs; an empty string occurs in every one.
  @inlinable
  package func contains(_ other: Span<UInt8>) -> Bool {
    if other.isEmpty { return true }
    var start = 0
    while start + other.count <= count {
      if self[start] == other[0], extracting(start..<start + other.count).isEqual(to: other) { return true }
      start += 1
    }
    return false
  }

  /// Whether `other` is at `offset`.
  @inlinable @inline(__always)
  package func hasIgnoringCase(_ other: Span<UInt8>, at offset: Int) -> Bool {
    if count - offset < other.count { return false }
    for i in other.indices where self[offset + i].asciiLowercased != other[i] { return false }
    return true
  }

  /// Whether `text` is at `offset`, which is not negative.
  @inlinable @inline(__always)
  package func has(_ text: StaticString, at offset: Int) -> Bool {
    if count - offset < text.utf8CodeUnitCount { return false }
    for i in 0..<text.utf8CodeUnitCount where unsafe self[offset + i] != text.utf8Start[i] { return false }
    return true
  }

  /// The same, and `text` is in small letters.
  @inlinable @inline(__always)
  package func hasIgnoringCase(_ text: StaticString, at offset: Int) -> Bool {
    if count - offset < text.utf8CodeUnitCount { return false }
    for i in 0..<text.utf8CodeUnitCount
    where unsafe self[offset + i].asciiLowercased != text.utf8Start[i] { return false }
    return true
  }

  @inlinable @inline(__always)
  package func isEqualIgnoringCase(to other: [UInt8]) -> Bool {
    count == other.count && hasIgnoringCase(other.span, at: 0)
  }

  @inlinable @inline(__always)
  package func hasSuffixIgnoringCase(_ other: [UInt8]) -> Bool {
    count >= other.count && hasIgnoringCase(other.span, at: count - other.count)
  }

  /// Whether `other` occurs; an empty string occurs in every one.
  @inlinable
  package func containsIgnoringCase(_ other: Span<UInt8>) -> Bool {
    if other.isEmpty { return true }
    var start = 0
    while start + other.count <= count {
      if self[start].asciiLowercased == other[0], hasIgnoringCase(other, at: start) { return true }
      start += 1
    }
    return false
  }
}

extension [UInt8] {
  /// The order of bytes.
  @inlinable
  package func precedes(_ other: [UInt8]) -> Bool { span.compare(other.span) < 0 }
}
