import Disk
package import Primitives

/// How many files of a directory are not as git's index has them: counted from what an index of the directory knows of
/// their sizes and times, in the order of their paths. Reads git's index, and the status of those tracked files that
/// the other index does not know; runs nothing, and reads no file's content.
///
/// Git goes by times and sizes too where it can. A file that was only touched counts until git has looked at it.
package struct WorkTreeEdits {
  /// Which state of git's index was read.
  package struct Mark: Hashable, Sendable, CustomStringConvertible {
    private var inode: UInt64
    private var modified: Int64
    private var byteCount: Int
    package var description: String { "\(inode) \(modified) \(byteCount)" }

    /// That of the repository around `root`; nil where there is none, or it has no index.
    package init?(around root: FilePath) {
      guard let (_, own, _) = GitRepository.workTree(around: root),
        let status = try? FileStatus(of: own.appending("index"), followsLinks: false), status.kind == .file
      else { return nil }
      (inode, modified, byteCount) = (status.inode, status.modified, status.byteCount)
    }
  }

  private let index: MappedFile
  private let objectIDByteCount: Int
  private let top: FilePath
  private let prefix: [UInt8]
  private var position = GitIndexParser.Position()
  private var isAtEnd = false
  /// Whether the current entry of git's is of a file that was taken.
  private var isMet = true
  private var count = 0
  /// Whether git's index has something that no commit has; nil where it does not say.
  package let hasStaged: Bool?

  /// Nil where the repository around `root` has no index, or one of which nothing can be concluded.
  package init?(around root: FilePath, environment: GitEnvironment = .process) {
    guard let (top, own, common) = GitRepository.workTree(around: root),
      let config = try? GitRepository.settings(of: own, common: common, environment: environment), !config.ignoresCase,
      let index = try? DecidingFile.map(own.appending("index"), limit: GitRepository.indexByteLimit)
    else { return nil }
    var parser = GitIndexParser(index.bytes, objectIDByteCount: config.objectIDByteCount, foldsCase: false)
    guard case .some(.none) = parser.parse({ _, _ in true }), (try? index.checkWhole()) != nil else { return nil }
    hasStaged = parser.isOfTree.map { !$0 }
    (self.index, self.top, objectIDByteCount) = (index, top, config.objectIDByteCount)
    prefix = root.relative(to: top).map { $0.bytes + [.slash] } ?? []
  }

  /// Takes the next file of the other index, relative to the root. Paths ascend from call to call.
  package mutating func take(_ path: FilePath, _ fingerprint: Fingerprint) {
    let wanted = prefix + path.bytes
    advance { $0.lexicographicallyPrecedes(wanted) }
    guard !isAtEnd, position.entry.path == wanted else {
      count += 1
      return
    }
    isMet = true
    if differs(fingerprint) { count += 1 }
  }

  /// How many files differ, those included that are gone.
  package mutating func finish() -> Int {
    advance { _ in true }
    return count
  }

  /// Goes on to the first entry that is not to be passed. A file that was not taken is looked at.
  private mutating func advance(while isPassed: ([UInt8]) -> Bool) {
    let index = index
    var parser = GitIndexParser(index.bytes, objectIDByteCount: objectIDByteCount, foldsCase: false)
    while !isAtEnd, isMet || isPassed(position.entry.path) {
      if !isMet, position.entry.path.starts(with: prefix) { look() }
      isAtEnd = !parser.advance(&position)
      isMet = false
    }
  }

  /// Counts the file of the current entry where it is gone or changed.
  private mutating func look() {
    guard details?.isPlainFile == true else { return }
    let status = try? FileStatus(of: top.appending(FilePath(bytes: position.entry.path)), followsLinks: false)
    guard let status, status.kind == .file, !differs(Fingerprint(status)) else {
      count += 1
      return
    }
  }

  private var details: GitIndexParser.Details? {
    GitIndexParser(index.bytes, objectIDByteCount: objectIDByteCount, foldsCase: false)
      .details(at: position.entry.offset)
  }

  private func differs(_ file: Fingerprint) -> Bool {
    guard let details, details.isPlainFile else { return false }
    guard details.byteCount == UInt32(truncatingIfNeeded: file.byteCount) else { return true }
    let (seconds, nanoseconds) = file.modified.quotientAndRemainder(dividingBy: 1_000_000_000)
    // Some programs that write the index keep whole seconds.
    return details.modifiedSeconds != UInt32(truncatingIfNeeded: seconds)
      || (details.modifiedNanoseconds != 0 && details.modifiedNanoseconds != UInt32(truncatingIfNeeded: nanoseconds))
  }
}
