import Disk
package import Primitives

/// Reads the files of one answer, each once.
package struct SourceReader {
  private let root: FilePath
  private let byteCountLimit: Int
  private var known: [FilePath: SourceText?] = [:]

  /// - Parameter byteCountLimit: a file that has grown beyond it is treated as gone.
  package init(root: FilePath, byteCountLimit: Int = 64 << 20) {
    self.root = root
    self.byteCountLimit = byteCountLimit
  }

  /// The text of the file at `path` inside the corpus, or nothing where it cannot be read any more.
  package mutating func text(of path: FilePath) -> SourceText? {
    if let text = known[path] { return text }
    let text = (try? readFile(root.appending(path), limit: byteCountLimit)).map { SourceText($0.bytes) }
    known[path] = .some(text)
    return text
  }
}
