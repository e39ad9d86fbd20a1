import Inspection
package import Primitives
import Retrieval

// What goes to a chat model, and what its answer is held against.

extension IndexSession {
  /// Whether the file is not to be sent: it holds a secret, or cannot be read now. One with a secret is in an index
  /// only if somebody wanted it there, and wanting it found is not wanting it sent.
  package func holdsSecret(_ path: FilePath) -> Bool {
    var reader = SourceReader(tree)
    guard let bytes = reader.bytes(of: path) else { return true }
    return ContentInspector().holdsSecret(bytes.span, path: path)
  }

  /// The lines of the file as it is now, whole: of a long one a model sees a part. Nil if it cannot be read.
  package func lines(of path: FilePath) -> [String]? {
    var reader = SourceReader(tree)
    guard let text = reader.text(of: path) else { return nil }
    return (0..<text.lineCount).map { text.line($0 + 1, limit: 1 << 32) }
  }
}
