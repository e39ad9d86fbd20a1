import Chunking
import Inspection
import Primitives

/// Pages of Razor and Blazor: the members in `@code { … }` and `@functions { … }` are C#, what is between is HTML.
enum RazorBlocks {
  private static let maximumCount = 64

  static func layout(of source: Span<UInt8>) -> SourceLayout? {
    guard let csharp = Language.named("csharp") else { return nil }
    var blocks: [Range<Int>] = []
    var parts: [SourceLayout.Part] = []
    var position = 0
    while parts.count < maximumCount, let at = nextBlock(source, from: position) {
      let end = SkimRules.Literals(hasTextBlocks: true).endOfBraces(at: at.brace, in: source)
      blocks.append(at.start..<end)
      parts.append(SourceLayout.Part(bytes: (at.brace + 1)..<max(at.brace + 1, end - 1), language: csharp))
      position = end
    }
    var layout = SourceLayout(parts: parts + SourceParts.rest(source.count, around: blocks, "html"))
    layout.omittedKinds = [.variable]
    return layout
  }

  private static func nextBlock(_ source: Span<UInt8>, from start: Int) -> (start: Int, brace: Int)? {
    var position = start
    while position < source.count {
      if source[position] == .atSign, source.isFirstOnLine(position) {
        for word: StaticString in ["@code", "@functions"]
        where source.begins(position..<source.count, with: word) {
          var brace = position + word.utf8CodeUnitCount
          while brace < source.count, source[brace] <= .space { brace += 1 }
          if brace < source.count, source[brace] == .leftBrace { return (position, brace) }
        }
      }
      position += 1
    }
    return nil
  }
}
