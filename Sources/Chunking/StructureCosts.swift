/// What it costs to begin a chunk with each line, judged by the traits of the text alone: indentation, blank lines,
/// braces, headings. Used where there is no syntax, and inside a piece of syntax that has no parts.
struct StructureCosts {
  private(set) var costs: [Int32]
  /// Whether an entry looks like a comment from its first byte.
  private(set) var isComment: [Bool]

  init(_ lines: LineTable, in source: Span<UInt8>) {
    let entries = lines.entries
    costs = [Int32](repeating: 0, count: entries.count)
    isComment = [Bool](repeating: false, count: entries.count)
    var braceDepth = 0
    var previousTraits = LineTraits()
    for index in entries.indices {
      let entry = entries[index]
      let traits = LineTraits(source, entry)
      var cost = min(Int(entry.indentation), 24) * 30 + min(braceDepth, 8) * 60
      cost += entry.followsBlank ? -250 : 250
      if traits.isCloser { cost += 900 }
      if traits.isUnderline {
        cost += 900
        // A line underlined as a title (`====`) is a heading as well, which only this line tells.
        if index > 0 { costs[index - 1] -= 450 }
      }
      if traits.isHeading { cost -= 450 }
      if previousTraits.isHeading, !traits.isHeading { cost += 900 }
      if !entry.followsBlank {
        if previousTraits.isComment { cost += traits.isComment ? 200 : 500 }
        if previousTraits.isContinued { cost += 400 }
        if index > 0, entry.indentation > entries[index - 1].indentation { cost += 300 }
      }
      costs[index] = Int32(cost)
      isComment[index] = traits.isComment
      braceDepth = max(0, min(braceDepth + traits.braceBalance, 1_000_000))
      previousTraits = traits
    }
  }
}
