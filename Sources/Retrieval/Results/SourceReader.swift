import Disk
package import Primitives

/// Reads files for an answer, each once. Each thread that works on the answer has one of its own, for files of its own.
package struct SourceReader {
  private let root: FilePath
  private let byteCountLimit: Int
  private var known: [FilePath: [UInt8]?] = [:]
  private var texts: [FilePath: SourceText] = [:]
  /// Of files that were not read to their end.
  private var beginnings: [FilePath: [UInt8]] = [:]

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

  /// The bytes of the file at `path` up to `end`, or some more, and whether they are all.
  mutating func beginning(of path: FilePath, upTo end: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    if let bytes = known[path] { return bytes.map { ($0, true) } }
    if let bytes = beginnings[path], bytes.count >= end { return (bytes, false) }
    guard let (bytes, status) = try? readFile(root.appending(path), limit: byteCountLimit, upTo: end) else {
      known[path] = .some(nil)
      return nil
    }
    // A file that ended too soon was cut while it was read: what there was is all.
    if bytes.count < end || bytes.count == status.byteCount {
      known[path] = .some(bytes)
      return (bytes, true)
    }
    beginnings[path] = bytes
    return (bytes, false)
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
