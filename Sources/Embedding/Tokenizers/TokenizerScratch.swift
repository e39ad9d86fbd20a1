/// The working memory of one encoding after another.
// `@unchecked Sendable`: a `ScratchPool` hands it to one thread at a time.
final class TokenizerScratch: @unchecked Sendable {
  var normalizing = NormalizerScratch()
  /// What `pieces` are cut from, and what the next step makes of it where it changes the text itself.
  var text: [UInt8] = []
  var pieces: [Piece] = []
  var otherText: [UInt8] = []
  var otherPieces: [Piece] = []
  var words = WordCache()

  /// Replaces each piece of text by those that `cut` appends. They must be in order and not empty.
  @inline(__always)
  func cutPieces(_ cut: (Span<UInt8>, Piece, inout [Piece]) -> Void) {
    otherPieces.removeAll(keepingCapacity: true)
    for piece in pieces {
      if piece.isText {
        let first = otherPieces.count
        cut(text.span, piece, &otherPieces)
        if piece.beginsText, first < otherPieces.count {
          otherPieces[first].beginsText = otherPieces[first].start == piece.start
        }
      } else {
        otherPieces.append(piece)
      }
    }
    swap(&pieces, &otherPieces)
  }

  /// Lets go of what a very long text has needed.
  func shrink() {
    let limit = 1 << 20
    if text.capacity > limit || pieces.capacity > limit / 8 {
      text = []
      pieces = []
      otherText = []
      otherPieces = []
      normalizing = NormalizerScratch()
    }
  }
}
