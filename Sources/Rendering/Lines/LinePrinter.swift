package import LineSearch
import Primitives

/// Writes what was found in a file as ripgrep writes it. What stands between files is `separator`.
package struct LinePrinter: Sendable {
  private let options: LinePrintOptions

  package init(_ options: LinePrintOptions) { self.options = options }

  /// What stands between the texts of two files; empty for nothing.
  package var separator: [UInt8] {
    guard options.form == .lines else { return [] }
    if options.hasHeading { return [0x0A] }
    return options.hasContext ? gap : []
  }

  /// Between lines that do not touch.
  private var gap: [UInt8] { options.contextSeparator.map { $0 + [0x0A] } ?? [] }

  /// The text of one file; empty where nothing is shown of it.
  package func text(of name: [UInt8], _ found: FoundLines) -> [UInt8] {
    let isStopped = if case .stopped = found.binary { true } else { false }
    // Of a file that turned out to be no text neither counts nor its name are shown.
    let isFound = found.lineCount > 0 && !(isStopped && options.form != .lines && options.form != .json)
    switch options.form {
    case .none: return []
    case .filesFound: return isFound ? path(name) + pathEnd : []
    case .filesWithout: return isFound || isStopped ? [] : path(name) + pathEnd
    case .counts, .matchCounts:
      let count = options.form == .counts ? found.lineCount : found.matchCount
      guard isFound || (options.includesZero && !isStopped) else { return [] }
      var text: [UInt8] = []
      if options.showsPath { text += path(name) + (options.endsPathInNUL ? [0] : options.separatorOfFields) }
      return text + Array("\(count)\n".utf8)
    case .json:
      let text = LineJSON.text(of: name, found)
      return options.isForTerminal ? LineJSON.forTerminal(text) : text
    case .lines: return lines(name, found)
    }
  }

  /// What ends a line that has no line break of its own.
  private var lineEnd: [UInt8] { options.crlf ? [0x0D, 0x0A] : [0x0A] }

  private var pathEnd: [UInt8] { [options.endsPathInNUL ? 0 : 0x0A] }

  // MARK: Lines

  /// Bytes that are shown together: a line, or with patterns that go over lines several. Where matches are replaced,
  /// these are the bytes as they would be.
  private struct Shown {
    var text: [UInt8]
    var range: Range<Int>
    /// In `text`.
    var matches: ArraySlice<Range<Int>>
    var number: Int
    /// Where it begins in the file.
    var offset: Int
    var isContext: Bool

    init(_ line: FoundLines.Line, _ found: FoundLines) {
      (number, offset, isContext) = (line.number, line.start, line.isContext)
      guard !found.replacements.isEmpty, !line.matches.isEmpty else {
        (text, range, matches) = (found.text, line.start..<line.end, found.matches[line.matches])
        return
      }
      var replaced: [UInt8] = []
      var places: [Range<Int>] = []
      var position = line.start
      for index in line.matches {
        let match = found.matches[index]
        let start = min(max(match.lowerBound, position), line.end)
        replaced += found.text[position..<start]
        places.append(replaced.count..<(replaced.count + found.replacements[index].count))
        replaced += found.replacements[index]
        position = max(start, min(match.upperBound, line.end))
      }
      replaced += found.text[position..<line.end]
      (text, range, matches) = (replaced, 0..<replaced.count, places[...])
    }

    /// From the beginning of what is shown, from 1.
    func column(of match: Range<Int>) -> Int { match.lowerBound - range.lowerBound + 1 }

    /// The lines of it, with their line breaks.
    var lines: [Range<Int>] {
      var lines: [Range<Int>] = []
      var start = range.lowerBound
      while start < range.upperBound {
        let end = text[start..<range.upperBound].firstIndex(of: 0x0A).map { $0 + 1 } ?? range.upperBound
        lines.append(start..<end)
        start = end
      }
      return lines
    }
  }

  private func lines(_ name: [UInt8], _ found: FoundLines) -> [UInt8] {
    guard found.lineCount > 0 || !found.lines.isEmpty else { return [] }
    var text: [UInt8] = []
    if case .named(let offset) = found.binary {
      guard found.lineCount > 0 else { return [] }
      if options.showsPath { text += path(name) + Array(": ".utf8) }
      return text + Array("binary file matches (found \"\\0\" byte around offset \(offset))\n".utf8)
    }
    if options.hasHeading, options.showsPath { text += path(name) + pathEnd }
    let written = options.showsPath && !options.hasHeading ? path(name) : []
    var last: FoundLines.Line?
    for line in found.lines {
      if let last, options.hasContext, last.end != line.start { text += gap }
      last = line
      let shown = Shown(line, found)
      if options.spansLines, !line.isContext {
        addOverLines(shown, written, &text)
      } else {
        addInLine(shown, written, &text)
      }
    }
    if case .stopped(let offset) = found.binary, found.lineCount > 0 {
      if options.showsPath { text += path(name) + Array(": ".utf8) }
      text += "WARNING: stopped searching binary file after match (found \"\\0\" byte around offset \(offset))\n".utf8
    }
    return text
  }

  private func addInLine(_ shown: Shown, _ written: [UInt8], _ text: inout [UInt8]) {
    if options.isOnlyMatching, !shown.matches.isEmpty {
      for match in shown.matches {
        addPrefix(shown, written, column: shown.column(of: match), at: match.lowerBound, &text)
        addLine(match, of: shown, [match], &text)
      }
    } else if options.isVimgrep, !shown.matches.isEmpty {
      for match in shown.matches {
        addPrefix(shown, written, column: shown.column(of: match), at: match.lowerBound, &text)
        addLine(shown.range, of: shown, [match], &text)
      }
    } else {
      addPrefix(shown, written, column: shown.matches.first.map(shown.column), at: shown.range.lowerBound, &text)
      addLine(shown.range, of: shown, shown.matches, &text)
    }
  }

  private func addOverLines(_ shown: Shown, _ written: [UInt8], _ text: inout [UInt8]) {
    if options.isOnlyMatching, !shown.matches.isEmpty { return addMatchesOverLines(shown, written, &text) }
    guard options.isVimgrep, !shown.matches.isEmpty else {
      for (count, line) in shown.lines.enumerated() {
        let column = shown.matches.first.map(shown.column)
        addPrefix(shown, written, row: count, column: column, at: line.lowerBound, &text)
        addLine(line, of: shown, shown.matches, &text)
      }
      return
    }
    for match in shown.matches {
      // Only the first line of each match.
      guard
        let (count, line) = shown.lines.enumerated().first(where: { $1.upperBound > match.lowerBound }),
        line.lowerBound < match.upperBound
      else { continue }
      let column = max(0, match.lowerBound - line.lowerBound) + 1
      addPrefix(shown, written, row: count, column: column, at: line.lowerBound, &text)
      addLine(line, of: shown, [match], &text)
    }
  }

  private func addMatchesOverLines(_ shown: Shown, _ written: [UInt8], _ text: inout [UInt8]) {
    var next = shown.matches.startIndex
    for (count, whole) in shown.lines.enumerated() {
      var line = options.trims ? trimmed(whole, shown.text) : whole
      line = line.lowerBound..<max(line.lowerBound, endOfText(whole, shown.text))
      while !line.isEmpty, next < shown.matches.endIndex {
        let match = shown.matches[next]
        if match.upperBound <= line.lowerBound {
          next += 1
          continue
        }
        if line.lowerBound < match.lowerBound {
          line = min(line.upperBound, match.lowerBound)..<line.upperBound
          continue
        }
        let end = min(line.upperBound, match.upperBound)
        addPrefix(shown, written, row: count, column: shown.column(of: match), at: match.lowerBound, &text)
        let part = line.lowerBound..<end
        if exceedsLimit(part) {
          addOmission(of: part, of: shown, [match], &text)
        } else {
          addMatch(shown.text[part], &text)
          text += lineEnd
        }
        line = end..<line.upperBound
      }
      if next == shown.matches.endIndex { return }
    }
  }

  /// - Parameters:
  ///   - row: of the lines of what is shown, from 0.
  ///   - position: where what follows begins in the text.
  private func addPrefix(
    _ shown: Shown, _ written: [UInt8], row: Int = 0, column: Int?, at position: Int, _ text: inout [UInt8]
  ) {
    let mark = shown.isContext ? options.contextSeparatorOfFields : options.separatorOfFields
    if !written.isEmpty {
      text += written
      text += options.endsPathInNUL ? [0] : mark
    }
    if options.showsNumbers {
      painted(shown.number + row, "32", &text)
      text += mark
    }
    if options.showsColumns, let column, !shown.isContext {
      painted(column, "", &text)
      text += mark
    }
    if options.showsOffsets {
      painted(shown.offset + position - shown.range.lowerBound, "", &text)
      text += mark
    }
  }

  private func painted(_ number: Int, _ code: String, _ text: inout [UInt8]) {
    guard options.hasColor else {
      text += String(number).utf8
      return
    }
    text += "\u{1B}[0m".utf8
    if !code.isEmpty { text += "\u{1B}[\(code)m".utf8 }
    text += String(number).utf8
    text += "\u{1B}[0m".utf8
  }

  /// A line, or a match that stands for one, with `matches` in colour.
  private func addLine(
    _ whole: Range<Int>, of shown: Shown, _ matches: ArraySlice<Range<Int>>, _ text: inout [UInt8]
  ) {
    let line = options.trims ? trimmed(whole, shown.text) : whole
    if exceedsLimit(line) { return addOmission(of: line, of: shown, matches, &text) }
    let hasFeed = !line.isEmpty && shown.text[line.upperBound - 1] == 0x0A
    var end = hasFeed ? line.upperBound - 1 : line.upperBound
    // A terminal obeys a carriage return that is not the end of its line: what follows would hide what is before.
    let hasReturn = options.isForTerminal && hasFeed && end > line.lowerBound && shown.text[end - 1] == 0x0D
    if hasReturn { end -= 1 }
    addPainted(line.lowerBound..<end, of: shown, matches, &text)
    if hasReturn { text.append(0x0D) }
    if hasFeed { text.append(0x0A) } else { text += lineEnd }
  }

  /// Adds what is between `position` and a match, and the match in its colour.
  private func paint(_ match: Range<Int>, of shown: Shown, from position: inout Int, _ text: inout [UInt8]) {
    add(shown.text[position..<match.lowerBound], &text)
    addMatch(shown.text[match], &text)
    position = match.upperBound
  }

  private func addPainted(
    _ range: Range<Int>, of shown: Shown, _ matches: ArraySlice<Range<Int>>, _ text: inout [UInt8]
  ) {
    var position = range.lowerBound
    if options.hasColor {
      // Matches that touch each other are painted as one, as ripgrep does.
      var painted: Range<Int>?
      for match in matches where match.upperBound >= range.lowerBound && match.lowerBound <= range.upperBound {
        let (lower, upper) = (max(match.lowerBound, position), min(match.upperBound, range.upperBound))
        guard lower <= upper else { continue }
        if let last = painted, last.upperBound >= lower {
          painted = last.lowerBound..<max(last.upperBound, upper)
          continue
        }
        if let painted { paint(painted, of: shown, from: &position, &text) }
        painted = lower..<upper
      }
      if let painted { paint(painted, of: shown, from: &position, &text) }
    }
    if position < range.upperBound { add(shown.text[position..<range.upperBound], &text) }
  }

  private func exceedsLimit(_ line: Range<Int>) -> Bool { options.columnLimit.map { line.count > $0 } ?? false }

  /// What stands in place of a line that is too long.
  private func addOmission(
    of line: Range<Int>, of shown: Shown, _ matches: ArraySlice<Range<Int>>, _ text: inout [UInt8]
  ) {
    if options.previewsLongLines {
      let hasFeed = !line.isEmpty && shown.text[line.upperBound - 1] == 0x0A
      let end = min(endOfPreview(line, shown.text), hasFeed ? line.upperBound - 1 : line.upperBound)
      addPainted(line.lowerBound..<end, of: shown, matches, &text)
      if shown.matches.isEmpty {
        text += " [... omitted end of long line]".utf8
      } else {
        // Where a match stands for a line, ripgrep counts from its beginning.
        let shift = options.isOnlyMatching ? line.lowerBound - shown.range.lowerBound : 0
        let rest = shown.matches.count { (end..<line.upperBound).contains($0.lowerBound + shift) }
        text += " [... \(rest) more \(rest == 1 ? "match" : "matches")]".utf8
      }
    } else if shown.isContext {
      text += "[Omitted long context line]".utf8
    } else if shown.matches.isEmpty || options.isOnlyMatching {
      text += "[Omitted long matching line]".utf8
    } else {
      text += "[Omitted long line with \(shown.matches.count) matches]".utf8
    }
    text += lineEnd
  }

  /// Where the characters end that are shown of a long line, as many as it may have bytes.
  private func endOfPreview(_ line: Range<Int>, _ text: [UInt8]) -> Int {
    let limit = options.columnLimit ?? 0
    guard let valid = String(validating: text[line], as: UTF8.self) else {
      // Bytes that are no text count as one character each.
      var position = line.lowerBound
      for _ in 0..<limit where position < line.upperBound {
        let count = [1, 2, 3, 4].first { count in
          position + count <= line.upperBound
            && String(validating: text[position..<(position + count)], as: UTF8.self) != nil
        }
        position += count ?? 1
      }
      return position
    }
    return line.lowerBound + valid.prefix(limit).utf8.count
  }

  /// Without its line break.
  private func endOfText(_ line: Range<Int>, _ text: [UInt8]) -> Int {
    var end = line.upperBound
    if end > line.lowerBound, text[end - 1] == 0x0A { end -= 1 }
    if options.crlf, end > line.lowerBound, text[end - 1] == 0x0D { end -= 1 }
    return end
  }

  private func trimmed(_ line: Range<Int>, _ text: [UInt8]) -> Range<Int> {
    var start = line.lowerBound
    while start < line.upperBound, [9, 10, 11, 12, 13, 32].contains(text[start]) { start += 1 }
    return start..<line.upperBound
  }

  private func addMatch(_ shown: ArraySlice<UInt8>, _ text: inout [UInt8]) {
    guard options.hasColor, !shown.isEmpty else { return add(shown, &text) }
    text += "\u{1B}[0m\u{1B}[1m\u{1B}[31m".utf8
    add(shown, &text)
    text += "\u{1B}[0m".utf8
  }

  /// Raw bytes, unless a terminal would obey them.
  private func add(_ bytes: ArraySlice<UInt8>, _ text: inout [UInt8]) {
    guard options.isForTerminal, bytes.contains(where: { ($0 < 0x20 && $0 != 9) || $0 >= 0x7F }) else {
      text += bytes
      return
    }
    text += safeText(String(decoding: bytes, as: UTF8.self), tabs: .kept).utf8
  }

  private func path(_ name: [UInt8]) -> [UInt8] {
    let shown = shownName(name, isForTerminal: options.isForTerminal)
    guard options.hasColor else { return shown }
    return Array("\u{1B}[0m\u{1B}[35m".utf8) + shown + Array("\u{1B}[0m".utf8)
  }
}
