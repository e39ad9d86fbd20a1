import Chunking

/// A file without what a skimmer left out of it (its *omissions*), and the way back from offsets in the shorter text to
/// offsets in the file.
///
/// Skimming is function-body elision before parsing: the insides of bodies, which define nothing, are cut out of the
/// text, the parser sees the skeleton that is left, and its outline is remapped to the file. A parse costs by the byte,
/// and most bytes are in bodies.
struct Skeleton {
  let omissions: [Omission]
  let parts: [SkimmedPart]
  /// What the parser is to see.
  let text: [UInt8]
  /// Where each omission lies in `text`, and how many bytes and lines were left out up to and with it.
  let cuts: [Cut]

  struct Cut {
    var offset: Int
    /// The line, from 1, that the place is on.
    var line: Int
    var byteCount: Int
    var lineCount: Int
  }

  /// Nil if the whole text is to be parsed because the rules leave out too little of it.
  init?(_ source: Span<UInt8>, rules: SkimRules) {
    var skimmer = Skimmer(rules: rules)
    skimmer.skim(source)
    omissions = skimmer.omissions
    parts = skimmer.parts
    let omitted = omissions.reduce(0) { $0 + $1.bytes.count }
    let hasAnnotations = omissions.contains { if case .nothing = $0.content { true } else { false } }
    if omitted < 256, !hasAnnotations { return nil }

    var text: [UInt8] = []
    text.reserveCapacity(source.count - omitted)
    var cuts: [Cut] = []
    cuts.reserveCapacity(omissions.count)
    var position = 0
    var line = 1
    var byteCount = 0
    var lineCount = 0
    for omission in omissions {
      let kept = position..<omission.bytes.lowerBound
      Skeleton.append(source.extracting(kept), to: &text)
      line += source.newlineCount(in: kept)
      byteCount += omission.bytes.count
      lineCount += source.newlineCount(in: omission.bytes)
      cuts.append(Cut(offset: text.count, line: line, byteCount: byteCount, lineCount: lineCount))
      position = omission.bytes.upperBound
    }
    Skeleton.append(source.extracting(position..<source.count), to: &text)
    self.text = text
    self.cuts = cuts
  }

  private static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
  }

  /// The outline of the whole file: the nodes that the parser found in `text`, their offsets mapped back to the whole,
  /// and between them what was skipped.
  func outline(of nodes: [SyntaxOutline.Node], in source: Span<UInt8>) -> [SyntaxOutline.Node] {
    var restored: [SyntaxOutline.Node] = []
    restored.reserveCapacity(nodes.count + parts.count)
    var around: [Int] = []
    var next = 0
    for node in nodes {
      while next < cuts.count, cuts[next].offset <= node.bytes.lowerBound {
        restore(next, into: &restored, &around, source)
        next += 1
      }
      var node = node
      // What ends where something was left out ends before it.
      let last = max(node.bytes.lowerBound, node.bytes.upperBound - 1)
      let start = node.bytes.lowerBound + (next > 0 ? cuts[next - 1].byteCount : 0)
      node.bytes = start..<(last + byteCount(before: last, from: next) + 1)
      if let symbol = node.symbol { node.symbol?.line += lineCount(before: symbol.line, from: next) }
      while let last = around.last, restored[last].bytes.upperBound <= node.bytes.lowerBound { around.removeLast() }
      around.append(restored.count)
      restored.append(node)
    }
    while next < cuts.count {
      restore(next, into: &restored, &around, source)
      next += 1
    }
    return restored
  }
}
