/// Marks a question's words where they occur in a line.
package struct Highlighter {
  /// Lower-cased ASCII or other bytes, longest first, so that the longest word at a place wins.
  private let words: [[UInt8]]

  /// Words of a question that say nothing about where the answer is.
  private static let fillers: Set<String> = [
    "the", "and", "for", "are", "was", "were", "how", "does", "did", "what", "where", "when", "which", "who", "why",
    "with", "from", "that", "this", "into", "can", "not", "all", "you", "our", "its", "has", "have",
  ]

  package init(question: String) {
    var words: Set<String> = []
    for part in question.split(separator: " ")
    where !["lang:", "path:", "ext:", "kind:"].contains(where: part.hasPrefix) {
      let pieces = part.unicodeScalars.split { !($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_") }
      for piece in pieces {
        let word = String(String.UnicodeScalarView(piece)).lowercased()
        if word.utf8.count >= 3, !Self.fillers.contains(word) { words.insert(word) }
      }
    }
    self.words = words.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }.map { Array($0.utf8) }
  }

  /// The first byte of `line` at which a word stands; 0 where none does.
  package func firstMark(in line: String) -> Int {
    let folded = line.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    return folded.indices.first { place in words.contains { folded[place...].starts(with: $0) } } ?? 0
  }

  /// `line` with each occurrence passed through `mark`. ASCII letters are compared without case.
  package func mark(_ line: String, with mark: (String) -> String) -> String {
    if words.isEmpty { return line }
    let bytes = Array(line.utf8)
    let folded = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    var marked = ""
    var start = 0
    var index = 0
    while index < folded.count {
      // A match of whole words' bytes begins and ends between characters, since the words are whole UTF-8.
      if let word = words.first(where: { folded[index...].starts(with: $0) }) {
        marked += String(decoding: bytes[start..<index], as: UTF8.self)
        marked += mark(String(decoding: bytes[index..<(index + word.count)], as: UTF8.self))
        index += word.count
        start = index
      } else {
        index += 1
      }
    }
    return marked + String(decoding: bytes[start...], as: UTF8.self)
  }
}
