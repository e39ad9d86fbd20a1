import Segments

/// One word or name of a query with everything that it may be called in code.
package struct QueryTerm: Hashable, Sendable {
  /// As it was written.
  package var text: String
  /// Lower-cased, whole.
  package var word: String
  /// The parts of a name (`parse`, `date`, `tz`), without the whole; empty for a plain word.
  package var parts: [String]
  /// Other forms of a plain word (`retries`: `retry`, `retried`, `retrying`), best first.
  package var variants: [String]
  /// Words that code may use instead.
  package var synonyms: [String]
  /// Whether it is written as code writes names.
  package var isIdentifier: Bool
  /// Whether it carries little meaning: part of the query's grammar, not of what is asked.
  package var isStopWord: Bool
  /// Whether it is the class of what went wrong, as it is printed before a message (`ValueError: cannot convert`): what
  /// is asked for is where the message comes from, not where the class is defined.
  package var isMessageHead = false
  /// Whether `word` is only the beginning of `text`, as the index keeps it of what is longer (`WordList.longestWord`):
  /// the files tell whether the whole is there.
  package private(set) var isCut = false

  package init(
    text: String, word: String, parts: [String] = [], variants: [String] = [], synonyms: [String] = [],
    isIdentifier: Bool = false, isStopWord: Bool = false
  ) {
    self.text = text
    isCut = word.utf8.count > WordList.longestWord && word.utf8.allSatisfy { $0 < 0x80 }
    self.word = isCut ? String(decoding: word.utf8.prefix(WordList.longestWord), as: UTF8.self) : word
    self.parts = parts
    self.variants = variants
    self.synonyms = synonyms
    self.isIdentifier = isIdentifier
    self.isStopWord = isStopWord
  }

  /// Whether it is a word of what is asked: neither grammar nor a name.
  package var isPlainWord: Bool { !isStopWord && !isIdentifier && !isMessageHead }

  /// What the index has of it inside of a longer word: its parts, and those of a plain word with digits.
  package var indexedParts: [String] {
    var list = WordList()
    let word = Array(text.utf8)
    list.append(wordsOf: word.span)
    return list.words.dropFirst().map { String(decoding: list.bytes[$0], as: UTF8.self) }
  }

  mutating func markAsMessageHead() {
    isIdentifier = false
    isMessageHead = true
  }

  /// The word in every form, whole names first.
  package var forms: [String] { [word] + parts + variants + synonyms }
}
