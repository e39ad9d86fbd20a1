import Primitives

/// Cuts at the matches of a pattern.
struct PatternCut: Sendable {
  private let pattern: ScalarPattern
  private let behavior: CutBehavior
  /// Whether what does not match is the separator.
  private let isInverted: Bool

  init(_ part: FilePart) throws(Failure) {
    try part.allow(["type", "pattern", "behavior", "invert"])
    pattern = try ScalarPattern(member: try part.required("pattern"))
    behavior = try CutBehavior(try part.required("behavior"))
    isInverted = try part.required("invert").boolean()
  }

  func cut(_ text: Span<UInt8>, _ piece: Piece, _ pieces: inout [Piece], _ scratch: inout CutScratch) {
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
  var stretches: [CutBehavior.Stretch] = []
  var ways: [ScalarPattern.WayBack] = []
}

extension CutBehavior {
  init(_ part: FilePart) throws(Failure) {
    let name = try part.string()
    guard let behavior = CutBehavior(rawValue: name) else { throw part.unsupported("the behavior \(name)") }
    self = behavior
  }
}
