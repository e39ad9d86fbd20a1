import Corpus
import Disk
package import Primitives
import Synchronization

/// The corpus on disk, as an answer reads it: no link in it is followed, whatever was put in the place of a file since it was indexed, but
/// for those that lead out of it where the user wants that (`CorpusFiles`).
/// Thread-safe; opened when it is first read.
package final class SourceTree: Sendable {
  private let root: FilePath
  private let byteCountLimit: Int
  private let followsLinks: Bool
  private let held = Mutex<Result<CorpusFiles, Failure>?>(nil)

  /// - Parameter byteCountLimit: a file that has grown beyond it is not read.
  package init(root: FilePath, byteCountLimit: Int = 64 << 20, followsLinks: Bool = false) {
    self.root = root
    self.followsLinks = followsLinks
    // Offsets in a text have 32 bits.
    self.byteCountLimit = min(max(0, byteCountLimit), Int(UInt32.max) - 1)
  }

  func readFile(_ path: FilePath, upTo end: Int = .max) throws(Failure) -> (bytes: [UInt8], isWhole: Bool) {
    let result = held.withLock { held in
      if let held { return held }
      let opened = Result { () throws(Failure) in try CorpusFiles(root: root, followsLinks: followsLinks) }
      held = opened
      return opened
    }
    let (bytes, status) = try result.get().readFile(path, limit: byteCountLimit, upTo: end)
    // A file that ended too soon was cut while it was read: what there was is all.
    return (bytes, bytes.count < end || bytes.count == status.byteCount)
  }
}

/// Reads the texts of files (`SourceBytes.text`, as they were indexed) for an answer, each once. Each thread that works on the answer has one of its own, for files of its own.
package struct SourceReader {
  private let tree: SourceTree
  private var known: [FilePath: [UInt8]?] = [:]
  private var texts: [FilePath: SourceText] = [:]
  /// Of files that were not read to their end.
  private var beginnings: [FilePath: [UInt8]] = [:]
  /// What could not be read though it is there; a file that is gone, or something else in its place, is not among it.
  package private(set) var unreadable: [FilePath: Failure] = [:]

  package init(_ tree: SourceTree) { self.tree = tree }

  /// The text of the file at `path` inside the corpus as UTF-8 (of a notebook: its `NotebookText`), or nothing where it is gone or `unreadable`.
  package mutating func bytes(of path: FilePath) -> [UInt8]? {
    if let bytes = known[path] { return bytes }
    return read(path, upTo: .max)?.bytes
  }

  /// The text of the file at `path` up to `end`, or some more, and whether it is all.
  mutating func beginning(of path: FilePath, upTo end: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    if let bytes = known[path] { return bytes.map { ($0, true) } }
    if let bytes = beginnings[path], bytes.count >= end { return (bytes, false) }
    return read(path, upTo: end)
  }

  private mutating func read(_ path: FilePath, upTo end: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    do throws(Failure) {
      // What is indexed of a notebook, and shown, is the text of its cells, which is known from the whole of it.
      let isNotebook = NotebookText.isNotebook(path)
      var (bytes, isWhole) = try tree.readFile(path, upTo: isNotebook ? .max : end)
      if !isWhole, !SourceBytes.isText(bytes.span) { (bytes, isWhole) = try tree.readFile(path) }
      if isWhole { bytes = SourceBytes.text(bytes) }
      if isNotebook, let text = NotebookText(bytes.span)?.text { bytes = text }
      if isWhole { known[path] = .some(bytes) } else { beginnings[path] = bytes }
      return (bytes, isWhole)
    } catch {
      known[path] = .some(nil)
      if error.code != .notFound, error.code != .notRegular { unreadable[path] = error }
      return nil
    }
  }

  /// The same with its lines.
  package mutating func text(of path: FilePath) -> SourceText? {
    if let text = texts[path] { return text }
    guard let bytes = bytes(of: path) else { return nil }
    let text = SourceText(bytes, isPadded: NotebookText.isNotebook(path))
    texts[path] = text
    return text
  }
}
