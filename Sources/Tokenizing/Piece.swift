/// A stretch of a text on its way through the tokenizer: bytes of `TokenizerScratch.text`, or a token that was found
/// already.
struct Piece {
  var start: Int
  var end: Int
  /// The token, or -1 for text.
  var token: Int32 = -1
  /// Whether the first scalar stems from the first one of the text that was given. `Metaspace` asks for it.
  var beginsText = false

  var isText: Bool { token < 0 }
  var range: Range<Int> { unsafe Range(uncheckedBounds: (start, end)) }
}
