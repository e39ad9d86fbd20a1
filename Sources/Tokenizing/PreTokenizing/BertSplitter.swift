import Primitives

/// Words between spaces; punctuation characters stand alone.
enum BertSplitter {
  /// 0 for what a word consists of, 1 for a space, 2 for punctuation; ASCII only.
  private static let ascii: [UInt8] = (0..<128 as Range<UInt32>).map { scalar in
    let kind = UnicodeTables.shared.scalarClass(scalar)
    return kind.isSpace ? 1 : kind.isPunctuation ? 2 : 0
  }

  static func cut(_ text: Span<UInt8>, _ piece: Pretoken, _ pieces: inout [Pretoken]) {
    let tables = UnicodeTables.shared
    let ascii = ascii.span
    var start = piece.start
    var position = piece.start
    while position < piece.end {
      let byte = text[position]
      var length = 1
      let kind: UInt8
      if byte < 0x80 {
        kind = ascii[Int(byte)]
      } else {
        let scalar = text.scalar(at: position)
        length = scalar.length
        let traits = tables.scalarClass(scalar.value)
        kind = traits.isSpace ? 1 : traits.isPunctuation ? 2 : 0
      }
      if kind != 0 {
        if start < position { pieces.append(Pretoken(start: start, end: position)) }
        if kind == 2 { pieces.append(Pretoken(start: position, end: position &+ length)) }
        start = position &+ length
      }
      position &+= length
    }
    if start < position { pieces.append(Pretoken(start: start, end: position)) }
  }
}
