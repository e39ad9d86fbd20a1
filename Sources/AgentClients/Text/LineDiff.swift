/// The difference of two texts as a unified diff of one hunk: an edit of a configuration is one place.
package enum LineDiff {
  package enum Line: Hashable, Sendable {
    /// `--- a`, `+++ b`
    case file(String)
    /// `@@ -1,3 +1,8 @@`
    case hunk(String)
    case same(String)
    case removed(String)
    case added(String)

    /// As `diff -u` prints it.
    package var text: String {
      switch self {
      case .file(let text), .hunk(let text): text
      case .same(let text): " " + text
      case .removed(let text): "-" + text
      case .added(let text): "+" + text
      }
    }
  }

  private static let contextLineCount = 3

  /// From `before` to `after`, nil for a file that is not there; empty where they are the same. Lines are repaired
  /// where they are not UTF-8, and not yet safe for a terminal.
  package static func lines(from before: [UInt8]?, to after: [UInt8]?, path: String) -> [Line] {
    if before == after { return [] }
    let (old, new) = (lines(of: before), lines(of: after))
    var first = 0
    while first < min(old.count, new.count), old[first] == new[first] { first += 1 }
    var same = 0
    while same < min(old.count, new.count) - first, old[old.count - 1 - same] == new[new.count - 1 - same] { same += 1 }
    let start = max(0, first - contextLineCount)
    let behind = min(same, contextLineCount)
    let (oldEnd, newEnd) = (old.count - same, new.count - same)
    func range(_ count: Int) -> String { "\(count == 0 ? start : start + 1),\(count)" }
    let oldCount = oldEnd + behind - start
    let newCount = newEnd + behind - start
    return [
      .file("--- " + (before == nil ? "/dev/null" : path)), .file("+++ " + (after == nil ? "/dev/null" : path)),
      .hunk("@@ -\(range(oldCount)) +\(range(newCount)) @@"),
    ] + old[start..<first].map { .same($0) } + old[first..<oldEnd].map { .removed($0) }
      + new[first..<newEnd].map { .added($0) } + old[oldEnd..<(oldEnd + behind)].map { .same($0) }
  }

  private static func lines(of text: [UInt8]?) -> [String] {
    guard let text, !text.isEmpty else { return [] }
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    if lines.last == "" { lines.removeLast() } else { lines[lines.count - 1] += " (no line end)" }
    return lines
  }
}
