import Primitives

/// Text in another language inside a file: the script of a page.
struct EmbeddedText {
  /// More than this many in one file are left alone.
  static let maximumCount = 64

  var bytes: Range<Int>
  /// Row of its first byte, from 0.
  var row: Int
  var language: String
  /// Depth of its outermost nodes in the outline of the file.
  var depth: Int
  /// How many nodes of the file's outline come before it.
  var nodeIndex: Int

  /// The language of a node's text, told by the tag in front of it: `<script lang="ts">`, `<style>`. Nil for templates
  /// and data.
  static func language(of node: SyntaxNode, in source: borrowing Span<UInt8>) -> String? {
    if node.isType("frontmatter_js_block") { return "typescript" }
    var start = node.start
    let limit = max(0, start - 300)
    while start > limit, source[start - 1] != .lessThan { start -= 1 }
    let tag = start..<node.start
    if source.begins(tag, with: "script") {
      if source.contains("json", in: tag) || source.contains("template", in: tag) || source.contains("x-", in: tag) {
        return nil
      }
      if source.contains("tsx", in: tag) { return "tsx" }
      return source.contains("ts\"", in: tag) || source.contains("ts'", in: tag)
        || source.contains("typescript", in: tag) ? "typescript" : "javascript"
    }
    if source.begins(tag, with: "style") { return source.contains("scss", in: tag) ? "scss" : "css" }
    return nil
  }
}
