import Primitives

/// Cuts at the matches of a pattern.
struct PatternSplitter: Sendable {
  private let pattern: RegexMatcher
  private let behavior: SplitBehavior
  /// Whether what does not match is the separator.
  private let isInverted: Bool

  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["type", "pattern", "behavior", "invert"])
    pattern = try RegexMatcher(member: try part.required("pattern"))
    behavior = try SplitBehavior(try part.required("behavior"))
    isInverted = try part.required("invert").boolean()
  }

  func cut(_ text: Span<UInt8>, _ piece: Pretoken, _ pieces: inout [Pretoken], _ scratch: inout CutScratch) {
    var begin = piece.start
    scratch.stretches.removeAll(keepingCapacity: true)
    var stretches = scratch.stretches
    scratch.stretches = []
    pattern.forEachMatch(in: text, piece.range, &scratch.ways) { match in
      if begin < match.lowerBound { stretches.append((begin..<match.lowerBound, isInverted)) }
      stretches.append((match, !isInverted))
      begin = match.upperBound
    }
    if begin < piece.end { stretches.append((begin..<piece.end, isInverted)) }
    behavior.append(stretches, to: &pieces)
    scratch.stretches = stretches
  }
}

/// The working memory of cuts.
struct CutScratch {
  var stretches: [SplitBehavior.Stretch] = []
  var ways: [RegexMatcher.WayBack] = []
}

extension SplitBehavior {
  init(_ part: TokenizerNode) throws(Failure) {
    let name = try part.string()
    guard let behavior = SplitBehavior(rawValue: name) else { throw part.unsupported("the behavior \(name)") }
    self = behavior
  }
}
