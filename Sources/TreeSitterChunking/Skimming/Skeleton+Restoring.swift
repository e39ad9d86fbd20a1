import Chunking
import Primitives

extension Skeleton {
  /// Bytes that were left out before `offset` of the text; `next` cuts are known to lie at or before it.
  func byteCount(before offset: Int, from next: Int) -> Int {
    let count = cuts.count(from: next) { $0.offset <= offset }
    return count > 0 ? cuts[count - 1].byteCount : 0
  }

  /// Lines that were left out before `line` of the text. A cut is the last of its line, so that what stands on the same
  /// line stands before it.
  func lineCount(before line: Int, from next: Int) -> Int {
    let count = cuts.count(from: next) { $0.line < line }
    return count > 0 ? cuts[count - 1].lineCount : 0
  }

  /// Writes down what was left out at a cut.
  func restore(
    _ cut: Int, into nodes: inout [SyntaxOutline.Node], _ around: inout [Int], _ source: Span<UInt8>
  ) {
    switch omissions[cut].content {
    case .parts(let range): restoreParts(range, of: omissions[cut].bytes, into: &nodes, &around, source)
    case .macros: restoreMacros(cut, into: &nodes, source)
    case .nothing: break
    }
  }

  /// Parts become nodes as those of a tree would: in a node of some size, where they begin a line.
  private func restoreParts(
    _ range: Range<Int>, of bytes: Range<Int>, into nodes: inout [SyntaxOutline.Node], _ around: inout [Int],
    _ source: Span<UInt8>
  ) {
    while let last = around.last, nodes[last].bytes.upperBound <= bytes.lowerBound { around.removeLast() }
    let owner = around.last.map { nodes[$0] }
    let isOwnerSmall = (owner?.bytes ?? bytes).count < OutlineBuilder.smallByteCount
    if isOwnerSmall { return }
    var depths: [Int] = []
    depths.reserveCapacity(range.count)
    for number in range {
      let part = parts[number]
      let hasParent = part.parent >= range.lowerBound
      let isInSmall = hasParent && parts[part.parent].bytes.count < OutlineBuilder.smallByteCount
      var depth = hasParent ? depths[part.parent - range.lowerBound] : owner?.depth ?? -1
      if !isInSmall, source.isFirstOnLine(part.bytes.lowerBound), !part.bytes.isEmpty {
        depth += 1
        nodes.append(SyntaxOutline.Node(bytes: part.bytes, depth: depth))
      }
      depths.append(depth)
    }
  }

  /// Macros become neighbours of the one before them, if that was found to define something.
  private func restoreMacros(_ cut: Int, into nodes: inout [SyntaxOutline.Node], _ source: Span<UInt8>) {
    let bytes = omissions[cut].bytes
    var line = cuts[cut].line + (cut > 0 ? cuts[cut - 1].lineCount : 0)
    guard let first = nodes.last, let symbol = first.symbol, symbol.kind == .macro, symbol.line == line else { return }
    nodes[nodes.count - 1].bytes = first.bytes.lowerBound..<min(first.bytes.upperBound, bytes.lowerBound + 1)
    var position = bytes.lowerBound
    while position < bytes.upperBound {
      // At a newline: the next line follows, blank or a macro.
      line += 1
      position += 1
      var start = position
      while source[start] == .space || source[start] == .tab || source[start] == .carriageReturn { start += 1 }
      while source[position] != .newline { position += 1 }
      if source[start] != .hash { continue }
      var name = source.directiveWord(at: start).upperBound
      while name < position, !source.isIdentifier(at: name) { name += 1 }
      let text = source.name(name..<source.endOfIdentifier(at: name))
      if text.isEmpty { continue }
      nodes.append(
        SyntaxOutline.Node(
          bytes: start..<(position + 1), depth: first.depth,
          symbol: Symbol(kind: .macro, name: text, enclosing: symbol.enclosing, line: line)))
    }
  }
}

extension [Skeleton.Cut] {
  /// How many of the elements, which `isBefore` parts in two, are before; `known` are.
  fileprivate func count(from known: Int, where isBefore: (Element) -> Bool) -> Int {
    // Gallop, then halve: most answers are near.
    var low = known
    var step = 1
    while low + step <= count, isBefore(self[low + step - 1]) {
      low += step
      step *= 2
    }
    var high = Swift.min(low + step, count + 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isBefore(self[middle - 1]) { low = middle } else { high = middle }
    }
    return low
  }
}
