package import Chunking
package import Corpus

/// A `SyntaxParser` over tree-sitter and the grammars that `Scripts/setup` compiles. Thread-safe.
package struct TreeSitterParser: SyntaxParser {
  package init() {}
  package func outline(of source: Span<UInt8>, in language: Language) -> SyntaxOutline? { nil }
}
