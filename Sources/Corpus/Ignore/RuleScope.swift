/// The rules that hold in a directory: those of its own ignore file and, behind them, those of the scopes around it. A
/// linked list, shared by everything below and never changed. Directories without an ignore file add no link.
// `@unchecked Sendable`: `outer` is only changed by `deinit`s, each of which holds the last reference to what it changes.
final class RuleScope: @unchecked Sendable {
  private let rules: IgnoreRules
  /// How many bytes of a path come before what the rules see: the directory of the ignore file and its slash.
  private let baseByteCount: Int
  private var outer: RuleScope?

  init(_ rules: IgnoreRules, baseByteCount: Int, outer: RuleScope?) {
    self.rules = rules
    self.baseByteCount = baseByteCount
    self.outer = outer
  }

  /// What the innermost rules that match say of the entry at `path`. That a directory above it is ignored is for the
  /// caller to know: nothing below such a directory is asked about.
  func verdict(path: Span<UInt8>, nameStart: Int, isDirectory: Bool) -> IgnoreRules.Verdict? {
    var scope: RuleScope? = self
    while let current = scope {
      let base = current.baseByteCount
      let verdict = current.rules.verdict(
        path: path.extracting(base..<path.count), nameStart: nameStart - base, isDirectory: isDirectory)
      if let verdict { return verdict }
      scope = current.outer
    }
    return nil
  }

  // A chain as long as the tree is deep must not be released by recursion.
  deinit {
    var next = outer
    outer = nil
    while isKnownUniquelyReferenced(&next), let scope = next {
      next = scope.outer
      scope.outer = nil
    }
  }
}
