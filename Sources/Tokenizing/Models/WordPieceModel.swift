import Primitives

/// WordPiece: a word is the longest token it begins with, then the longest continuation of what remains, and so on;
/// where one is missing, the whole word is unknown. Linear in a word's length times that of the longest token.
struct WordPieceModel: Sendable {
  private let words: ByteTrie
  private let continuations: ByteTrie
  private let unknown: Int32?
  private let unknownToken: String
  /// In scalars.
  private let longestWord: Int

  init(_ part: TokenizerNode, _ vocabulary: Vocabulary) throws(Failure) {
    try part.allow(["type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"])
    unknownToken = try part.required("unk_token").string()
    longestWord = try part.required("max_input_chars_per_word").count()
    let prefix = Array(try part.required("continuing_subword_prefix").string().utf8)
    unknown = vocabulary.id(of: unknownToken)
    let all = (0..<vocabulary.count).map { (key: vocabulary.bytes(of: $0), value: vocabulary.id(of: $0)) }
    words = ByteTrie(all)
    continuations = ByteTrie(
      all.filter { $0.key.starts(with: prefix) }.map { ($0.key.dropFirst(prefix.count), $0.value) })
  }

  /// Appends the tokens of the word at `range`.
  func encode(_ text: Span<UInt8>, _ range: Range<Int>, into ids: inout [Int32]) throws(Failure) {
    let before = ids.count
    var count = range.count
    if count > longestWord {
      count = 0
      for i in range where text[i] & 0xC0 != 0x80 { count += 1 }
    }
    if count <= longestWord {
      var position = range.lowerBound
      var trie = words
      while position < range.upperBound {
        guard let match = trie.longestMatch(in: text, from: position, to: range.upperBound) else { break }
        ids.append(match.value)
        position = match.end
        trie = continuations
      }
      if position == range.upperBound { return }
      ids.removeLast(ids.count - before)
    }
    guard let unknown else {
      throw Failure(
        .wrongFormat, "the tokenizer cannot say that a word is unknown: its vocabulary lacks \(unknownToken)")
    }
    ids.append(unknown)
  }
}
