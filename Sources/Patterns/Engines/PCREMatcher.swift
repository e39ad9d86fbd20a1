import CPCRE2

/// Matches with a `PCREProgram`, within limits. For one thread.
@safe final class PCREMatcher {
  let program: PCREProgram
  private let data: OpaquePointer
  private let context: OpaquePointer
  private let stack: OpaquePointer?
  private let groups: UnsafeMutablePointer<Int>

  /// Steps back for one place where a match may begin; what takes more is given up. A hundred times what patterns that
  /// people write take, and a few milliseconds.
  private static let stepLimit: UInt32 = 200_000
  /// KiB of the heap, where there is no machine code.
  private static let heapLimit: UInt32 = 32 << 10
  /// Bytes of the stack of the machine code.
  private static let stackLimit = 4 << 20
  /// Bytes that are gone over at most for the places at which a match may begin that are tried in one go, where time is
  /// looked at in between.
  private static let windowLimit = 1 << 24

  init(_ program: PCREProgram) {
    self.program = program
    guard let data = unsafe pcre2_match_data_create_from_pattern_8(program.code, nil),
      let context = unsafe pcre2_match_context_create_8(nil), let groups = unsafe pcre2_get_ovector_pointer_8(data)
    else { fatalError("no memory to match a pattern") }
    unsafe self.data = data
    unsafe self.context = context
    unsafe self.groups = groups
    unsafe pcre2_set_match_limit_8(context, Self.stepLimit)
    unsafe pcre2_set_depth_limit_8(context, 100_000)
    unsafe pcre2_set_heap_limit_8(context, Self.heapLimit)
    unsafe stack = program.hasJIT ? unsafe pcre2_jit_stack_create_8(32 << 10, Self.stackLimit, nil) : nil
    if let stack = unsafe stack { unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
  }

  deinit {
    unsafe pcre2_match_data_free_8(data)
    unsafe pcre2_match_context_free_8(context)
    if let stack = unsafe stack { unsafe pcre2_jit_stack_free_8(stack) }
  }

  /// Gives up sooner from now on, by a factor.
  func hurry(by factor: UInt32) { unsafe pcre2_set_match_limit_8(context, Self.stepLimit / factor) }

  /// The leftmost match that begins in text[start...end] and ends there; what is before `start` is seen by assertions.
  func match(in text: UnsafePointer<UInt8>, from start: Int, to end: Int) -> MatchOutcome {
    let result = unsafe run(text, start, end)
    if result == PCRE2_ERROR_NOMATCH { return .none }
    guard result >= 0 else { return .limit }
    let (lower, upper) = unsafe (groups[0], groups[1])
    // `\K` in a look-ahead can put the start behind the end.
    return .match(lower..<max(lower, upper))
  }

  private func run(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, counts: Bool = false) -> Int32 {
    // A fast path that checks no argument; the text is never checked, since invalid UTF-8 is allowed.
    if program.hasJIT, !counts {
      return unsafe pcre2_jit_match_8(program.code, text, end, start, 0, data, context)
    }
    return unsafe pcre2_match_8(program.code, text, end, start, counts ? UInt32(PCRE2_NO_JIT) : 0, data, context)
  }

  /// The same where the text is long and the pattern may be slow: without machine code, which does not count every step
  /// back; `isLate` is asked now and then, and ends it.
  func match(
    in text: UnsafePointer<UInt8>, from start: Int, to end: Int, isLate: () -> Bool
  ) -> MatchOutcome {
    var first = start
    let window = max(1, min(end - start, Self.windowLimit / max(1, end - start)))
    defer { unsafe pcre2_set_offset_limit_8(context, .max) }
    while first <= end {
      let last = min(end, first + window)
      unsafe pcre2_set_offset_limit_8(context, last)
      let result = unsafe run(text, first, end, counts: true)
      if result >= 0 { return .match(unsafe groups[0]..<max(groups[0], groups[1])) }
      if result != PCRE2_ERROR_NOMATCH { return .limit }
      if isLate() { return .limit }
      first = last + 1
      // Not into the middle of a character.
      while program.isUTF8, first < end, unsafe text[first] & 0xC0 == 0x80 { first += 1 }
    }
    return .none
  }

  /// The range that the group `number` matched last; nil if it took no part.
  func group(_ number: Int) -> Range<Int>? {
    guard number <= program.groupCount else { return nil }
    let (lower, upper) = unsafe (groups[2 * number], groups[2 * number + 1])
    // PCRE2_UNSET is the largest number without a sign.
    return lower < 0 || lower > upper ? nil : lower..<upper
  }
}
