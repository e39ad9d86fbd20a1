import Corpus
import Primitives

/// Globs that choose among files, with the grammar of ignore files and `{a,b}` for either: one with `!` leaves out, and
/// the last that matches decides. Where there is one without `!`, a file that none matches is left out.
struct PathGlobs: Sendable {
  private var rules: [IgnoreRules] = []
  private var hasPositive = false

  var isEmpty: Bool { rules.isEmpty }

  /// An empty glob says nothing. Throws `.invalidArgument` for one that is not whole.
  init(_ globs: [(glob: [UInt8], foldsCase: Bool)]) throws(Failure) {
    for (glob, foldsCase) in globs where !glob.isEmpty {
      let lines = try Self.alternatives(of: glob).joined(separator: [0x0A])
      rules.append(IgnoreRules(Array(lines), foldsCase: foldsCase))
      if glob.first != UInt8(ascii: "!") { hasPositive = true }
    }
  }

  func includes(_ path: [UInt8]) -> Bool {
    let span = path.span
    // A directory that is left out takes along what is in it.
    for end in path.indices where path[end] == 0x2F && end > 0 {
      if verdict(span.extracting(0..<end), isDirectory: true) == .included { return false }
    }
    switch verdict(span, isDirectory: false) {
    case .ignored: return true
    case .included: return false
    case nil: return !hasPositive
    }
  }

  /// `ignored` of what a glob without `!` matches, `included` of what one with it does: as an ignore file has them.
  private func verdict(_ path: Span<UInt8>, isDirectory: Bool) -> IgnoreRules.Verdict? {
    var start = path.count
    while start > 0, path[start - 1] != 0x2F { start -= 1 }
    for rule in rules.reversed() {
      if let verdict = rule.verdict(path: path, nameStart: start, isDirectory: isDirectory) { return verdict }
    }
    return nil
  }

  // MARK: Alternatives

  private static let alternativeLimit = 1_000

  /// `glob` once for each choice among its alternatives: `*.{c,h}` is `*.c` and `*.h`.
  static func alternatives(of glob: [UInt8]) throws(Failure) -> [[UInt8]] {
    let all = try expanded(glob[...], of: glob)
    let negates = glob.first == UInt8(ascii: "!")
    return all.map { line in
      // What stands first in an alternative is no sign of an ignore file.
      guard glob.first == UInt8(ascii: "{"), let first = line.first, "!#".utf8.contains(first), !negates else {
        return line
      }
      return [UInt8(ascii: "\\")] + line
    }
  }

  private static func expanded(_ part: ArraySlice<UInt8>, of glob: [UInt8]) throws(Failure) -> [[UInt8]] {
    var offset = part.startIndex
    while offset < part.endIndex {
      switch part[offset] {
      case UInt8(ascii: "}"): throw notWhole(glob, "a } without its {")
      case UInt8(ascii: "{"):
        let (choices, end) = try choices(at: offset, in: part, of: glob)
        let rest = try expanded(part[end...], of: glob)
        var all: [[UInt8]] = []
        for choice in choices {
          for middle in try expanded(choice, of: glob) {
            for tail in rest { all.append(part[..<offset] + middle + tail) }
            if all.count > alternativeLimit { throw notWhole(glob, "more than \(alternativeLimit) alternatives") }
          }
        }
        return all
      default: offset = try endOfUnit(at: offset, in: part, of: glob)
      }
    }
    return [Array(part)]
  }

  /// What stands between the commas of the braces that begin at `start`, and where these end.
  private static func choices(
    at start: Int, in part: ArraySlice<UInt8>, of glob: [UInt8]
  ) throws(Failure) -> (choices: [ArraySlice<UInt8>], end: Int) {
    var choices: [ArraySlice<UInt8>] = []
    var (offset, first, depth) = (start + 1, start + 1, 1)
    while offset < part.endIndex {
      switch part[offset] {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return (choices + [part[first..<offset]], offset + 1) }
      case UInt8(ascii: ",") where depth == 1:
        choices.append(part[first..<offset])
        first = offset + 1
      default:
        offset = try endOfUnit(at: offset, in: part, of: glob)
        continue
      }
      offset += 1
    }
    throw notWhole(glob, "a { without its }")
  }

  /// Where the byte, the escaped byte or the class at `offset` ends.
  private static func endOfUnit(
    at offset: Int, in part: ArraySlice<UInt8>, of glob: [UInt8]
  ) throws(Failure) -> Int {
    switch part[offset] {
    case UInt8(ascii: "\\"): return min(offset + 2, part.endIndex)
    case UInt8(ascii: "["):
      var end = offset + 1
      if end < part.endIndex, "!^".utf8.contains(part[end]) { end += 1 }
      // The first one is a member of the class.
      if end < part.endIndex, part[end] == UInt8(ascii: "]") { end += 1 }
      while end < part.endIndex, part[end] != UInt8(ascii: "]") { end += part[end] == UInt8(ascii: "\\") ? 2 : 1 }
      guard end < part.endIndex else { throw notWhole(glob, "a [ without its ]") }
      return end + 1
    default: return offset + 1
    }
  }

  private static func notWhole(_ glob: [UInt8], _ reason: String) -> Failure {
    let shown = visibleName(String(decoding: glob, as: UTF8.self))
    return Failure(
      .invalidArgument, "the glob \(shown) has \(reason); a backslash before a sign takes it as it is")
  }
}
