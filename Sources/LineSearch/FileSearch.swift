import Inspection
import Kernels
import Patterns

/// Searches files one after the other, each as ripgrep reads it: a NUL means that a file is no text, a line ends with a
/// line feed, and a carriage return before it is part of the line. For one thread.
// `@unchecked Sendable`: a `SearchPool` hands it to one thread at a time.
final class FileSearch: @unchecked Sendable {
  private let options: LineSearchOptions
  private let matcher: LineMatcher
  private let replacement: Replacement?
  private var found = FoundLines()
  private var end = 0
  // What has a number so far.
  private var numbered = 0
  private var number = 1
  /// The end of the last line that is shown, and how many after it are.
  private var shownEnd = 0
  private var linesAfter = 0
  /// The first NUL of a file that is searched over lines, behind its beginning.
  private var lateNUL: Int?

  init(_ pattern: CompiledPattern, _ options: LineSearchOptions) {
    self.options = options
    matcher = LineMatcher(pattern)
    replacement = options.replacement.map { Replacement($0, names: pattern.groupNames) }
  }

  /// - Parameter isNamed: whether the user named the file itself, so that it is searched even if it is no text.
  func search(_ bytes: consuming [UInt8], isNamed: Bool) throws(LineMatcher.LimitReached) -> FoundLines {
    found = FoundLines()
    found.text = SourceBytes.unmarked(bytes)
    end = found.text.count
    lateNUL = nil
    if !options.isText, let offset = firstNUL() {
      if isNamed {
        found.binary = .named(offset: offset)
        for i in offset..<end where found.text[i] == 0 { found.text[i] = 10 }
      } else {
        if matcher.pattern.staysInLines {
          found.binary = .stopped(offset: offset)
          end = readBefore(offset)
        } else if offset < 1 << 16 {
          // What goes over lines is searched whole, and judged by its beginning and by what is found.
          found.binary = .stopped(offset: offset)
          end = 0
        } else {
          lateNUL = offset
        }
      }
    }
    found.searchedByteCount = end
    (numbered, number, shownEnd, linesAfter) = (0, 1, 0, 0)
    let text = found.text
    var limit: LineMatcher.LimitReached?
    unsafe text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, end > 0 else { return }
      unsafe matcher.begin(base, end)
      do throws(LineMatcher.LimitReached) {
        if !matcher.pattern.staysInLines {
          try searchOverLines()
        } else if options.isInverted {
          try searchInverted()
        } else {
          try searchLines()
        }
      } catch { limit = error }
    }
    if let limit { throw limit }
    // What ends before the NUL never meets it.
    if case .stopped = found.binary, found.lineCount > 0,
      options.isExistence || found.lineCount >= options.lineLimit ?? .max
    {
      found.binary = nil
    }
    defer { found = FoundLines() }
    return found
  }

  private func firstNUL() -> Int? {
    unsafe found.text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return nil }
      return unsafe firstByte(0, in: base, 0..<bytes.count)
    }
  }

  /// How many bytes ripgrep has searched when it meets the first NUL, at `offset`: it reads 64 KiB at a time, searches
  /// the whole lines of these, and stops where it reads a NUL.
  private func readBefore(_ offset: Int) -> Int {
    var (capacity, readEnd, lineEnd) = (1 << 16, 0, 0)
    while true {
      if readEnd - lineEnd == capacity { capacity *= 2 }
      let next = min(found.text.count, lineEnd + capacity)
      if offset < next { return lineEnd }
      let line = found.text[readEnd..<next].lastIndex(of: 10)
      readEnd = next
      if let line { lineEnd = line + 1 }
    }
  }

  // MARK: Lines

  private func searchLines() throws(LineMatcher.LimitReached) {
    var position = 0
    while let match = nextMatch(from: &position) {
      let start = max(position, matcher.lineStart(around: match.lowerBound))
      let lineEnd = matcher.lineEnd(around: match.lowerBound)
      position = min(lineEnd + 1, end)
      if try !add(start, position, textEnd: lineEnd, first: match) { break }
    }
    showAfter(upTo: end)
  }

  /// The first match at `position` or later. Lines that take too many steps are left out, and noted.
  private func nextMatch(from position: inout Int) -> Range<Int>? {
    while position < end {
      do throws(LineMatcher.LimitReached) { return try matcher.firstMatch(from: position) } catch {
        note(error)
        position = matcher.lineEnd(around: max(position, error.lineStart)) + 1
      }
    }
    return nil
  }

  private func note(_ limit: LineMatcher.LimitReached) {
    found.limitedLine = found.limitedLine ?? limit.lineStart
    found.limitedLineCount += 1
  }

  private func searchInverted() throws(LineMatcher.LimitReached) {
    var position = 0
    search: while position < end {
      var match: Range<Int>?
      do throws(LineMatcher.LimitReached) { match = try matcher.firstMatch(from: position) } catch {
        // Whether the line is one to show is not known: it is left out, like one that matches.
        note(error)
        match = max(position, error.lineStart)..<max(position, error.lineStart)
      }
      let stop = match.map { max(position, matcher.lineStart(around: $0.lowerBound)) } ?? end
      while position < stop {
        let lineEnd = matcher.lineEnd(around: position)
        let next = min(lineEnd + 1, end)
        if try !add(position, next, textEnd: lineEnd, first: nil) { break search }
        position = next
      }
      if let match { position = min(matcher.lineEnd(around: match.lowerBound) + 1, end) }
    }
    showAfter(upTo: end)
  }

  private func searchOverLines() throws(LineMatcher.LimitReached) {
    // Lines with matches that touch each other are one.
    var regions: [(start: Int, end: Int, matches: [Range<Int>])] = []
    let limit = options.isInverted ? .max : options.lineLimit ?? .max
    try matcher.forEachMatch(in: 0, end) { match in
      // Behind the last line break is no line.
      if match.isEmpty, match.lowerBound >= end, found.text[end - 1] == 10 { return true }
      let last = match.isEmpty ? match.lowerBound : match.upperBound - 1
      let start = matcher.lineStart(around: match.lowerBound)
      let regionEnd = min(matcher.lineEnd(around: last) + 1, end)
      if let previous = regions.last, previous.end >= start {
        if regions.count >= limit, previous.end == start { return false }
        regions[regions.count - 1].end = max(previous.end, regionEnd)
        regions[regions.count - 1].matches.append(match)
      } else {
        if regions.count >= limit { return false }
        regions.append((start, regionEnd, [match]))
      }
      return !options.isExistence
    }
    if options.isInverted {
      var position = 0
      for region in regions + [(end, end, [])] {
        while position < region.start {
          let lineEnd = matcher.lineEnd(around: position)
          let next = min(lineEnd + 1, end)
          if try !add(position, next, textEnd: lineEnd, first: nil) { return showAfter(upTo: end) }
          position = next
        }
        position = region.end
      }
      return showAfter(upTo: end)
    }
    for region in regions {
      if let lateNUL, region.end > lateNUL, let offset = found.text[region.start..<region.end].firstIndex(of: 0) {
        found.binary = .stopped(offset: offset)
        return
      }
      show(before: region.start)
      let firstMatch = found.matches.count
      for match in region.matches { note(match, upTo: end) }
      found.matchCount += region.matches.count
      found.lineCount += region.matches.count
      append(region.start, region.end, firstMatch..<found.matches.count, isContext: false)
      linesAfter = options.showsAll ? .max : options.linesAfter
    }
    showAfter(upTo: end)
  }

  // MARK: What is found

  /// Adds a line that was found; false if no more are wanted.
  private func add(
    _ start: Int, _ next: Int, textEnd: Int, first: Range<Int>?
  ) throws(LineMatcher.LimitReached) -> Bool {
    found.lineCount += 1
    if options.isExistence { return false }
    let firstMatch = found.matches.count
    if options.wantsMatches, let first {
      var all: [Range<Int>] = []
      try matcher.forEachMatch(in: start, textEnd, first: first) { match in
        // Behind a last line that has no line break is nothing to match.
        if !match.isEmpty || match.lowerBound < next { all.append(match) }
        return true
      }
      found.matchCount += all.count
      if options.wantsLines { for match in all { note(match, upTo: textEnd) } }
    }
    if options.wantsLines {
      show(before: start)
      append(start, next, firstMatch..<found.matches.count, isContext: false)
      linesAfter = options.showsAll ? .max : options.linesAfter
    }
    return found.lineCount < options.lineLimit ?? .max
  }

  private func note(_ match: Range<Int>, upTo textEnd: Int) {
    guard options.wantsMatches else { return }
    found.matches.append(match)
    if let replacement {
      let groups = matcher.groups(of: match, upTo: textEnd)
      found.replacements.append(replacement.text(groups, in: found.text))
    }
  }

  private func append(_ start: Int, _ next: Int, _ matches: Range<Int>, isContext: Bool) {
    var number = 0
    if options.wantsNumbers {
      self.number += lineBreakCount(in: found.text.span.extracting(numbered..<start))
      numbered = start
      number = self.number
    }
    found.lines.append(.init(start: start, end: next, number: number, matches: matches, isContext: isContext))
    shownEnd = next
  }

  // MARK: Lines beside

  /// Shows what is shown between the last line and the one at `start`.
  private func show(before start: Int) {
    showAfter(upTo: start)
    let wanted = options.showsAll ? .max : options.linesBefore
    guard wanted > 0, shownEnd < start else { return }
    var first = start
    var count = 0
    while first > shownEnd, count < wanted {
      first = max(shownEnd, matcher.lineStart(around: first - 1))
      count += 1
    }
    showContext(first, upTo: start)
  }

  private func showAfter(upTo stop: Int) {
    guard linesAfter > 0 || (options.showsAll && options.wantsLines && !options.isExistence) else { return }
    while linesAfter > 0 || options.showsAll, shownEnd < stop {
      let next = min(matcher.lineEnd(around: shownEnd) + 1, end)
      append(shownEnd, next, 0..<0, isContext: true)
      if linesAfter != .max { linesAfter -= 1 }
    }
  }

  private func showContext(_ first: Int, upTo stop: Int) {
    var position = first
    while position < stop {
      let next = min(matcher.lineEnd(around: position) + 1, end)
      append(position, next, 0..<0, isContext: true)
      position = next
    }
  }
}
