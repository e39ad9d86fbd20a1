import Chunking
import Inspection
import Primitives

/// Code in the fences of Markdown (CommonMark, and the braces of R Markdown and Quarto). What it defines can be found
/// by name; its variables are of no interest.
enum FencedCode {
  /// More fences than this in one file are left to the prose.
  private static let maximumCount = 400
  /// Less code than this defines nothing.
  private static let minimumByteCount = 16

  static func layout(of source: Span<UInt8>) -> SourceLayout? {
    guard source.firstOffset(of: "```", from: 0) != nil || source.firstOffset(of: "~~~", from: 0) != nil,
      let markdown = Language.named("markdown")
    else { return nil }
    var parts: [SourceLayout.Part] = []
    var fence: (byte: UInt8, count: Int, start: Int, language: Language?)?
    var line = 0
    while line < source.count, parts.count < maximumCount {
      var end = line
      while end < source.count, source[end] != .newline { end += 1 }
      let next = min(source.count, end + 1)
      if let mark = mark(source, line..<end) {
        if let open = fence {
          if mark.byte == open.byte, mark.count >= open.count, mark.info.isEmpty {
            if let language = open.language, line - open.start >= minimumByteCount {
              parts.append(SourceLayout.Part(bytes: open.start..<line, language: language))
            }
            fence = nil
          }
        } else {
          fence = (mark.byte, mark.count, next, language(source, mark.info))
        }
      }
      line = next
    }
    if parts.isEmpty { return nil }
    var layout = SourceLayout(
      parts: [SourceLayout.Part(bytes: 0..<source.count, language: markdown)] + parts)
    layout.omittedKinds = [.variable, .constant, .property]
    return layout
  }

  /// The fence that a line is: its byte, how many of it, and what follows. An indented one belongs to a list, whose
  /// code is indented.
  private static func mark(
    _ source: Span<UInt8>, _ line: Range<Int>
  ) -> (byte: UInt8, count: Int, info: Range<Int>)? {
    guard let first = line.first, source[first] == .backquote || source[first] == .tilde else { return nil }
    let byte = source[first]
    var end = first
    while end < line.upperBound, source[end] == byte { end += 1 }
    guard end - first >= 3 else { return nil }
    var start = end
    var stop = line.upperBound
    while start < stop, source[start] <= .space { start += 1 }
    while stop > start, source[stop - 1] <= .space { stop -= 1 }
    // Backquotes behind backquotes are code in a line.
    if byte == .backquote { for i in start..<stop where source[i] == .backquote { return nil } }
    return (byte, end - first, start..<stop)
  }

  /// `python`, `rust,no_run`, `{r, echo=FALSE}`, `{.cpp .numberLines}`, `js title="a.js"`.
  private static func language(_ source: Span<UInt8>, _ info: Range<Int>) -> Language? {
    var start = info.lowerBound
    while start < info.upperBound, source[start] == .leftBrace || source[start] == .dot { start += 1 }
    var end = start
    while end < info.upperBound, source.isIdentifier(at: end) || [UInt8.plus, .hash, .minus].contains(source[end]) {
      end += 1
    }
    guard end > start, let language = Language.named(source.name(start..<end)), language.kind == .code,
      Grammars.table(for: language.name) != nil
    else { return nil }
    return language
  }
}
