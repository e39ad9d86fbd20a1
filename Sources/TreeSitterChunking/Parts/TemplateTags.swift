import Chunking
import Inspection
import Primitives

/// Templates with code between `<%` and `%>`: ERB, EJS, EEx and HEEx. The code of all tags is one program, with a line
/// break in place of each `%>`; the rest is HTML.
enum TemplateTags {
  private static let maximumCount = 20_000

  static func layout(of source: Span<UInt8>, code: String) -> SourceLayout? {
    guard let language = Language.named(code) else { return nil }
    var tags: [Range<Int>] = []
    var parts: [SourceLayout.Part] = []
    var breaks: [Int] = []
    var position = 0
    while tags.count < maximumCount, let open = source.firstOffset(of: "<%", from: position) {
      guard let close = source.firstOffset(of: "%>", from: open + 2) else { break }
      position = close + 2
      tags.append(open..<position)
      var start = open + 2
      // `<%#` and `<%!--` are comments, `<%%` is a `<%` that is shown.
      if start < close, [UInt8.hash, .percent, .exclamationMark].contains(source[start]) { continue }
      while start < close,
        source[start] == .equalsSign || source[start] == .minus || source[start] == .verticalBar
          || source[start] == .underscore
      { start += 1 }
      var end = close
      while end > start, source[end - 1] == .minus || source[end - 1] == .underscore { end -= 1 }
      if end <= start { continue }
      parts.append(SourceLayout.Part(bytes: start..<end, language: language))
      breaks.append(close)
    }
    var layout = SourceLayout(parts: parts + SourceParts.rest(source.count, around: tags, "html"))
    layout.breaks = breaks
    layout.joinsCode = true
    layout.omittedKinds = [.variable, .constant]
    return layout
  }
}
