import Cairn
import Rendering

/// Marks a query's words where they occur in a line.
package struct Highlighter {
  /// As the index compares them, longest first, so that the longest word at a place wins.
  private let words: [[UInt8]]

  /// Words of a query that say nothing about where a hit is.
  private static let fillers: Set<String> = [
    "the", "and", "for", "are", "was", "were", "how", "does", "did", "what", "where", "when", "which", "who", "why",
    "with", "from", "that", "this", "into", "can", "not", "all", "you", "our", "its", "has", "have",
  ]

  package init(query: String) {
    var words: Set<String> = []
    for part in query.split(separator: " ") where !SearchRequest.isFilter(String(part)) {
      let pieces = part.unicodeScalars.split {
        !($0.properties.isAlphabetic || $0.properties.generalCategory == .nonspacingMark || ("0"..."9").contains($0)
          || $0 == "_")
      }
      for piece in pieces {
        let word = String(String.UnicodeScalarView(piece)).lowercased()
        if word.utf8.count >= 3, !Self.fillers.contains(word) { words.insert(word) }
      }
    }
    let folded = Set(words.map { SearchRequest.folded($0) }.filter { !$0.isEmpty })
    self.words = folded.sorted { $0.count > $1.count }
  }

  /// The bytes of `line` of the first occurrence of a word; an empty range at its beginning if there is none.
  package func firstMark(in line: String) -> Range<Int> {
    if words.isEmpty { return 0..<0 }
    let text = FoldedLine(line)
    for index in text.bytes.indices {
      if let end = text.match(at: index, words) { return text.starts[index]..<text.start(of: end) }
    }
    return 0..<0
  }

  /// `line` with each occurrence passed through `mark`. Spellings are compared as the index does.
  package func mark(_ line: String, with mark: (String) -> String) -> String {
    if words.isEmpty { return line }
    let text = FoldedLine(line)
    let bytes = Array(line.utf8)
    var marked = ""
    var start = 0
    var index = 0
    while index < text.bytes.count {
      guard let end = text.match(at: index, words) else {
        index += 1
        continue
      }
      let range = text.starts[index]..<text.start(of: end)
      marked += String(decoding: bytes[start..<range.lowerBound], as: UTF8.self)
      marked += mark(String(decoding: bytes[range], as: UTF8.self))
      start = range.upperBound
      index = end
    }
    return marked + String(decoding: bytes[start...], as: UTF8.self)
  }
}

/// A line as the index compares it, with the offset in the line of each of its bytes.
private struct FoldedLine {
  let bytes: [UInt8]
  /// Of each byte, where the character that it is of begins in the line; -1 inside of a character.
  let starts: [Int]
  private let byteCount: Int

  init(_ line: String) {
    byteCount = line.utf8.count
    (bytes, starts) = SearchRequest.foldedCharacters(line)
  }

  /// Where the line goes on behind the folded byte before `index`.
  func start(of index: Int) -> Int { index < starts.count ? starts[index] : byteCount }

  /// The end of the first of `words` that occurs at `index`, from the beginning of a character to the end of one.
  func match(at index: Int, _ words: [[UInt8]]) -> Int? {
    if starts[index] < 0 { return nil }
    for word in words where index + word.count <= bytes.count {
      let end = index + word.count
      if end < starts.count, starts[end] < 0 { continue }
      if bytes[index..<end].elementsEqual(word) { return end }
    }
    return nil
  }
}
