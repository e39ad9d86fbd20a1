import Kernels
package import Patterns
package import Primitives
import QueryLanguage
package import Segments

/// Matches the patterns of a query in the texts of chunks, one after the other. For one thread.
final class PatternMatchers {
  private var matchers: [String: LineMatcher] = [:]
  /// Whether a line of the file took more steps than are allowed, and was skipped.
  private(set) var hasHitLimit = false
  /// Those that match no line of the file.
  private var absent: Set<TextPattern> = []
  private(set) var areAllAbsent = false

  private func matcher(of pattern: TextPattern) -> LineMatcher {
    if let known = matchers[pattern.typed] { return known }
    let made = LineMatcher(pattern.compiled)
    matchers[pattern.typed] = made
    return made
  }

  /// Begins with a file whose text is `text`, of which chunks are looked at after.
  func begin(_ text: Span<UInt8>, _ patterns: [TextPattern]) {
    (absent, hasHitLimit) = ([], false)
    for pattern in patterns where !holds(pattern, text) { absent.insert(pattern) }
    areAllAbsent = patterns.allSatisfy { absent.contains($0) }
  }

  /// Whether a line of `text` holds a match of `pattern`.
  func holds(_ pattern: TextPattern, _ text: Span<UInt8>) -> Bool {
    if absent.contains(pattern) { return false }
    var isHeld = false
    let isJudged = matcher(of: pattern).forEachMatchedLine(in: text) { _ in
      isHeld = true
      return false
    }
    if !isJudged { hasHitLimit = true }
    return isHeld
  }

  /// Calls `body` with the numbers of the lines of `text`, counted from 0, that hold a match of `pattern`, until it
  /// gives false.
  func forEachLine(of text: Span<UInt8>, holding pattern: TextPattern, _ body: (Int) -> Bool) {
    if absent.contains(pattern) { return }
    var line = 0
    var counted = 0
    _ = matcher(of: pattern).forEachMatchedLine(in: text) { match in
      line += lineBreakCount(in: text.extracting(counted..<match.lowerBound))
      counted = match.lowerBound
      return body(line)
    }
  }

  /// Where on `line` matches of `pattern` stand.
  func matches(of pattern: TextPattern, in line: Span<UInt8>) -> [Range<Int>] {
    matcher(of: pattern).matches(in: line)
  }

  /// The first line of `text` that holds a match of one of `patterns`, where `first` is the number of its first line.
  func firstLine(of text: Span<UInt8>, from first: Int, holding patterns: [TextPattern]) -> Int? {
    var found: Int?
    for pattern in patterns {
      forEachLine(of: text, holding: pattern) { line in
        found = min(found ?? .max, first + line)
        return false
      }
    }
    return found
  }

  /// The first of `lines`, which ascend, that holds a match of one of `patterns`; `first` is the number of the first
  /// line of `text`.
  func firstLine(
    among lines: [Int], of text: Span<UInt8>, from first: Int, holding patterns: [TextPattern]
  ) -> Int? {
    if lines.isEmpty { return nil }
    let wanted = Set(lines)
    var found: Int?
    for pattern in patterns {
      forEachLine(of: text, holding: pattern) { line in
        let number = first + line
        if let found, found <= number { return false }
        guard wanted.contains(number) else { return true }
        found = number
        return false
      }
    }
    return found
  }
}

extension GramQuery {
  /// What a file must hold in which a line holds `required`.
  package init(_ required: RequiredLiterals) {
    switch required {
    case .everything: self = .everything
    case .nothing: self = .nothing
    case .literal(let literal): self = .literal(literal.bytes)
    case .and(let parts): self = .and(parts.map { GramQuery($0) })
    case .or(let parts): self = .or(parts.map { GramQuery($0) })
    }
  }
}

extension IndexSnapshot.LiveSegment {
  /// What to say where its n-grams could not be used, since they are damaged.
  package var gramDamage: Failure? {
    guard segment.gramAbsence == .damaged else { return nil }
    return Failure(
      .damaged, "the n-grams of a part of the index are damaged, so that all of its files are read",
      path: segment.path, remedy: .index)
  }
}
