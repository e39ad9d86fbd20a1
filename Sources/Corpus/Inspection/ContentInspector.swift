package import Primitives

/// What a file's content tells that its name does not. Pure.
package struct ContentInspector: Sendable {
  package init() {}
  /// Why the file should not be indexed (empty, binary, minified, generated), or nothing.
  package func reasonToSkip(_ content: Span<UInt8>, path: FilePath) -> SkipReason? { nil }
  /// The language by name, extension, first line (`#!`, modelines) and, where an extension has several, by content.
  package func language(of content: Span<UInt8>, path: FilePath) -> Language { .plainText }
}
