import Corpus
import Primitives
import QueryLanguage

/// Globs that choose among files, with the grammar of ignore files and `{a,b}` for either: one with `!` leaves out, and
/// the last that matches decides. Where there is one without `!`, a file that none matches is left out.
struct PathGlobs: Sendable {
  private var rules: [IgnoreRules] = []
  private var hasPositive = false
  /// Those without `!` that name something hidden.
  private var hiddenRules: [IgnoreRules] = []

  var isEmpty: Bool { rules.isEmpty }

  /// An empty glob says nothing. Throws `.invalidArgument` for one that is not whole.
  init(_ globs: [(glob: [UInt8], foldsCase: Bool)]) throws(Failure) {
    for (glob, foldsCase) in globs where !glob.isEmpty {
      let lines = try Self.alternatives(of: glob).joined(separator: [0x0A])
      rules.append(IgnoreRules(Array(lines), foldsCase: foldsCase))
      if glob.first != UInt8(ascii: "!") { hasPositive = true }
      if Self.namesHidden(glob), let rule = rules.last { hiddenRules.append(rule) }
    }
  }

  /// Whether a glob without `!` has a name in it that begins with a dot: who writes that means hidden files.
  static func namesHidden(_ glob: [UInt8]) -> Bool {
    guard glob.first != UInt8(ascii: "!") else { return false }
    return glob.indices.contains { i in
      guard glob[i] == UInt8(ascii: "."), i == 0 || "/{,".utf8.contains(glob[i - 1]) else { return false }
      // `./a`, `../a` and `*.{.c}` name nothing that is hidden.
      return i + 1 < glob.count && !"./},".utf8.contains(glob[i + 1])
    }
  }

  var nameHidden: Bool { !hiddenRules.isEmpty }

  /// Whether one that names something hidden matches a file.
  func bringIn(_ path: [UInt8]) -> Bool {
    var start = path.count
    while start > 0, path[start - 1] != 0x2F { start -= 1 }
    return hiddenRules.contains { $0.verdict(path: path.span, nameStart: start, isDirectory: false) == .ignored }
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
  private static func alternatives(of glob: [UInt8]) throws(Failure) -> [[UInt8]] {
    let hasBraces = try checkWhole(glob)
    let all = Braces.expand(glob, limit: alternativeLimit, ofGlobs: true)
    if hasBraces, all == [glob] { throw notWhole(glob, "more than \(alternativeLimit) alternatives") }
    return all.map { line in
      // What stands first in an alternative is no sign of an ignore file.
      let isSign = glob.first == UInt8(ascii: "{") && line.first.map("!#".utf8.contains) ?? false
      return isSign ? [UInt8(ascii: "\\")] + line : line
    }
  }

  /// Gives whether there are braces.
  private static func checkWhole(_ glob: [UInt8]) throws(Failure) -> Bool {
    var (offset, depth, hasBraces) = (0, 0, false)
    while offset < glob.count {
      switch glob[offset] {
      case UInt8(ascii: "\\"): offset += 1
      case UInt8(ascii: "["):
        guard let end = Braces.endOfSet(at: offset, in: glob) else { throw notWhole(glob, "a [ without its ]") }
        offset = end
      case UInt8(ascii: "{"): (depth, hasBraces) = (depth + 1, true)
      case UInt8(ascii: "}"):
        if depth == 0 { throw notWhole(glob, "a } without its {") }
        depth -= 1
      default: break
      }
      offset += 1
    }
    if depth > 0 { throw notWhole(glob, "a { without its }") }
    return hasBraces
  }

  private static func notWhole(_ glob: [UInt8], _ reason: String) -> Failure {
    let shown = visibleName(String(decoding: glob, as: UTF8.self))
    return Failure(
      .invalidArgument, "the glob \(shown) has \(reason); a backslash before a sign takes it as it is")
  }
}
