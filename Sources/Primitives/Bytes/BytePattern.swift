/// A string of bytes to be searched for in others, in time linear in their length, whatever repeats in either (the
/// algorithm of Knuth, Morris and Pratt).
package struct BytePattern: Sendable {
  package let bytes: [UInt8]
  /// For each beginning of `bytes`, the length of its longest proper beginning that it also ends with.
  private let borders: [Int]

  /// - Parameter bytes: of small letters where case is ignored.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var borders = [Int](repeating: 0, count: bytes.count)
    var length = 0
    for i in bytes.indices.dropFirst() {
      while length > 0, bytes[i] != bytes[length] { length = borders[length - 1] }
      if bytes[i] == bytes[length] { length += 1 }
      borders[i] = length
    }
    self.borders = borders
  }

  /// The offset in `text` of the first occurrence of which `isMeant` is true, occurrences that overlap included; nil if
  /// there is none, and for an empty pattern.
  ///
  /// - Parameter ignoresCase: whether capitals of ASCII in `text` are small letters.
  package func offset(
    in text: Span<UInt8>, ignoresCase: Bool, where isMeant: (_ start: Int, _ end: Int) -> Bool
  ) -> Int? {
    if bytes.isEmpty || bytes.count > text.count { return nil }
    var matched = 0
    for i in text.indices {
      let byte = ignoresCase ? text[i].asciiLowercased : text[i]
      while matched > 0, bytes[matched] != byte { matched = borders[matched - 1] }
      if bytes[matched] == byte { matched += 1 }
      if matched < bytes.count { continue }
      if isMeant(i + 1 - matched, i + 1) { return i + 1 - matched }
      matched = borders[matched - 1]
    }
    return nil
  }
}
