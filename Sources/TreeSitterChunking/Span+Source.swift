import Primitives

/// Reading names out of the source.
extension Span<UInt8> {
  /// The text of `range` as a name: the first line of it, without blanks at its ends and at most 160 bytes long. Bytes
  /// that are not UTF-8 become U+FFFD.
  func name(_ range: Range<Int>) -> String {
    var start = Swift.max(0, range.lowerBound)
    var end = Swift.min(count, range.upperBound)
    while start < end, self[start] <= .space { start += 1 }
    end = Swift.min(end, start + 160)
    var stop = start
    while stop < end, self[stop] != .newline, self[stop] != .carriageReturn { stop += 1 }
    // Never cut inside a character.
    if stop == start + 160, stop < count {
      var back = stop
      while back > start, back > stop - 4, self[back] & 0xC0 == 0x80 { back -= 1 }
      stop = back
    }
    while stop > start, self[stop - 1] <= .space { stop -= 1 }
    if start >= stop { return "" }
    return unsafe extracting(start..<stop).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the bytes of `range` are exactly `text`.
  func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
    range.count == text.utf8CodeUnitCount && begins(range, with: text)
  }

  /// Whether the bytes of `range` begin with `text`.
  func begins(_ range: Range<Int>, with text: StaticString) -> Bool {
    range.lowerBound >= 0 && range.upperBound <= count && range.count >= text.utf8CodeUnitCount
      && has(text, at: range.lowerBound)
  }

  /// Whether a letter, a digit or an underscore of ASCII stands at `position`.
  func isIdentifier(at position: Int) -> Bool { self[position].isASCIIWord }

  /// Whether `text` occurs in the first few hundred bytes of `range`.
  func contains(_ text: StaticString, in range: Range<Int>) -> Bool {
    let end = Swift.min(range.upperBound, range.lowerBound + 400)
    var position = range.lowerBound
    while position + text.utf8CodeUnitCount <= end {
      if begins(position..<end, with: text) { return true }
      position += 1
    }
    return false
  }

  /// Whether only blanks stand between the start of the line and `position`.
  func isFirstOnLine(_ position: Int) -> Bool {
    var position = position - 1
    let limit = Swift.max(-1, position - 512)
    while position > limit {
      let byte = self[position]
      if byte == .newline { return true }
      if byte != .space && byte != .tab && byte != .carriageReturn && byte != .formFeed { return false }
      position -= 1
    }
    return position < 0
  }

  /// Whether the text is written in capitals, digits and underscores, as constants are.
  func isCapitals(_ range: Range<Int>) -> Bool {
    var letters = 0
    for position in range {
      let byte = self[position]
      if byte.isASCIIUppercase {
        letters += 1
      } else if byte != .underscore, !byte.isASCIIDigit {
        return false
      }
    }
    return letters > 0
  }
}

extension Span<UInt8> {
  /// Whether a capital letter of ASCII stands at `position`.
  func isUppercase(at position: Int) -> Bool { self[position].isASCIIUppercase }
}

extension Span<UInt8> {
  /// Where `text` next occurs, from `start` on and before `end`; nil if it does not.
  func firstOffset(of text: StaticString, from start: Int, before end: Int? = nil) -> Int? {
    let end = end ?? count
    let length = text.utf8CodeUnitCount
    let first = unsafe text.utf8Start.pointee
    var position = start
    while position + length <= end {
      if self[position] == first, begins(position..<end, with: text) { return position }
      position += 1
    }
    return nil
  }
}
