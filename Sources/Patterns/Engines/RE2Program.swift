import CRE2

/// A pattern compiled by RE2, whose time grows with the text and no faster. Shared by threads.
@safe final class RE2Program: @unchecked Sendable {
  // RE2 locks what its threads share.
  private let pattern: OpaquePointer

  /// Bytes for the automata of one pattern. Beyond, RE2 matches without one, slower.
  private static let memory: Int64 = 64 << 20

  /// Nil where RE2 refuses the pattern.
  init?(_ source: [UInt8], isUTF8: Bool) {
    guard
      let made = unsafe source.withUnsafeBufferPointer({ bytes in
        unsafe cre2_compile(bytes.baseAddress ?? emptyBytes, bytes.count, isUTF8, Self.memory)
      })
    else { return nil }
    unsafe pattern = made
  }

  deinit { unsafe cre2_free(pattern) }

  /// As `PCREMatcher.match`.
  func match(in text: UnsafePointer<UInt8>, from start: Int, to end: Int) -> MatchOutcome {
    var (lower, upper) = (0, 0)
    switch unsafe cre2_match(pattern, text, start, end, &lower, &upper) {
    case 1: return .match(lower..<upper)
    case 0: return .none
    default: return .limit
    }
  }
}
