import Primitives

/// Spaces become a visible character, which also stands before the text, and words begin with it.
struct Metaspace: Sendable {
  private enum Prefix: String { case always, first, never }

  private let replacement: [UInt8]
  private let scalar: UInt32
  private let prefix: Prefix
  private let splits: Bool

  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["type", "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep"])
    let text = try part.required("replacement")
    let scalars = try text.string().unicodeScalars
    guard scalars.count == 1, let scalar = scalars.first else { throw text.wrong("it is not one character") }
    self.scalar = scalar.value
    replacement = Array(String(scalar).utf8)
    splits = try part["split"]?.boolean() ?? true
    let scheme = try part["prepend_scheme"]?.string() ?? Prefix.always.rawValue
    guard let prefix = Prefix(rawValue: scheme) else { throw part.unsupported("the scheme \(scheme)") }
    if try part["add_prefix_space"]?.boolean() == false {
      // Files of old say it so, and give no scheme; the reference refuses files that say both.
      guard prefix == .never else { throw part.wrong("`add_prefix_space` and `prepend_scheme` contradict each other") }
    }
    self.prefix = prefix
  }

  func apply(_ scratch: TokenizerScratch) {
    scratch.rewritePieces { text, piece, output, pieces in
      let begin = output.count
      let isFirst = prefix == .always || (prefix == .first && piece.beginsText)
      if isFirst, !beginsWithReplacement(text, piece) { output += replacement }
      var start = begin
      for i in piece.range {
        let byte = text[i]
        if byte == .space {
          if splits, output.count > start { cut(start, output.count, begin, piece, &pieces, &start) }
          output += replacement
        } else {
          if splits, i + replacement.count <= piece.end, output.count > start, isReplacement(text, i) {
            cut(start, output.count, begin, piece, &pieces, &start)
          }
          output.append(byte)
        }
      }
      cut(start, output.count, begin, piece, &pieces, &start)
    }
  }

  private func cut(
    _ start: Int, _ end: Int, _ begin: Int, _ piece: Pretoken, _ pieces: inout [Pretoken], _ next: inout Int
  ) {
    pieces.append(Pretoken(start: start, end: end, beginsText: piece.beginsText && start == begin))
    next = end
  }

  private func beginsWithReplacement(_ text: Span<UInt8>, _ piece: Pretoken) -> Bool {
    text[piece.start] == .space || (piece.start + replacement.count <= piece.end && isReplacement(text, piece.start))
  }

  private func isReplacement(_ text: Span<UInt8>, _ start: Int) -> Bool {
    for i in replacement.indices where text[start + i] != replacement[i] { return false }
    return true
  }
}
