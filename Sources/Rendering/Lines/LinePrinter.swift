package import LineSearch
import Primitives

/// Writes what was found in a file as ripgrep writes it. What stands between files is `separator`.
package struct LinePrinter: Sendable {
  private let options: LinePrintOptions

  package init(_ options: LinePrintOptions) { self.options = options }

  /// What stands between the texts of two files; empty for nothing.
  package var separator: [UInt8] {
    guard options.form == .lines else { return [] }
    if options.hasHeading, options.showsPath { return [0x0A] }
    return options.hasContext ? Array("--\n".utf8) : []
  }

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
      if options.showsPath { text += path(name) + (options.endsPathInNUL ? [0] : [0x3A]) }
      return text + Array("\(count)\n".utf8)
    case .json: return LineJSON.text(of: name, found)
    case .lines: return lines(name, found)
    }
  }

  /// What ends a line that has no line break of its own.
  private var lineEnd: [UInt8] { options.crlf ? [0x0D, 0x0A] : [0x0A] }

  private var pathEnd: [UInt8] { [options.endsPathInNUL ? 0 : 0x0A] }

  // MARK: Lines

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
      if let last, options.hasContext, last.end != line.start { text += "--\n".utf8 }
      last = line
      if options.isOnlyMatching, !line.matches.isEmpty || line.isContext {
        if !line.isContext { addMatches(of: line, found, written, &text) }
      } else if options.isVimgrep, !line.matches.isEmpty {
        for match in line.matches { add(line, found, written, column: match, line.matches, &text) }
      } else {
        add(line, found, written, column: line.matches.first, line.matches, &text)
      }
    }
    if case .stopped(let offset) = found.binary, found.lineCount > 0 {
      if options.showsPath { text += path(name) + Array(": ".utf8) }
      text += "WARNING: stopped searching binary file after match (found \"\\0\" byte around offset \(offset))\n".utf8
    }
    return text
  }

  private func addPrefix(
    _ written: [UInt8], number: Int, column: Int?, mark: UInt8, _ text: inout [UInt8]
  ) {
    if !written.isEmpty {
      text += written
      text.append(options.endsPathInNUL ? 0 : mark)
    }
    if options.showsNumbers {
      painted(number, "32", &text)
      text.append(mark)
    }
    if let column {
      painted(column, "", &text)
      text.append(mark)
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

  /// A line, or the lines of one match, each with its number.
  private func add(
    _ line: FoundLines.Line, _ found: FoundLines, _ written: [UInt8], column: Int?, _ matches: Range<Int>,
    _ text: inout [UInt8]
  ) {
    let mark: UInt8 = line.isContext ? 0x2D : 0x3A
    var (start, number) = (line.start, line.number)
    var next = matches.lowerBound
    repeat {
      var end = line.end
      if end - start > 1, let feed = found.text[start..<(line.end - 1)].firstIndex(of: 0x0A) { end = feed + 1 }
      var shownColumn: Int?
      if options.showsColumns, let column, !line.isContext {
        shownColumn = found.matches[column].lowerBound < start ? 1 : found.matches[column].lowerBound - start + 1
      }
      addPrefix(written, number: number, column: shownColumn, mark: mark, &text)
      while next < matches.upperBound, found.matches[next].upperBound < start { next += 1 }
      addText(start..<end, line, found, matches, &text)
      start = end
      number += 1
    } while start < line.end && !options.isVimgrep
  }

  private func addText(
    _ range: Range<Int>, _ line: FoundLines.Line, _ found: FoundLines, _ matches: Range<Int>, _ text: inout [UInt8]
  ) {
    var range = range
    if options.trims { range = trimmed(range, found) }
    if let limit = options.columnLimit, range.count > limit {
      if line.isContext {
        text += "[Omitted long context line]\n".utf8
      } else if matches.isEmpty || !(options.hasColor || options.showsColumns || options.isVimgrep) {
        text += "[Omitted long matching line]\n".utf8
      } else {
        text += "[Omitted long line with \(matches.count) matches]\n".utf8
      }
      return
    }
    let hasFeed = range.upperBound > range.lowerBound && found.text[range.upperBound - 1] == 0x0A
    let end = hasFeed ? range.upperBound - 1 : range.upperBound
    if matches.isEmpty || (!options.hasColor && found.replacements.isEmpty) {
      add(found.text[range.lowerBound..<end], &text)
    } else {
      var position = range.lowerBound
      for index in matches {
        let match = found.matches[index]
        let (lower, upper) = (max(match.lowerBound, position), min(match.upperBound, end))
        guard lower <= upper, match.upperBound >= range.lowerBound, match.lowerBound <= end else { continue }
        add(found.text[position..<lower], &text)
        let shown = found.replacements.isEmpty ? found.text[lower..<upper] : found.replacements[index][...]
        addMatch(shown, &text)
        position = upper
      }
      if position < end { add(found.text[position..<end], &text) }
    }
    if hasFeed { text.append(0x0A) } else { text += lineEnd }
  }

  private func addMatches(
    of line: FoundLines.Line, _ found: FoundLines, _ written: [UInt8], _ text: inout [UInt8]
  ) {
    var (counted, number) = (line.start, line.number)
    for index in line.matches {
      let match = found.matches[index]
      number += found.text[counted..<max(counted, match.lowerBound)].count { $0 == 0x0A }
      counted = max(counted, match.lowerBound)
      let start = found.text[line.start..<match.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? line.start
      let shown = found.replacements.isEmpty ? found.text[match] : found.replacements[index][...]
      var row = number
      for (part, piece) in shown.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
        // Lines of a match that hold nothing are not shown, only a match that is nothing.
        if piece.isEmpty, !shown.isEmpty {
          row += 1
          continue
        }
        addPrefix(
          written, number: row, column: options.showsColumns ? (part == 0 ? match.lowerBound - start + 1 : 1) : nil,
          mark: 0x3A, &text)
        if let limit = options.columnLimit, piece.count > limit {
          text += "[Omitted long matching line]".utf8
        } else {
          addMatch(piece, &text)
        }
        text += lineEnd
        row += 1
      }
    }
  }

  private func trimmed(_ range: Range<Int>, _ found: FoundLines) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, [9, 10, 11, 12, 13, 32].contains(found.text[start]) { start += 1 }
    return start..<range.upperBound
  }

  private func addMatch(_ shown: ArraySlice<UInt8>, _ text: inout [UInt8]) {
    guard options.hasColor, !shown.isEmpty else { return add(shown, &text) }
    text += "\u{1B}[0m\u{1B}[1m\u{1B}[31m".utf8
    add(shown, &text)
    text += "\u{1B}[0m".utf8
  }

  /// Raw bytes, unless a terminal would obey them.
  private func add(_ bytes: ArraySlice<UInt8>, _ text: inout [UInt8]) {
    guard options.isForTerminal, bytes.contains(where: { ($0 < 0x20 && $0 != 9 && $0 != 13) || $0 >= 0x7F }) else {
      text += bytes
      return
    }
    text += safeText(String(decoding: bytes, as: UTF8.self), tabs: .kept).utf8
  }

  private func path(_ name: [UInt8]) -> [UInt8] {
    let shown = options.isForTerminal ? Array(safeText(String(decoding: name, as: UTF8.self)).utf8) : name
    guard options.hasColor else { return shown }
    return Array("\u{1B}[0m\u{1B}[35m".utf8) + shown + Array("\u{1B}[0m".utf8)
  }
}
