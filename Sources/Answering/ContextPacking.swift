/// Chooses what of the retrieved passages a prompt has room for.
package enum ContextPacking {
  /// A passage is cut rather than left out when at least so many of its lines fit.
  private static let leastLines = 6
  /// A line is cut behind so many bytes: nobody writes longer ones by hand.
  private static let longestLine = 1000

  /// The best of `passages` (best first) that together have at most `tokenLimit` tokens, in their order. Lines that two
  /// passages share appear once: passages of a file that overlap or touch become one, at the better one's place. At
  /// least some lines of the first are kept, however small the limit.
  package static func pack(_ passages: [Passage], tokenLimit: Int) -> [Passage] {
    var packed: [Passage] = []
    var remaining = tokenLimit
    for passage in passages.map(shortened) where !passage.lines.isEmpty {
      // Several may be there that it joins; the first takes it in, and then the others.
      var whole = passage
      var joined: [Int] = []
      for (index, other) in packed.enumerated() {
        guard let union = union(whole, other) else { continue }
        whole = union
        joined.append(index)
      }
      let freed = joined.reduce(0) { $0 + packed[$1].tokenCount }
      if whole.tokenCount - freed <= remaining {
        remaining -= whole.tokenCount - freed
        replace(joined, with: whole, in: &packed)
      } else if joined.isEmpty {
        // Room that the next best leaves is for the ones behind it.
        guard let part = beginning(of: whole, tokenLimit: remaining, isFirst: packed.isEmpty) else { continue }
        remaining -= part.tokenCount
        packed.append(part)
      }
    }
    return packed
  }

  private static func replace(_ joined: [Int], with whole: Passage, in packed: inout [Passage]) {
    guard let first = joined.first else { return packed.append(whole) }
    packed[first] = whole
    for index in joined.dropFirst().reversed() { packed.remove(at: index) }
  }

  /// Both as one where they overlap or touch.
  private static func union(_ a: Passage, _ b: Passage) -> Passage? {
    guard a.path == b.path else { return nil }
    let (first, second) = a.firstLine <= b.firstLine ? (a, b) : (b, a)
    guard second.firstLine <= first.lineRange.upperBound + 1 else { return nil }
    var whole = first
    whole.lines += second.lines.dropFirst(first.lineRange.upperBound + 1 - second.firstLine)
    return whole
  }

  private static func beginning(of passage: Passage, tokenLimit: Int, isFirst: Bool) -> Passage? {
    var part = passage
    while part.tokenCount > tokenLimit, part.lines.count > 1 { part.lines.removeLast() }
    if isFirst { return part }
    return part.tokenCount <= tokenLimit && part.lines.count >= min(leastLines, passage.lines.count) ? part : nil
  }

  private static func shortened(_ passage: Passage) -> Passage {
    var shorter = passage
    for (index, line) in passage.lines.enumerated() where line.utf8.count > longestLine {
      shorter.lines[index] = line.prefix(longestLine / 4) + " …"
    }
    return shorter
  }
}
