import Disk
import Primitives

/// What git's index of one work tree says of the contents of its files, asked in the order of their paths.
///
/// An entry says something of a file only where git itself would go by it without reading the file: its sizes, times
/// and number are the file's, and these times are older than the index, so that a later change would show in them (git
/// calls an entry for which that does not hold racily clean). Git compares whole seconds as a rule; here nanoseconds
/// are compared.
struct TrackedFiles {
  private let index: MappedFile
  private let objectIDByteCount: Int
  /// When the index was written, in nanoseconds since 1970.
  private let written: Int64
  /// What leads from the top of the work tree to the root of the corpus, with its slash.
  private let prefix: [UInt8]
  private var position = GitIndexParser.Position()
  private var isAtEnd = false
  /// The directories, from the top of the work tree, in which git tracks a file `.gitattributes`.
  let attributeDirectories: [[UInt8]]

  /// Bytes of the names of those directories: more than any repository has that was made to be worked in.
  private static let attributesByteLimit = 4 << 20

  /// Nil if there is no index, or one of which nothing can be concluded: of an unknown version, damaged, or split in
  /// two files.
  init?(in repository: FilePath, objectIDByteCount: Int, prefix: [UInt8]) {
    let path = repository.appending("index")
    // Before it is mapped: of one that takes its place meanwhile, the time is too early, and nothing too much believed.
    guard let status = try? FileStatus(of: path, followsLinks: false), status.kind == .file,
      let index = try? DecidingFile.map(path, limit: GitRepository.indexByteLimit)
    else { return nil }
    var parser = GitIndexParser(index.bytes, objectIDByteCount: objectIDByteCount, foldsCase: false)
    var directories: [[UInt8]] = []
    var byteCount = 0
    let name = Array(".gitattributes".utf8)
    let rest = parser.parse { _, entry in
      if entry.path.count >= name.count, entry.path.suffix(name.count) == name[...] {
        let directory = entry.path.dropLast(name.count)
        if directory.isEmpty || directory.last == .slash {
          directories.append(Array(directory))
          byteCount += directory.count
        }
      }
      return byteCount <= Self.attributesByteLimit
    }
    guard case .some(.none) = rest, (try? index.checkWhole()) != nil else { return nil }
    self.index = index
    self.objectIDByteCount = objectIDByteCount
    self.prefix = prefix
    written = status.modified
    attributeDirectories = directories
  }

  /// The name of the content that git knows of the file at `path` below the root, which has this fingerprint; nil where
  /// git does not know it, or would look. Paths ascend from call to call.
  mutating func blob(of path: FilePath, _ fingerprint: Fingerprint) -> [UInt8]? {
    let wanted = prefix + path.bytes
    let index = index
    var parser = GitIndexParser(index.bytes, objectIDByteCount: objectIDByteCount, foldsCase: false)
    while !isAtEnd, position.entry.path.lexicographicallyPrecedes(wanted) { isAtEnd = !parser.advance(&position) }
    guard !isAtEnd, position.entry.path == wanted, let details = parser.details(at: position.entry.offset),
      details.isPlainFile, details.describes(fingerprint), !fingerprint.isRacy(readAt: written)
    else { return nil }
    return details.blob
  }
}

extension GitIndexParser.Details {
  /// Whether these are the size, the times and the number of the file. Of an entry that git itself distrusts the size
  /// is 0; an empty file is not worth a proof.
  fileprivate func describes(_ file: Fingerprint) -> Bool {
    guard file.byteCount > 0, file.byteCount <= Int(UInt32.max), UInt32(file.byteCount) == byteCount,
      inode == UInt32(truncatingIfNeeded: file.inode)
    else { return false }
    func isEqual(_ time: Int64, _ seconds: UInt32, _ nanoseconds: UInt32) -> Bool {
      time > 0 && UInt32(truncatingIfNeeded: time / 1_000_000_000) == seconds
        && UInt32(truncatingIfNeeded: time % 1_000_000_000) == nanoseconds
    }
    return isEqual(file.modified, modifiedSeconds, modifiedNanoseconds)
      && isEqual(file.changed, changedSeconds, changedNanoseconds)
  }
}
