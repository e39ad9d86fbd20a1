package import Primitives

/// A pattern over a path inside the corpus, ASCII case ignored: `*` and `?` stay inside a component, `**` crosses
/// components, `[a-z]` and `[!a-z]` are sets, `{a,b}` is either.
///
/// It matches a run of whole components anywhere in the path, so that `*.go`, `net`, `src/net` and `src/**/*.go` mean
/// what they seem to; a leading `/` ties it to the root, and so do the root's own path and, as in a shell, `.`, `./`
/// and `../` of the directory that somebody asks from. Brackets match themselves as well, since directories are called
/// `[id]`. A pattern is read in time in proportion to its length; the cost of a query is at most that of the path's
/// length squared, for each of the at most `maximumBranchCount` ways to read the pattern.
package struct PathGlob: Hashable, Sendable {
  /// Patterns with more alternatives are taken as they are written.
  static let maximumBranchCount = 64

  /// As it was written.
  package let pattern: String
  /// The ways to read it; one that matches is enough.
  private let branches: [Branch]

  package init(_ pattern: String, from origin: PathOrigin = PathOrigin()) {
    self.pattern = pattern
    var branches: [Branch] = []
    for bytes in Braces.expand(pattern.utf8.map(Self.lowercased), limit: Self.maximumBranchCount) {
      guard let inside = origin.inside(bytes) else { continue }
      let branch = Branch(inside.bytes, isAnchored: inside.isAnchored)
      branches.append(branch)
      if branch.hasSet { branches.append(Branch(inside.bytes, isAnchored: inside.isAnchored, readsSets: false)) }
    }
    self.branches = branches
  }

  /// What files' names end in that have one of these extensions, written with their dot or without; nil if there is
  /// none.
  init?(ofExtensions names: [String]) {
    let names = names.map { $0.hasPrefix("*.") ? $0.dropFirst(2) : $0.hasPrefix(".") ? $0.dropFirst() : $0[...] }
      .filter { !$0.isEmpty }
    if names.isEmpty { return nil }
    self.init(names.count == 1 ? "*.\(names[0])" : "*.{\(names.joined(separator: ","))}")
  }

  static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  package func matches(_ path: FilePath) -> Bool { matches(path.bytes.span) }

  package func matches(_ bytes: Span<UInt8>) -> Bool {
    for branch in branches where branch.matches(bytes) { return true }
    return false
  }
}

/// One way to read a pattern.
private struct Branch: Hashable, Sendable {
  private enum Step: Hashable, Sendable {
    case byte(UInt8)
    /// `?`: one byte that is not `/`.
    case any
    /// `*`: bytes that are not `/`.
    case star
    /// `**`: any bytes.
    case doubleStar
    /// Before the two steps of a `**/` that stands for whole directories: there may be none.
    case optionalDirectories
    case set([ClosedRange<UInt8>], isNegated: Bool)
  }

  private let steps: [Step]
  /// The longest run of bytes that every path which matches has.
  private let literal: [UInt8]
  /// The bytes that every path which matches has at least.
  private let minimumByteCount: Int
  private let isAnchored: Bool

  /// - Parameter readsSets: whether brackets are sets; else they match themselves.
  init(_ pattern: [UInt8], isAnchored: Bool, readsSets: Bool = true) {
    self.isAnchored = isAnchored
    steps = Self.steps(of: pattern, readsSets: readsSets)
    literal = Self.longestLiteral(in: steps)
    minimumByteCount = Self.minimumByteCount(of: steps)
  }

  var hasSet: Bool {
    steps.contains { step in
      if case .set = step { return true }
      return false
    }
  }

  private static func longestLiteral(in steps: [Step]) -> [UInt8] {
    var longest = 0..<0
    var start = 0
    var i = 0
    while i < steps.count {
      if case .byte = steps[i] {
        if i + 1 - start > longest.count { longest = start..<(i + 1) }
      } else {
        // The slash of a `**/` need not be there.
        if case .optionalDirectories = steps[i] { i += 2 }
        start = i + 1
      }
      i += 1
    }
    return steps[longest].compactMap { step in
      guard case .byte(let byte) = step else { return nil }
      return byte
    }
  }

  private static func minimumByteCount(of steps: [Step]) -> Int {
    var count = 0
    for step in steps {
      switch step {
      case .byte, .any, .set: count += 1
      case .star, .doubleStar: break
      // The slash of a `**/` need not be there.
      case .optionalDirectories: count -= 1
      }
    }
    return count
  }

