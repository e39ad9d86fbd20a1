import Primitives

/// `{a,b}` in patterns, as shells have it.
package enum Braces {
  /// Everything that `pattern` stands for, in the order of its alternatives; itself where it has no braces with a
  /// comma, where one is not closed, or where there would be more than `limit`. `\\{`, `\\,` and `\\}` are no braces
  /// and keep their backslash.
  ///
  /// - Parameter ofGlobs: as ripgrep's globs have them: a group needs no comma, and in a set (`[{,}]`) there is none.
  package static func expand(_ pattern: [UInt8], limit: Int, ofGlobs: Bool = false) -> [[UInt8]] {
    var expanded: [[UInt8]] = []
    // Patterns whose first group is still to be expanded, the next one last.
    var open = [pattern]
    while let next = open.popLast() {
      guard let group = firstGroup(in: next, ofGlobs) else {
        expanded.append(next)
        if expanded.count > limit { return [pattern] }
        continue
      }
      if open.count + expanded.count + group.alternatives.count > limit { return [pattern] }
      for alternative in group.alternatives.reversed() {
        open.append(Array(next[..<group.start]) + next[alternative] + next[group.end...])
      }
    }
    return expanded
  }

  /// The first outermost group with a comma: where it begins and ends, its braces with it, and its alternatives. A
  /// group without a comma stands for itself, but those in it do not.
  private static func firstGroup(
    in bytes: [UInt8], _ ofGlobs: Bool
  ) -> (start: Int, end: Int, alternatives: [Range<Int>])? {
    // The braces that are open, each with the commas in it.
    var braces: [(start: Int, commas: [Int])] = []
    var found: (start: Int, end: Int, alternatives: [Range<Int>])?
    var i = 0
    while i < bytes.count {
      switch bytes[i] {
      case UInt8(ascii: "\\"): i += 1
      case UInt8(ascii: "[") where ofGlobs: i = endOfSet(at: i, in: bytes) ?? i
      case UInt8(ascii: "{"): braces.append((i, []))
      case UInt8(ascii: ","):
        if !braces.isEmpty { braces[braces.count - 1].commas.append(i) }
      case UInt8(ascii: "}"):
        guard let (start, commas) = braces.popLast() else { break }
        if ofGlobs || !commas.isEmpty, start < found?.start ?? .max {
          let bounds = [start] + commas + [i]
          found = (start, i + 1, zip(bounds, bounds.dropFirst()).map { ($0 + 1)..<$1 })
        }
        // Nothing outside of it is open: what comes later begins later.
        if braces.isEmpty, let found { return found }
      default: break
      }
      i += 1
    }
    return found
  }

  /// Where the `]` is of the set that begins at `start`; nil where there is none.
  package static func endOfSet(at start: Int, in bytes: [UInt8]) -> Int? {
    var end = start + 1
    if end < bytes.count, "!^".utf8.contains(bytes[end]) { end += 1 }
    // The first one is a member of the set.
    if end < bytes.count, bytes[end] == UInt8(ascii: "]") { end += 1 }
    while end < bytes.count, bytes[end] != UInt8(ascii: "]") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
    return end < bytes.count ? end : nil
  }
}
