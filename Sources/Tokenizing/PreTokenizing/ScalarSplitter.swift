import Primitives

/// Cuts at single scalars of a kind.
struct ScalarSplitter: Sendable {
  enum Kind: Hashable, Sendable {
    case space
    case punctuation
    case numeric
    case scalar(UInt32)
  }
  let kind: Kind
  let behavior: SplitBehavior

  func cut(_ text: Span<UInt8>, _ piece: Pretoken, _ pieces: inout [Pretoken], _ scratch: inout CutScratch) {
    scratch.stretches.removeAll(keepingCapacity: true)
    var begin = piece.start
    var position = piece.start
    while position < piece.end {
      let (scalar, length) = text.scalar(at: position)
      if isSeparator(scalar) {
        if begin < position { scratch.stretches.append((begin..<position, false)) }
        scratch.stretches.append((position..<position + length, true))
        begin = position + length
      }
      position += length
    }
    if begin < piece.end { scratch.stretches.append((begin..<piece.end, false)) }
    behavior.append(scratch.stretches, to: &pieces)
  }

  @inline(__always)
  private func isSeparator(_ scalar: UInt32) -> Bool {
    let traits = UnicodeTables.shared.scalarClass(scalar)
    switch kind {
    case .space: return traits.isSpace
    case .punctuation: return traits.isPunctuation
    case .numeric: return traits.isNumeric
    case .scalar(let wanted): return scalar == wanted
    }
  }
}

/// `Whitespace`: runs of `\w`, and runs of what is neither `\w` nor space; spaces go.
enum WhitespaceSplitter {
  static func cut(_ text: Span<UInt8>, _ piece: Pretoken, _ pieces: inout [Pretoken]) {
    let tables = UnicodeTables.shared
    var begin = piece.start
    var before = 0
    var position = piece.start
    while position < piece.end {
      let (scalar, length) = text.scalar(at: position)
      let traits = tables.scalarClass(scalar)
      // A scalar can be both: none is, but words are tried first.
      let kind = traits.isWord ? 1 : traits.isSpace ? 0 : 2
      if kind != before {
        if before != 0 { pieces.append(Pretoken(begin..<position)) }
        begin = position
        before = kind
      }
      position += length
    }
    if before != 0, begin < piece.end { pieces.append(Pretoken(begin..<piece.end)) }
  }
}