  func matches(_ bytes: Span<UInt8>) -> Bool {
    // Nothing, `/` and `./` name the root, in which everything lies.
    if steps.isEmpty { return true }
    guard bytes.count >= minimumByteCount else { return false }
    guard bytes.containsIgnoringCase(literal.span) else { return false }
    // `active[s]` says that the first `s` steps match some run of bytes that ends here: all ways are followed at once.
    var active = [Bool](repeating: false, count: steps.count + 1)
    var next = active
    for i in 0...bytes.count {
      if i == 0 || (!isAnchored && bytes[i - 1] == UInt8(ascii: "/")) { active[0] = true }
      follow(&active)
      if active[steps.count], i == bytes.count || bytes[i] == UInt8(ascii: "/") { return true }
      guard i < bytes.count else { break }
      let byte = PathGlob.lowercased(bytes[i])
      for s in next.indices { next[s] = false }
      for s in steps.indices where active[s] {
        switch steps[s] {
        case .byte(let wanted): if byte == wanted { next[s + 1] = true }
        case .any: if byte != UInt8(ascii: "/") { next[s + 1] = true }
        case .star: if byte != UInt8(ascii: "/") { next[s] = true }
        case .doubleStar: next[s] = true
        case .optionalDirectories: break
        case .set(let ranges, let isNegated):
          if byte != UInt8(ascii: "/"), ranges.contains(where: { $0.contains(byte) }) != isNegated {
            next[s + 1] = true
          }
        }
      }
      swap(&active, &next)
    }
    return false
  }

  /// A star may match nothing, and `**/` no directory at all.
  private func follow(_ active: inout [Bool]) {
    for s in steps.indices where active[s] {
      switch steps[s] {
      case .star, .doubleStar: active[s + 1] = true
      case .optionalDirectories:
        active[s + 1] = true
        active[s + 3] = true
      default: break
      }
    }
  }

  private static func steps(of bytes: [UInt8], readsSets: Bool) -> [Step] {
    var steps: [Step] = []
    var i = 0
    /// Whether a bracket was met that nothing closes: nothing closes those behind it either.
    var isOpen = false
    while i < bytes.count {
      switch bytes[i] {
      case UInt8(ascii: "*"):
        var end = i
        while end < bytes.count, bytes[end] == UInt8(ascii: "*") { end += 1 }
        if end - i > 1, end < bytes.count, bytes[end] == UInt8(ascii: "/"), i == 0 || bytes[i - 1] == UInt8(ascii: "/")
        {
          // Twice any directories are once.
          if steps.suffix(3) == [.optionalDirectories, .doubleStar, .byte(UInt8(ascii: "/"))] {
            i = end + 1
            continue
          }
          steps.append(.optionalDirectories)
        }
        steps.append(end - i > 1 ? .doubleStar : .star)
        i = end
      case UInt8(ascii: "?"):
        steps.append(.any)
        i += 1
      case UInt8(ascii: "["):
        if readsSets, !isOpen, let (set, end) = set(in: bytes, at: i) {
          steps.append(set)
          i = end
        } else {
          isOpen = true
          steps.append(.byte(bytes[i]))
          i += 1
        }
      case UInt8(ascii: "\\") where i + 1 < bytes.count:
        steps.append(.byte(bytes[i + 1]))
        i += 2
      default:
        steps.append(.byte(bytes[i]))
        i += 1
      }
    }
    return steps
  }

  /// The set that begins with the bracket at `start`, and where it ends; nil if it is never closed.
  private static func set(in bytes: [UInt8], at start: Int) -> (Step, end: Int)? {
    var i = start + 1
    var isNegated = false
    if i < bytes.count, bytes[i] == UInt8(ascii: "!") || bytes[i] == UInt8(ascii: "^") {
      isNegated = true
      i += 1
    }
    var ranges: [ClosedRange<UInt8>] = []
    while i < bytes.count, bytes[i] != UInt8(ascii: "]") || ranges.isEmpty {
      if i + 2 < bytes.count, bytes[i + 1] == UInt8(ascii: "-"), bytes[i + 2] != UInt8(ascii: "]") {
        if bytes[i] <= bytes[i + 2] { ranges.append(bytes[i]...bytes[i + 2]) }
        i += 3
      } else {
        ranges.append(bytes[i]...bytes[i])
        i += 1
      }
    }
    guard i < bytes.count else { return nil }
    return (.set(ranges, isNegated: isNegated), i + 1)
  }
}
