package import Primitives

/// What a model that reads running text is shown of a chunk: where it stands, then its lines.
package struct DocumentText: Hashable, Sendable {
  /// The last four components of the path, a line feed, the chunk; UTF-8, with U+FFFD for what is none.
  package let text: String

  package init(_ chunk: Span<UInt8>, path: FilePath) {
    let names = path.description.split(separator: "/").suffix(4).joined(separator: "/")
    let lines = unsafe chunk.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    text = "\(names)\n\(lines)"
  }

  /// A text by itself, as it is.
  package init(_ text: String) { self.text = text }
}
