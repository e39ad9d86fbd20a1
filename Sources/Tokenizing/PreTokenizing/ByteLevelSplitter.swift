import Primitives

/// What GPT-2 and its heirs do: a space before the text, a cut by a pattern, and each byte as a visible character.
struct ByteLevelSplitter: Sendable {
  private let addsSpace: Bool
  private let usesPattern: Bool
  private let pattern: RegexMatcher
  /// Whether bytes become characters. Not where the model takes the bytes themselves: see `BytePairModel`.
  var writesCharacters = true

  static let pattern = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["type", "add_prefix_space", "trim_offsets", "use_regex"])
    addsSpace = try part.required("add_prefix_space").boolean()
    usesPattern = try part["use_regex"]?.boolean() ?? true
    pattern = try RegexMatcher(Self.pattern, part)
  }

  func apply(_ scratch: TokenizerScratch) {
    if addsSpace {
      scratch.rewritePieces { text, piece, output, pieces in
        let begin = output.count
        if text[piece.start] != .space { output.append(.space) }
        for i in piece.range { output.append(text[i]) }
        pieces.append(Pretoken(start: begin, end: output.count, beginsText: piece.beginsText))
      }
    }
    if usesPattern {
      scratch.cutPieces { text, piece, pieces, scratch in
        var begin = piece.start
        pattern.forEachMatch(in: text, piece.range, &scratch.ways) { match in
          if begin < match.lowerBound { pieces.append(Pretoken(begin..<match.lowerBound)) }
          pieces.append(Pretoken(match))
          begin = match.upperBound
        }
        if begin < piece.end { pieces.append(Pretoken(begin..<piece.end)) }
      }
    }
    if writesCharacters {
      scratch.rewritePieces { text, piece, output, pieces in
        let begin = output.count
        for i in piece.range { output.append(scalar: ByteAlphabet.scalar(of: text[i])) }
        pieces.append(Pretoken(start: begin, end: output.count, beginsText: piece.beginsText))
      }
    }
  }
}
