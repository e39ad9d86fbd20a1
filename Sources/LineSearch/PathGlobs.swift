import Corpus

/// Globs that choose among files, with the grammar of ignore files: one with `!` leaves out, and the last that matches
/// decides. Where there is one without `!`, a file that none matches is left out.
struct PathGlobs: Sendable {
  private var rules: [IgnoreRules] = []
  private var hasPositive = false

  var isEmpty: Bool { rules.isEmpty }

  init(_ globs: [(glob: [UInt8], foldsCase: Bool)]) {
    for (glob, foldsCase) in globs {
      rules.append(IgnoreRules(glob, foldsCase: foldsCase))
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
}
