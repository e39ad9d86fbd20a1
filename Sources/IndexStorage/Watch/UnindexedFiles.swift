package import Corpus
import Disk
package import Primitives
package import Segments

/// What lies in a tree and not in its index, though a search of lines reads it: generated, minified and large files,
/// those with secrets, and directories that are left out whole. A watcher keeps it in the file `unindexed`, so that
/// nobody has to look at the tree to know of them; with the n-grams of the larger ones, by which most searches leave
/// them unread.
///
///     magic       8 bytes, "CAIRNOUT"
///     checksum    8 bytes: XXH3 of all that follows
///     layout      4 bytes: of the n-grams
///     stamp       of the commit that it stands beside: length, text
///     files       count, and of each: its path, as length and bytes; its size, inode, time of modification and time of
///                 change; 1 and its n-grams, as length and bytes (`FileGrams.kept`), or 0 where they are not known
///     directories count, and of each its path
///
/// Numbers are of 8 bytes where nothing else is said, and little-endian.
package struct UnindexedFiles: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    package var path: FilePath
    package var fingerprint: Fingerprint
    /// Of just this content; nil where they are not known, or say nothing.
    package var grams: [UInt8]?

    package init(path: FilePath, fingerprint: Fingerprint, grams: [UInt8]? = nil) {
      (self.path, self.fingerprint, self.grams) = (path, fingerprint, grams)
    }

    /// Whether it may hold what `query` says.
    package func mayHold(_ query: GramQuery) -> Bool { grams.map { FileGrams.mayHold(query, kept: $0.span) } ?? true }
  }

  /// Of the commit, as text.
  package var stamp: String
  package var files: [File] = []
  package var directories: [FilePath] = []

  package init(stamp: String) { self.stamp = stamp }

  package static let magic = Array("CAIRNOUT".utf8)
  private static let headByteCount = 16
  package static let byteLimit = 1 << 27

  package var bytes: [UInt8] {
    var body: [UInt8] = []
    func append(_ number: UInt64, _ byteCount: Int = 8) {
      for i in 0..<byteCount { body.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * i))) }
    }
    func append(_ bytes: [UInt8]) {
      append(UInt64(bytes.count))
      body += bytes
    }
    append(UInt64(FileGrams.layoutVersion), 4)
    append(Array(stamp.utf8))
    append(UInt64(files.count))
    for file in files {
      append(file.path.bytes)
      append(UInt64(bitPattern: Int64(file.fingerprint.byteCount)))
      append(file.fingerprint.inode)
      append(UInt64(bitPattern: file.fingerprint.modified))
      append(UInt64(bitPattern: file.fingerprint.changed))
      append(file.grams == nil ? 0 : 1, 1)
      if let grams = file.grams { append(grams) }
    }
    append(UInt64(directories.count))
    for directory in directories { append(directory.bytes) }
    var head = Self.magic
    swap(&head, &body)
    append(checksum(head.span))
    return body + head
  }

  /// Nil where `bytes` are damaged, of another layout, or something else.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count > Self.headByteCount, bytes.starts(with: Self.magic) else { return nil }
    var offset = Self.magic.count
    var isDamaged = false
    func number(_ byteCount: Int = 8) -> UInt64 {
      guard bytes.count - offset >= byteCount else {
        isDamaged = true
        return 0
      }
      var number: UInt64 = 0
      for i in 0..<byteCount { number |= UInt64(bytes[offset + i]) << UInt64(8 * i) }
      offset += byteCount
      return number
    }
    func run() -> ArraySlice<UInt8> {
      let count = Int(clamping: number())
      guard count <= bytes.count - offset else {
        isDamaged = true
        return []
      }
      defer { offset += count }
      return bytes[offset..<(offset + count)]
    }
    guard number() == checksum(bytes.span.extracting(Self.headByteCount..<bytes.count)),
      number(4) == UInt64(FileGrams.layoutVersion)
    else { return nil }
    stamp = String(decoding: run(), as: UTF8.self)
    for _ in 0..<number() {
      if isDamaged { return nil }
      let path = FilePath(bytes: Array(run()))
      let (byteCount, inode) = (Int(clamping: number()), number())
      let fingerprint = Fingerprint(
        byteCount: byteCount, modified: Int64(bitPattern: number()), changed: Int64(bitPattern: number()), inode: inode)
      guard path.isInside else { return nil }
      files.append(File(path: path, fingerprint: fingerprint, grams: number(1) == 1 ? Array(run()) : nil))
    }
    for _ in 0..<number() {
      if isDamaged { return nil }
      let path = FilePath(bytes: Array(run()))
      guard path.isInside else { return nil }
      directories.append(path)
    }
    if isDamaged || offset != bytes.count { return nil }
  }
}

extension FilePath {
  /// Whether it leads into the directory that it begins in, and not out of it again.
  fileprivate var isInside: Bool {
    !isAbsolute && !isEmpty
      && bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { name in
        !name.isEmpty && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
      }
  }
}

extension IndexDirectory {
  static let unindexedName: FilePath = "unindexed"

  /// What the watcher, which holds the lock, knows; nil where nothing was kept, or it is damaged.
  package func unindexedFiles() -> UnindexedFiles? {
    content(of: Self.unindexedName, limit: UnindexedFiles.byteLimit).flatMap { UnindexedFiles($0) }
  }

  /// Keeps `files`; throws where that fails, so that what was kept before is not of this state.
  package func keep(_ files: UnindexedFiles) throws(Failure) {
    try write(files.bytes, to: Self.unindexedName, isDurable: false)
  }
}
