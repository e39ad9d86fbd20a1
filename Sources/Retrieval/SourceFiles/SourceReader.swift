package import Corpus
import Disk
import Inspection
import Kernels
package import Primitives
package import Segments
import Synchronization

/// The corpora of a snapshot on disk, or the files of a commit, as a search reads them: no link in one is followed,
/// whatever was put in the place of a file since it was indexed, but for those that lead out of it where the user wants
/// that (`CorpusFiles`). Thread-safe; each is opened when it is first read.
package final class SourceTree: Sendable {
  /// What is read of a history in place of the roots.
  private let removed: (any RemovedFiles)?
  /// One for each corpus.
  private let roots: [FilePath]
  private let byteCountLimit: Int
  private let followsLinks: Bool
  /// What is read in place of the roots.
  private let revision: RevisionFiles?
  /// By the corpora's numbers.
  private let held = Mutex<[Int: Result<CorpusFiles, Failure>]>([:])
  /// The files that were opened last: what is read to see whether it holds the query is often what is shown then.
  private let kept = Mutex<[Opened]>([])
  private static let keptCount = 16

  /// A file of the tree that is open.
  final class Opened: Sendable {
    let path: SourcePath
    let file: SourceContent
    fileprivate init(_ path: SourcePath, _ file: consuming SourceContent) {
      self.path = path
      self.file = file
    }
  }

  /// - Parameters:
  ///   - roots: of each corpus of the snapshot, in their order.
  ///   - byteCountLimit: a file that has grown beyond it is not read.
  ///   - revision: the commit that the snapshot, which is of one corpus, is of.
  package init(
    roots: [FilePath], byteCountLimit: Int = 64 << 20, followsLinks: Bool = false, revision: RevisionFiles? = nil
  ) {
    removed = nil
    self.roots = roots
    self.revision = revision
    self.followsLinks = followsLinks
    // Offsets in a text have 32 bits.
    self.byteCountLimit = min(max(0, byteCountLimit), Int(UInt32.max) - 1)
  }

  /// The same for the snapshot of a history.
  package init(_ removed: any RemovedFiles, byteCountLimit: Int = 64 << 20) {
    self.removed = removed
    roots = []
    revision = nil
    followsLinks = false
    self.byteCountLimit = min(max(0, byteCountLimit), Int(UInt32.max) - 1)
  }

  /// The same for a snapshot of one corpus.
  package convenience init(
    root: FilePath, byteCountLimit: Int = 64 << 20, followsLinks: Bool = false, revision: RevisionFiles? = nil
  ) {
    self.init(roots: [root], byteCountLimit: byteCountLimit, followsLinks: followsLinks, revision: revision)
  }

  /// The file at `path`, as it was when it was first opened for this search; one of the last `keptCount` is not opened
  /// again.
  func opened(_ path: SourcePath) throws(Failure) -> Opened {
    if let known = kept.withLock({ $0.first { $0.path == path } }) { return known }
    let new: Opened
    do throws(Failure) { new = Opened(path, try openFile(path)) } catch {
      // Where descriptors are few, those that are kept may be what is missing.
      guard error.code == .inputOutput, kept.withLock({ !$0.isEmpty }) else { throw error }
      kept.withLock { $0.removeAll() }
      new = Opened(path, try openFile(path))
    }
    kept.withLock { kept in
      if kept.count == Self.keptCount { kept.removeFirst() }
      kept.append(new)
    }
    return new
  }

  /// Closes the files that are kept open; one that is read again is opened again.
  func closeKept() {
    let closed = kept.withLock { kept in
      let all = kept
      kept = []
      return all
    }
    // Here the last reference ends, outside of the lock.
    _ = consume closed
  }

  private func openFile(_ path: SourcePath) throws(Failure) -> SourceContent {
    if let removed { return .bytes(try removed.bytes(of: path.path, limit: byteCountLimit)) }
    guard roots.indices.contains(path.corpus) else {
      throw Failure(.notFound, "there is no such corpus", path: path.path)
    }
    if let revision { return .bytes(try content(of: path.path, in: revision)) }
    let result = held.withLock { held in
      if let known = held[path.corpus] { return known }
      let opened = Result { () throws(Failure) in
        try CorpusFiles(root: roots[path.corpus], followsLinks: followsLinks)
      }
      held[path.corpus] = opened
      return opened
    }
    let file = try result.get().openFile(path.path)
    try file.checkSize(limit: byteCountLimit)
    return .file(file)
  }

  private func content(of path: FilePath, in revision: RevisionFiles) throws(Failure) -> [UInt8] {
    do throws(Failure) { return try revision.read(path, limit: byteCountLimit) } catch {
      // The index of the commit has the file: what git does not have of it now is not gone.
      guard error.code == .notFound else { throw error }
      throw Failure(.inputOutput, error.message, path: path, cause: error.cause, remedy: error.remedy)
    }
  }

  func readFile(_ path: SourcePath, upTo end: Int = .max) throws(Failure) -> (bytes: [UInt8], isWhole: Bool) {
    // A blob is taken whole in any case.
    if revision != nil || removed != nil {
      let opened = try opened(path)
      return (try opened.file.read(upTo: end), end >= opened.file.byteCount)
    }
    let file = try openFile(path)
    let bytes = try file.read(upTo: end)
    // A file that ended too soon was cut while it was read: what there was is all.
    return (bytes, bytes.count < end || bytes.count == file.byteCount)
  }
}

