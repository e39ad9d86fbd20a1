import Primitives

/// A copy of the beginning of a content, for checks that read little of it.
struct FirstBytes {
  let bytes: [UInt8]

  init(_ content: Span<UInt8>, limit: Int) {
    var bytes: [UInt8] = []
    let count = min(limit, content.count)
    bytes.reserveCapacity(count)
    for i in 0..<count { bytes.append(content[i]) }
    self.bytes = bytes
  }

  /// Whether `word` occurs.
  func contains(_ word: String) -> Bool { bytes[...].firstRange(of: Array(word.utf8)) != nil }

  /// Whether a line begins with one of `words`, blanks before it aside.
  func hasLine(beginningWith words: [String]) -> Bool {
    let words = words.map { Array($0.utf8) }
    for line in bytes.split(separator: .newline) {
      let text = line.drop { $0 == .space || $0 == .tab }
      if words.contains(where: { text.starts(with: $0) }) { return true }
    }
    return false
  }
}

extension ArraySlice<UInt8> {
  /// Where `word` first occurs.
  func firstRange(of word: [UInt8]) -> Range<Int>? {
    guard let first = word.first, count >= word.count else { return nil }
    var i = startIndex
    while i <= endIndex - word.count {
      guard let next = self[i...].firstIndex(of: first), next <= endIndex - word.count else { return nil }
      if self[next..<(next + word.count)].elementsEqual(word) { return next..<(next + word.count) }
      i = next + 1
    }
    return nil
  }
}
