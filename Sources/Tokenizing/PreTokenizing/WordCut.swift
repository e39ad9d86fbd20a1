import Primitives

/// `Whitespace`: runs of `\w`, and runs of what is neither `\w` nor space; spaces go.
enum WordCut {
  static func cut(_ text: Span<UInt8>, _ piece: Piece, _ pieces: inout [Piece]) {
    let tables = UnicodeTables.shared
    var begin = piece.start
    var before = 0
    var position = piece.start
    while position < piece.end {
      let (scalar, length) = text.scalar(at: position)
      let traits = tables.scalarClass(scalar)
      // A scalar can be both: none is, but words are looked for first.
      let kind = traits.isWord ? 1 : traits.isSpace ? 0 : 2
      if kind != before {
        if before != 0 { pieces.append(Piece(begin..<position)) }
        begin = position
        before = kind
      }
      position += length
    }
    if before != 0, begin < piece.end { pieces.append(Piece(begin..<piece.end)) }
  }
}
