import Primitives

/// Tells code that a program has pressed into a few long lines.
enum MinifiedFile {
  /// Whether the name says it, as in `app.min.js`; a source map is taken as one where it is JSON.
  static func isMinified(name: [UInt8], _ content: Span<UInt8>) -> Bool {
    let name = name.asciiLowercased
    if suffixes.contains(where: { name.count > $0.count && name.suffix($0.count).elementsEqual($0) }) { return true }
    guard name.suffix(4).elementsEqual(".map".utf8) else { return false }
    let head = FirstBytes(content, limit: 1_024)
    return head.bytes.first == UInt8(ascii: "{") && (head.contains("\"mappings\"") || head.contains("\"version\""))
  }

  /// Whether the content is worth the closer look of `isMinified`.
  static func hasLongLines(_ content: Span<UInt8>) -> Bool {
    content.count >= 2_048
      && ContentHeuristics.byteCount(inLinesOfAtLeast: longLineByteCount, content) * 2 > content.count
  }

  /// Whether most of the content lies in lines too long to read and with hardly a blank in them. Script and style
  /// sheets are known for it; of other code nearly all must be so, since a source file may well hold a long table.
  static func isMinified(_ content: Span<UInt8>, language: Language) -> Bool {
    guard hasLongLines(content), language.kind != .prose else { return false }
    let long = ContentHeuristics.byteCount(inLinesOfAtLeast: longLineByteCount, content)
    let isScript = scripts.contains(language.name)
    guard isScript || long * 20 > content.count * 19 else { return false }
    let spaces = ContentHeuristics.whiteSpaceByteCount(content)
    return isScript ? spaces * 8 < content.count : spaces * 20 < content.count
  }

  private static let longLineByteCount = 500
  private static let suffixes = [".min.js", ".min.mjs", ".min.cjs", ".min.css", "-min.js", "-min.css"].map {
    Array($0.utf8)
  }
  private static let scripts: Set = ["javascript", "typescript", "css", "json"]
}
