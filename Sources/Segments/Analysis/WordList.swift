/// The words of some names, as the analyzer cuts them, in two flat arrays that are kept from name to name: for loops
/// over the names of hundreds of symbols, where a `String` for each word would be most of the work.
package struct WordList: Sendable {
  /// A word of more bytes is cut.
  package static let longestWord = WordSplitter.maximumByteCount

  /// The words' bytes, lower-cased; words are runs of them.
  package private(set) var bytes: [UInt8] = []
  package private(set) var words: [Range<Int>] = []
  private var splitter = WordSplitter()
  /// Made when a text is met that it is needed for.
  private var scripts: ScriptSplitter?

  package init() {}

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    words.removeAll(keepingCapacity: true)
  }

  /// Appends the words of `text`: each whole followed by its parts, as `Analyzer.words(of:)` gives them.
  package mutating func append(wordsOf text: Span<UInt8>) {
    if !text.holdsScripts { return appendPlain(wordsOf: text) }
    // Runs of letters, with some beyond ASCII or without.
    var offset = 0
    while offset < text.count {
      if !WordSplitter.isOfWord(text[offset]) {
        offset += 1
        continue
      }
      let start = offset
      var all: UInt8 = 0
      while offset < text.count, WordSplitter.isOfWord(text[offset]) {
        all |= text[offset]
        offset += 1
      }
      let run = text.extracting(start..<offset)
      if all < 0x80 { appendPlain(wordsOf: run) } else { appendScripts(wordsOf: run) }
    }
  }

  private mutating func appendScripts(wordsOf text: Span<UInt8>) {
    var splitter = self.scripts.take() ?? ScriptSplitter()
    var offset = 0
    while splitter.next(in: text, from: &offset) {
      let start = bytes.count
      bytes.append(splitter.bytes.span.extracting(0..<splitter.bytes.count))
      for word in splitter.words { words.append(start + word.range.lowerBound..<start + word.range.upperBound) }
    }
    scripts = splitter
  }

  private mutating func appendPlain(wordsOf text: Span<UInt8>) {
    var offset = 0
    if bytes.capacity == 0 {
      // Room for those of most names, in one step.
      bytes.reserveCapacity(64)
      words.reserveCapacity(16)
    }
    while splitter.next(in: text, from: &offset) {
      let start = bytes.count
      bytes.append(splitter.word.span.extracting(0..<splitter.wordByteCount))
      words.append(start..<bytes.count)
      for i in 0..<splitter.partCount {
        words.append(start + Int(splitter.parts[i].start)..<start + Int(splitter.parts[i].end))
      }
    }
  }

  /// Appends the words of a name without the first of them where there are several: the whole says nothing that its
  /// parts do not.
  package mutating func append(partsOfName name: Span<UInt8>) {
    let first = words.count
    append(wordsOf: name)
    if words.count - first > 1 {
      for i in (first + 1)..<words.count { words[i - 1] = words[i] }
      words.removeLast()
    }
  }
}
