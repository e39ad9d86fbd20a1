package import Primitives

/// Cuts bytes into words, without looking at what they mean: `parseHTTPHeader_v2` is parse, HTTP, Header, v, 2.
///
/// A word is the longest run, from the left, of the first of these that fits: capitals that are followed by a capital
/// and a small letter; small letters, the first of which may be a capital; capitals; digits. Letters and digits are
/// those of ASCII, every other byte separates. Runs of more than 4 digits are no words. One pass, no memory.
package struct WordScanner: ~Escapable {
  private let source: Span<UInt8>
  /// What was looked at ends here.
  private(set) var position: Int
  private let end: Int

  /// - Parameter range: the bytes of `source` to scan; nothing outside of it is read.
  @_lifetime(copy source)
  package init(_ source: Span<UInt8>, in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count)
    self.source = source
    position = range.lowerBound
    end = range.upperBound
  }

  /// The bytes of the next word as it is written, or nil at the end.
  @inline(__always)
  package mutating func next() -> Range<Int>? {
    while position < end {
      let start = position
      let first = source[start]
      position &+= 1
      if Self.isSmall(first) {
        skipSmall()
        return unsafe Range(uncheckedBounds: (start, position))
      }
      if Self.isCapital(first) {
        while position < end, Self.isCapital(source[position]) { position &+= 1 }
        if position < end, Self.isSmall(source[position]) {
          if position &- start == 1 { skipSmall() } else { position &-= 1 }
        }
        return unsafe Range(uncheckedBounds: (start, position))
      }
      if Self.isDigit(first) {
        while position < end, Self.isDigit(source[position]) { position &+= 1 }
        if position &- start <= 4 { return unsafe Range(uncheckedBounds: (start, position)) }
      }
    }
    return nil
  }

  @inline(__always)
  private mutating func skipSmall() { while position < end, Self.isSmall(source[position]) { position &+= 1 } }

  @inline(__always) private static func isSmall(_ byte: UInt8) -> Bool { byte.isASCIILowercase }
  @inline(__always) private static func isCapital(_ byte: UInt8) -> Bool { byte.isASCIIUppercase }
  @inline(__always) private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}

extension FilePath {
  /// The bytes of the path that a model takes words from: the last 4 components of what stands before the last `.`; a
  /// path without one is taken whole.
  package var rangeOfWords: Range<Int> {
    let end = bytes.lastIndex(of: UInt8(ascii: ".")) ?? bytes.count
    var start = end
    var slashes = 0
    while start > 0 {
      if bytes[start - 1] == UInt8(ascii: "/") { slashes += 1 }
      if slashes == 4 { break }
      start -= 1
    }
    return start..<end
  }
}
