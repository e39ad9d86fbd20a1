import Glibc
import Kernels

/// Finds matches in the lines of one text after the other. For one thread.
///
/// Lines are found many at a time: by a literal that they must hold, or by the engine over the whole text, since what
/// stays in lines matches no line break. Where the engine gives up, the one that takes linear time goes on; where there
/// is none, `LimitReached` is thrown: nothing takes for ever, and nothing is left out in silence.
@safe package final class LineMatcher {
  /// A line takes more steps than are allowed, and no other engine can take the pattern.
  package struct LimitReached: Error {
    /// The offset of the line.
    package var lineStart: Int
  }

  package let pattern: CompiledPattern
  private var text: UnsafePointer<UInt8>
  private var count = 0
  private var kind = TextKind.ascii
  /// What matches texts of each kind that came.
  private var engines: [TextKind: Engines] = [:]
  /// Whether lines are matched one by one.
  private var goesByLines = false
  /// Whether the engine of linear time matches all of this text.
  private var isLinear = false
  private var prefilter: LinePrefilter?
  /// What finds the matches of this text by itself.
  private var texts: TextSet?

  private final class Engines {
    /// Nil where PCRE2 does not take the pattern.
    lazy var steps = (try? pattern.program(kind).get()).map { PCREMatcher($0) }
    /// The program of linear time; nil where RE2 has no words for the pattern.
    lazy var linear = pattern.linearProgram(kind)
    /// What tells the groups of a match, which the program that finds it leaves out, since each costs time in every
    /// line.
    lazy var groups = pattern.groupProgram(kind).map { PCREMatcher($0) }
    var choice = EngineChoice()
    private let pattern: CompiledPattern
    private let kind: TextKind

    init(_ pattern: CompiledPattern, _ kind: TextKind) { (self.pattern, self.kind) = (pattern, kind) }
  }

  /// Those of this text.
  private var current: Engines
  private var isASCII: Bool { kind == .ascii }
  private var choice: EngineChoice {
    get { current.choice }
    set { current.choice = newValue }
  }
  private var linear: RE2Program? { current.linear }
  private func matcher() -> PCREMatcher? { current.steps }

  /// Lines that were given up.
  private var givenUpCount = 0
  /// What long lines may take together; when it is used up, each gets a little.
  private var longLineTime = Duration.seconds(8)

  /// Longer lines are matched by the engine of linear time.
  private static let longLine = 8_192

  package init(_ pattern: CompiledPattern) {
    self.pattern = pattern
    current = Engines(pattern, .ascii)
    engines[.ascii] = current
    unsafe text = unsafe emptyBytes
  }

  /// Begins with a text, which stays as it is until the next.
  @unsafe package func begin(_ text: UnsafePointer<UInt8>, _ count: Int) {
    unsafe self.text = unsafe text
    self.count = count
    kind = unsafe pattern.kind(of: text, count)
    if let known = engines[kind] {
      current = known
    } else {
      current = Engines(pattern, kind)
      engines[kind] = current
    }
    prefilter = isASCII ? pattern.asciiFinder : pattern.unicodeFinder
    isLinear = false
    goesByLines = pattern.pattern.isPerl || hasLongLine
    texts = pattern.staysInLines ? pattern.texts(kind) : nil
    if pattern.staysInLines { return }
    prefilter = nil
    goesByLines = false
    // What goes over lines may be tried at each of them, up to the end: in a large text only in linear time.
    isLinear = count > Self.largeText && linear != nil
  }

  private static let largeText = 1 << 20

  /// Whether there is a long line: a block of half of its length without a line break.
  private var hasLongLine: Bool {
    let block = Self.longLine / 2
    var start = 0
    while start + block <= count {
      if unsafe memchr(text + start, 10, block) == nil { return true }
      start += block
    }
    return false
  }

  /// What an engine found in the line around `start`, where no other one can go on.
  private func decided(_ outcome: MatchOutcome, around start: Int) throws(LimitReached) -> Range<Int>? {
    switch outcome {
    case .none: return nil
    case .match(let range): return range
    case .limit:
      givenUpCount += 1
      // A pattern that takes too long everywhere must not take that long in each of very many lines.
      if let factor = Self.hurries[givenUpCount] { matcher()?.hurry(by: factor) }
      throw LimitReached(lineStart: lineStart(around: start))
    }
  }

  /// What is found within the time that a long line may take, and all long lines together.
  private func inLongLine(
    _ matcher: PCREMatcher, _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> MatchOutcome {
    let began = ContinuousClock.now
    let deadline = began + max(.milliseconds(10), min(Self.timeLimit, longLineTime))
    let outcome = unsafe matcher.match(in: text, from: start, to: end, isLate: { ContinuousClock.now > deadline })
    longLineTime -= ContinuousClock.now - began
    return outcome
  }

  /// By the engine of linear time.
  private func linearMatch(in start: Int, _ end: Int) throws(LimitReached) -> Range<Int>? {
    guard let linear else {
      throw LimitReached(lineStart: lineStart(around: start))
    }
    return try decided(unsafe linear.match(in: text, from: start, to: end), around: start)
  }

  // MARK: Lines

  /// The end of the line around `offset`, its line feed not included.
  package func lineEnd(around offset: Int) -> Int {
    if offset >= count { return count }
    guard let found = unsafe memchr(text + offset, 10, count - offset) else { return count }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(text)
  }

  /// The start of the line around `offset`.
  package func lineStart(around offset: Int) -> Int {
    guard offset > 0, let found = unsafe lastByte(10, in: text, 0..<offset) else { return 0 }
    return found + 1
  }

  /// The first match in a line that begins at `start` or later; nil if there is none. The first match of that line.
  package func firstMatch(from start: Int) throws(LimitReached) -> Range<Int>? {
    var position = start
    if position >= count || isASCII && pattern.isNeverASCII { return nil }
    // None of them holds a line break.
    if let texts { return unsafe texts.firstMatch(in: text, position..<count, textCount: count) }
    if let prefilter, prefilter.isExact {
      return unsafe prefilter.finder.find(in: text, position..<count).map { $0.offset..<($0.offset + $0.length) }
    }
    while position < count {
      let engine = choice.engine
      if !choice.isTrial { return try firstMatch(from: position, to: count, by: engine) }
      if pattern.pattern.isPerl || !pattern.staysInLines || engine != .steps && linear == nil {
        choice.take(.steps)
        continue
      }
      let end = min(count, lineEnd(around: position + EngineChoice.trialByteCount / 4) + 1)
      let began = ContinuousClock.now
      let found = try firstMatch(from: position, to: end, by: engine)
      let passed = found.map { lineEnd(around: $0.lowerBound) + 1 } ?? end
      choice.note(min(passed, end) - position, ContinuousClock.now - began, isFiltered: prefilter != nil)
      if found != nil { return found }
      position = end
    }
    return nil
  }

  /// The same in `start..<stop`, which are whole lines.
  private func firstMatch(
    from start: Int, to stop: Int, by engine: EngineChoice.Engine
  ) throws(LimitReached) -> Range<Int>? {
    var position = start
    if engine == .linear, let linear {
      switch unsafe linear.match(in: text, from: position, to: stop) {
      case .none: return nil
      case .match(let range): return isInLine(range, stop) ? range : nil
      case .limit: break
      }
    }
    if let prefilter {
      while position < stop {
        guard let candidate = unsafe prefilter.finder.find(in: text, position..<stop) else { return nil }
        let begin = max(position, lineStart(around: candidate.offset))
        let end = lineEnd(around: candidate.offset)
        if let found = try match(in: begin, end) { return found }
        position = end + 1
      }
      return nil
    }
    if !goesByLines, !isLinear, let matcher = matcher() {
      switch unsafe matcher.match(in: text, from: position, to: stop) {
      case .none: return nil
      case .match(let range): return isInLine(range, stop) ? range : nil
      case .limit:
        goesByLines = true
        choice.take(.linear)
      }
    }
    while position < stop {
      let end = lineEnd(around: position)
      if let found = try match(in: position, end) { return found }
      position = end + 1
    }
    return nil
  }

  /// Whether a match in text before `stop` is in one of its lines: behind the last line break is none.
  private func isInLine(_ match: Range<Int>, _ stop: Int) -> Bool {
    if match.lowerBound < stop { return true }
    return unsafe text[stop - 1] != 10
  }

  /// The first match between `start` and `end`, which are in one line.
  private func match(in start: Int, _ end: Int) throws(LimitReached) -> Range<Int>? {
    if let texts { return unsafe texts.firstMatch(in: text, start..<end, textCount: count) }
    if let prefilter, prefilter.isExact {
      return unsafe prefilter.finder.find(in: text, start..<end).map { $0.offset..<($0.offset + $0.length) }
    }
    if isASCII, pattern.isNeverASCII { return nil }
    if pattern.pattern.isPerl { return try perlMatch(in: start, end) }
    let isLong = end - start > Self.longLine
    if isLong, let length = pattern.wordLiteralLength, let prefilter, let matcher = matcher(),
      let outcome = word(of: length, in: start, end, prefilter.finder, matcher)
    {
      if case .match(let range) = outcome { return range }
      return nil
    }
    if !isLinear, choice.engine == .steps || linear == nil, let matcher = matcher() {
      if !isLong {
        switch unsafe matcher.match(in: text, from: start, to: end) {
        case .none: return nil
        case .match(let range): return range
        case .limit: choice.take(.linear)
        }
      } else if linear == nil {
        return try decided(unsafe inLongLine(matcher, text, start, end), around: start)
      }
    }
    return try linearMatch(in: start, end)
  }

  /// The first place of a literal of `length` bytes as a whole word in a long line: the engine sees each place alone,
  /// so that time is linear. Nil where the finder searches for something else than the whole literal.
  private func word(
    of length: Int, in start: Int, _ end: Int, _ finder: LiteralFinder, _ matcher: PCREMatcher
  ) -> MatchOutcome? {
    var position = start
    while position < end, let place = unsafe finder.find(in: text, position..<end) {
      if place.length != length { return nil }
      let behind = place.offset + length
      // With the whole character behind it, which says whether the word ends there.
      var stop = min(end, behind + 4)
      while stop < end, stop > behind, unsafe text[stop] & 0xC0 == 0x80 { stop -= 1 }
      if case .match(let range) = unsafe matcher.match(in: text, from: place.offset, to: stop),
        range == place.offset..<behind
      {
        return .match(range)
      }
      position = place.offset + 1
    }
    return MatchOutcome.none
  }

  /// The same of Perl's patterns, for which a line is a text by itself.
  private func perlMatch(in start: Int, _ end: Int) throws(LimitReached) -> Range<Int>? {
    guard let matcher = matcher() else { throw LimitReached(lineStart: start) }
    let base = lineStart(around: start)
    let outcome: MatchOutcome
    if end - start > Self.longLine {
      outcome = unsafe inLongLine(matcher, text + base, start - base, end - base)
    } else {
      outcome = unsafe matcher.match(in: text + base, from: start - base, to: end - base)
    }
    return try decided(outcome, around: start).map { $0.lowerBound + base..<$0.upperBound + base }
  }

  /// What one line may take where only the engine without machine code is left.
  private static let timeLimit = Duration.seconds(2)
  /// After how many lines that were given up the rest gets how much fewer steps.
  private static let hurries: [Int: UInt32] = [1_000: 10, 10_000: 100]

  // MARK: Over lines

  /// The first match at `start` or later in the whole text, for patterns that go over lines.
  private func matchAnywhere(from start: Int) throws(LimitReached) -> Range<Int>? {
    if start > count { return nil }
    if !isLinear, let matcher = matcher() {
      switch unsafe matcher.match(in: text, from: start, to: count) {
      case .none: return nil
      case .match(let range): return range
      case .limit: isLinear = true
      }
    }
    return try linearMatch(in: start, count)
  }

  /// Calls `body` with each match between `start` and `end`, in order, none in another. A match of no bytes where the
  /// one before ended is none.
  package func forEachMatch(
    in start: Int, _ end: Int, first: Range<Int>? = nil, _ body: (Range<Int>) -> Bool
  ) throws(LimitReached) {
    var position = start
    var last: Int?
    var known = first
    while position <= end {
      var found = known
      known = nil
      if found == nil {
        found = pattern.staysInLines ? try match(in: position, end) : try matchAnywhere(from: position)
      }
      guard let found, found.lowerBound <= end else { return }
      if found.isEmpty {
        position = after(found.upperBound)
        if found.upperBound == last { continue }
      } else {
        position = found.upperBound
      }
      last = found.upperBound
      if !body(found) { return }
    }
  }

  /// The offset of the next character.
  private func after(_ offset: Int) -> Int {
    var next = offset + 1
    if !isASCII { while next < count, unsafe text[next] & 0xC0 == 0x80 { next += 1 } }
    return next
  }

  /// The groups of a match, by their numbers, 0 for all of it; nil for one that took no part.
  package func groups(of match: Range<Int>, upTo end: Int) -> [Range<Int>?] {
    let base = pattern.pattern.isPerl && pattern.staysInLines ? lineStart(around: match.lowerBound) : 0
    guard texts == nil, !(prefilter?.isExact ?? false), let matcher = current.groups,
      case .match = unsafe matcher.match(in: text + base, from: match.lowerBound - base, to: end - base)
    else { return [match] }
    return (0...matcher.program.groupCount).map { number in
      matcher.group(number).map { $0.lowerBound + base..<$0.upperBound + base }
    }
  }
}
