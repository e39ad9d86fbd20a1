import Primitives

/// A pattern with wildcards, compiled once: git's own dialect (`wildmatch.c`), quirks included. A user's path filter
/// has another one: `Glob` of `Retrieval`.
///
/// `*` is any run without a slash, `?` any byte but a slash, `[...]` a class, `\` makes the next byte literal. `**` is
/// any run, slashes included, where it is between slashes or ends of the pattern, and `**/` may also be nothing. A
/// pattern that is matched against names only has no such distinction: every star is any run.
///
/// Matching is iterative and takes time in proportion to the product of the two lengths at worst, whatever the pattern.
package struct GitGlob: Sendable {
  enum Element: Hashable, Sendable {
    case literal(UInt8)
    /// Any byte but a slash where slashes are special.
    case anyByte
    /// A member of the class with this number.
    case member(Int)
    /// Any run without a slash.
    case run
    /// Any run.
    case wideRun
    /// Nothing, or any run that ends with a slash.
    case directories
  }

  private(set) var elements: [Element] = []
  private(set) var classes: [ByteSet] = []
  /// The bytes that a match has at least.
  private(set) var minimumByteCount = 0
  let foldsCase: Bool
  /// Whether slashes are special: a path is matched, not a single name.
  let isForPaths: Bool

  /// Compiles `pattern`, or returns nil if it is malformed, which in git means that it matches nothing.
  package init?(_ pattern: Span<UInt8>, isForPaths: Bool, foldsCase: Bool) {
    self.isForPaths = isForPaths
    self.foldsCase = foldsCase
    var i = 0
    while i < pattern.count {
      let byte = pattern[i]
      switch byte {
      case .star:
        i = appendStars(pattern, at: i)
      case UInt8(ascii: "?"):
        append(.anyByte)
        i += 1
      case UInt8(ascii: "["):
        guard let parsed = ByteClass(pattern, at: i, foldsCase: foldsCase) else { return nil }
        var members = parsed.members
        if isForPaths { members.remove(.slash) }
        append(.member(classes.count))
        classes.append(members)
        i = parsed.end
      case .backslash:
        guard i + 1 < pattern.count else { return nil }
        // An escaped capital is compared as it is with the lower-case form of the text: git never matches it either.
        append(.literal(pattern[i + 1]))
        i += 2
      default:
        append(.literal(foldsCase ? byte.asciiLowercased : byte))
        i += 1
      }
    }
  }

  private mutating func append(_ element: Element) {
    switch element {
    case .literal, .anyByte, .member: minimumByteCount += 1
    case .run, .wideRun, .directories:
      // Twice the same run is one: hostile patterns of nothing but stars stay short.
      if elements.last == element { return }
    }
    elements.append(element)
  }

  /// Appends what the stars at `start` mean and gives the place after them.
  private mutating func appendStars(_ pattern: Span<UInt8>, at start: Int) -> Int {
    var end = start
    while end < pattern.count, pattern[end] == .star { end += 1 }
    guard isForPaths else {
      append(.wideRun)
      return end
    }
    let beginsComponent = start == 0 || pattern[start - 1] == .slash
    let endsComponent =
      end == pattern.count || pattern[end] == .slash
      || pattern[end] == .backslash && end + 1 < pattern.count && pattern[end + 1] == .slash
    guard end - start >= 2, beginsComponent, endsComponent else {
      append(.run)
      return end
    }
    if end < pattern.count, pattern[end] == .slash {
      append(.directories)
      return end + 1
    }
    append(.wideRun)
    return end
  }
}