/// The files of a history's index: versions of files before commits removed something of them. Safe to share by
/// threads.
package protocol RemovedFiles: Sendable {
  /// The content of the file that the index calls `path`. Throws `.notFound` where there is none, `.tooLarge` for one
  /// of more than `limit` bytes.
  func bytes(of path: FilePath, limit: Int) throws(Failure) -> [UInt8]
}

/// Reads the texts of files (`SourceBytes.text`, as they were indexed) for a search, each once. Each thread that works
/// on it has one of its own, for files of its own.
package struct SourceReader {
  private let tree: SourceTree
  private var known: [SourcePath: [UInt8]?] = [:]
  private var texts: [SourcePath: SourceText] = [:]
  /// Of files that were not read to their end.
  private var beginnings: [SourcePath: [UInt8]] = [:]
  /// The lines from which on results were shown, by file: one place is not shown for two chunks with the same text.
  private var shown: [SourcePath: Set<Int>] = [:]
  /// What could not be read though it is there; a file that is gone, or something else in its place, is not among it.
  package private(set) var unreadable: [SourcePath: Failure] = [:]

  package init(_ tree: SourceTree) { self.tree = tree }

  /// The text of the file at `path` inside the corpus as UTF-8 (of a notebook: its `NotebookText`), or nil if it is
  /// gone or `unreadable`.
  package mutating func bytes(of path: SourcePath) -> [UInt8]? {
    if let bytes = known[path] { return bytes }
    return read(path, upTo: .max)?.bytes
  }

  /// The same of a snapshot of one corpus.
  package mutating func bytes(of path: FilePath) -> [UInt8]? { bytes(of: SourcePath(path)) }

  /// The text of the file at `path` up to `end`, or some more, and whether it is all.
  mutating func beginning(of path: SourcePath, upTo end: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    if let bytes = known[path] { return bytes.map { ($0, true) } }
    if let bytes = beginnings[path], bytes.count >= end { return (bytes, false) }
    return read(path, upTo: end)
  }

  private mutating func read(_ path: SourcePath, upTo end: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    do throws(Failure) {
      // What is indexed of a notebook, and shown, is the text of its cells, which is known from the whole of it.
      let isNotebook = NotebookText.isNotebook(path.path)
      var (bytes, isWhole) = try tree.readFile(path, upTo: isNotebook ? .max : end)
      if !isWhole, !SourceBytes.isText(bytes.span) { (bytes, isWhole) = try tree.readFile(path) }
      if isWhole { bytes = SourceBytes.text(bytes) }
      if isNotebook, let text = NotebookText(bytes.span)?.text { bytes = text }
      if isWhole { known[path] = .some(bytes) } else { beginnings[path] = bytes }
      return (bytes, isWhole)
    } catch {
      note(error, at: path)
      return nil
    }
  }

  private mutating func note(_ failure: Failure, at path: SourcePath) {
    known[path] = .some(nil)
    if failure.code != .notFound, failure.code != .notRegular { unreadable[path] = failure }
  }

  mutating func noteShown(_ line: Int, of path: SourcePath) { shown[path, default: []].insert(line) }
  func shownLines(of path: SourcePath) -> Set<Int> { shown[path] ?? [] }

  // MARK: Parts of files

  /// The bytes of a chunk that the index has at `range` of the file at `path`, or what stands there now if they are not
  /// there any more; nil if the file does not reach so far, is gone or `unreadable`.
  ///
  /// Costs what the chunk has, and only where it is not in its place what the file has up to its end: bytes with the
  /// hash of the chunk are its text, in whatever encoding the file may be.
  mutating func chunk(at range: Range<Int>, hash: ChunkHash, of path: SourcePath) -> [UInt8]? {
    guard range.lowerBound >= 0 else { return nil }
    if !isRead(path, upTo: range.upperBound), !NotebookText.isNotebook(path.path) {
      do throws(Failure) {
        let opened = try tree.opened(path)
        if opened.file.byteCount >= range.upperBound {
          let bytes = try opened.file.read(range)
          if bytes.count == range.count, ChunkHash(of: bytes.span) == hash { return bytes }
        }
      } catch {
        note(error, at: path)
        return nil
      }
    }
    guard let bytes = beginning(of: path, upTo: range.upperBound)?.bytes, range.upperBound <= bytes.count
    else { return nil }
    return Array(bytes[range])
  }

  private func isRead(_ path: SourcePath, upTo end: Int) -> Bool {
    known[path] != nil || beginnings[path].map { $0.count >= end } ?? false
  }

  /// Some bytes of a file.
  struct Part {
    var bytes: [UInt8]
    /// Where they begin in the file.
    var start: Int
    /// How many line breaks come before them.
    var lineBreakCount: Int
    var endsFile: Bool

    /// Where the first character begins that is not cut at its front.
    var firstCharacter: Int { start == 0 ? 0 : bytes.prefix(3).firstIndex { $0 & 0xC0 != 0x80 } ?? min(3, bytes.count) }
  }

  /// The bytes of the file at `path` in `range`, as far as it has some, as they are on disk. What comes before them is
  /// only counted through, piece by piece. Nil if the file is gone or `unreadable`.
  mutating func part(_ range: Range<Int>, of path: SourcePath) -> Part? {
    if let bytes = known[path], bytes == nil { return nil }
    do throws(Failure) {
      let opened = try tree.opened(path)
      let byteCount = opened.file.byteCount
      let range = range.clamped(to: 0..<max(0, byteCount))
      var lineBreakCount = 0
      let before = try opened.file.forEachPiece(upTo: range.lowerBound) {
        lineBreakCount += Kernels.lineBreakCount(in: $0)
      }
      let bytes = try opened.file.read(range)
      // It became shorter meanwhile.
      if before < range.lowerBound || bytes.count < range.count { return nil }
      return Part(
        bytes: bytes, start: range.lowerBound, lineBreakCount: lineBreakCount,
        endsFile: range.upperBound == byteCount)
    } catch {
      note(error, at: path)
      return nil
    }
  }

  /// The same with its lines.
  package mutating func text(of path: SourcePath) -> SourceText? {
    if let text = texts[path] { return text }
    guard let bytes = bytes(of: path) else { return nil }
    let text = SourceText(bytes, isPadded: NotebookText.isNotebook(path.path))
    texts[path] = text
    return text
  }

  /// The same of a snapshot of one corpus.
  package mutating func text(of path: FilePath) -> SourceText? { text(of: SourcePath(path)) }
}
