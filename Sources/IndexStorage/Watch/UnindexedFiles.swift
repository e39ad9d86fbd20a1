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
    func append(_ bytes: [UInt8]) {
      body.append(littleEndian: UInt64(bytes.count))
      body += bytes
    }
    body.append(littleEndian: UInt32(FileGrams.layoutVersion))
    append(Array(stamp.utf8))
    body.append(littleEndian: UInt64(files.count))
    for file in files {
      append(file.path.bytes)
      body.append(littleEndian: Int64(file.fingerprint.byteCount))
      body.append(littleEndian: file.fingerprint.inode)
      body.append(littleEndian: file.fingerprint.modified)
      body.append(littleEndian: file.fingerprint.changed)
      body.append(file.grams == nil ? 0 : 1)
      if let grams = file.grams { append(grams) }
    }
    body.append(littleEndian: UInt64(directories.count))
    for directory in directories { append(directory.bytes) }
    var bytes = Self.magic
    bytes.append(littleEndian: checksum(body.span))
    return bytes + body
  }

  /// Nil where `bytes` are damaged, of another layout, or something else.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count > Self.headByteCount, bytes.starts(with: Self.magic) else { return nil }
    do throws(Failure) { try self.init(after: Self.magic.count, in: bytes.span) } catch { return nil }
  }

  private init(after start: Int, in bytes: Span<UInt8>) throws(Failure) {
    var reader = ByteReader(bytes, at: start)
    guard try reader.read(UInt64.self) == checksum(bytes.extracting(Self.headByteCount..<bytes.count)),
      try reader.read(UInt32.self) == UInt32(FileGrams.layoutVersion)
    else { throw Self.damaged }
    stamp = String(decoding: try reader.readRun(), as: UTF8.self)
    for _ in 0..<(try reader.read(UInt64.self)) {
      let path = try reader.readPath()
      let (byteCount, inode) = (Int(clamping: try reader.read(UInt64.self)), try reader.read(UInt64.self))
      let fingerprint = Fingerprint(
        byteCount: byteCount, modified: try reader.read(), changed: try reader.read(), inode: inode)
      files.append(
        File(path: path, fingerprint: fingerprint, grams: try reader.read(UInt8.self) == 1 ? reader.readRun() : nil))
    }
    for _ in 0..<(try reader.read(UInt64.self)) { directories.append(try reader.readPath()) }
    if reader.remaining > 0 { throw Self.damaged }
  }

  fileprivate static let damaged = Failure(.damaged, "the list of what is not indexed makes no sense")
}

extension ByteReader {
  fileprivate mutating func readRun() throws(Failure) -> [UInt8] {
    try readBytes(Int(clamping: try read(UInt64.self)))
  }

  fileprivate mutating func readPath() throws(Failure) -> FilePath {
    let path = FilePath(bytes: try readRun())
    guard path.isInside else { throw UnindexedFiles.damaged }
    return path
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
