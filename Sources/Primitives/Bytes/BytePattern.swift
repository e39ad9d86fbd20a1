/// A string of bytes to be searched for in others, in time linear in their length, whatever repeats in either: a short
/// one is compared at every offset, a longer one never looks back (the algorithm of Knuth, Morris and Pratt).
package struct BytePattern: Sendable {
  package let bytes: [UInt8]
  /// For each beginning of `bytes`, the length of its longest proper beginning that it also ends with; empty for a
  /// short pattern.
  private let borders: [Int]

  private static let longestCompared = 64

  /// - Parameter bytes: of small letters where case is ignored.
  package init(_ bytes: [UInt8]) { self.init(bytes, longestCompared: Self.longestCompared) }

  /// - Parameter longestCompared: for tests, which hold both ways to each other.
  package init(_ bytes: [UInt8], longestCompared: Int) {
    self.bytes = bytes
    var borders: [Int] = []
    if bytes.count > longestCompared {
      borders = [Int](repeating: 0, count: bytes.count)
      var length = 0
      for i in bytes.indices.dropFirst() {
        while length > 0, bytes[i] != bytes[length] { length = borders[length - 1] }
        if bytes[i] == bytes[length] { length += 1 }
        borders[i] = length
      }
    }
    self.borders = borders
  }

  /// The offset in `text` of the first occurrence of which `isMeant` is true, occurrences that overlap included; nil if
  /// there is none, and for an empty pattern.
  ///
  /// - Parameter ignoresCase: whether capitals of ASCII in `text` are small letters.
  package func offset(
    in text: Span<UInt8>, ignoresCase: Bool = true, where isMeant: (_ start: Int, _ end: Int) -> Bool
  ) -> Int? {
    guard let first = bytes.first, bytes.count <= text.count else { return nil }
    func letter(_ offset: Int) -> UInt8 { ignoresCase ? text[offset].asciiLowercased : text[offset] }
    if borders.isEmpty {
      for start in 0...(text.count - bytes.count) where letter(start) == first {
        var count = 1
        while count < bytes.count, letter(start + count) == bytes[count] { count += 1 }
        if count == bytes.count, isMeant(start, start + count) { return start }
      }
      return nil
    }
    var matched = 0
    for i in text.indices {
      let byte = letter(i)
      while matched > 0, bytes[matched] != byte { matched = borders[matched - 1] }
      if bytes[matched] == byte { matched += 1 }
      if matched < bytes.count { continue }
      if isMeant(i + 1 - matched, i + 1) { return i + 1 - matched }
      matched = borders[matched - 1]
    }
    return nil
  }
}
