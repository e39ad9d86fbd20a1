import Synchronization

/// The working memory of one encoding after another.
// `@unchecked Sendable`: a `ScratchPool` hands it to one thread at a time.
final class TokenizerScratch: @unchecked Sendable {
  var normalizing = NormalizerScratch()
  /// What `pieces` are cut from.
  var text: [UInt8] = []
  var pieces: [Pretoken] = []
  var words = WordCache()
  var model = ModelScratch()
  private var cutting = CutScratch()
  /// What the next step makes of `text` and `pieces`.
  private var nextText: [UInt8] = []
  private var nextPieces: [Pretoken] = []

  /// Replaces each piece of text by those that `cut` appends. They must be in order and not empty.
  @inline(__always)
  func cutPieces(_ cut: (Span<UInt8>, Pretoken, inout [Pretoken], inout CutScratch) -> Void) {
    let text = text
    nextPieces.removeAll(keepingCapacity: true)
    for piece in pieces {
      if piece.isText {
        let first = nextPieces.count
        cut(text.span, piece, &nextPieces, &cutting)
        if piece.beginsText, first < nextPieces.count {
          nextPieces[first].beginsText = nextPieces[first].start == piece.start
        }
      } else {
        nextPieces.append(piece)
      }
    }
    swap(&pieces, &nextPieces)
  }

  /// Replaces each piece of text by those that `rewrite` appends, of text that it appends before.
  @inline(__always)
  func rewritePieces(_ rewrite: (Span<UInt8>, Pretoken, inout [UInt8], inout [Pretoken]) -> Void) {
    do {
      let text = text
      nextText.removeAll(keepingCapacity: true)
      nextText.reserveCapacity(text.count + text.count / 4)
      nextPieces.removeAll(keepingCapacity: true)
      for piece in pieces {
        if piece.isText { rewrite(text.span, piece, &nextText, &nextPieces) } else { nextPieces.append(piece) }
      }
    }
    swap(&pieces, &nextPieces)
    swap(&text, &nextText)
  }

  /// Frees what a very long text has needed.
  func shrink() {
    let limit = 1 << 20
    if text.capacity > limit || nextText.capacity > limit || pieces.capacity > limit / 8 {
      text = []
      pieces = []
      nextText = []
      nextPieces = []
      cutting = CutScratch()
      normalizing = NormalizerScratch()
      model = ModelScratch()
    }
  }
}

/// Working memories that are not in use. There are never more than threads that encoded at once.
final class ScratchPool: Sendable {
  private let idle = Mutex<[TokenizerScratch]>([])

  /// Calls `body` with a scratch that nobody else uses meanwhile.
  func borrow<Result, Problem: Error>(_ body: (TokenizerScratch) throws(Problem) -> Result) throws(Problem) -> Result {
    let scratch = idle.withLock { $0.popLast() } ?? TokenizerScratch()
    defer {
      scratch.shrink()
      idle.withLock { $0.append(scratch) }
    }
    return try body(scratch)
  }
}
