import Disk
package import Primitives

/// Reads the files of one answer, each once.
package struct SourceReader {
  private let root: FilePath
  private let byteCountLimit: Int
  private var known: [FilePath: [UInt8]?] = [:]
  private var texts: [FilePath: SourceText] = [:]

  /// - Parameter byteCountLimit: a file that has grown beyond it is treated as gone; below 4 GiB.
  package init(root: FilePath, byteCountLimit: Int = 64 << 20) {
    self.root = root
    self.byteCountLimit = byteCountLimit
  }

  /// The bytes of the file at `path` inside the corpus, or nothing where it cannot be read any more.
  package mutating func bytes(of path: FilePath) -> [UInt8]? {
    if let bytes = known[path] { return bytes }
    let bytes = try? readFile(root.appending(path), limit: byteCountLimit).bytes
    known[path] = .some(bytes)
    return bytes
  }

  /// The same with its lines.
  package mutating func text(of path: FilePath) -> SourceText? {
    if let text = texts[path] { return text }
    guard let bytes = bytes(of: path) else { return nil }
    let text = SourceText(bytes)
    texts[path] = text
    return text
  }
}
