import Disk
package import Primitives

/// What lies in a tree and not in its index, though a search of lines reads it: generated, minified and large files,
/// those with secrets, and directories that are left out whole. A watcher keeps it in the file `unindexed`, so that
/// nobody has to look at the tree to know of them.
///
///     magic       8 bytes, "CAIRNOUT"
///     checksum    8 bytes, little-endian: XXH3 of all that follows
///     stamp       of the commit that it stands beside, as text; a NUL
///     entries     each a letter, `f` of a file or `d` of a directory; the byte count of a file, as text; a blank; the
///                 path; a NUL
package struct UnindexedFiles: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    package var path: FilePath
    package var byteCount: Int
    package init(path: FilePath, byteCount: Int) { (self.path, self.byteCount) = (path, byteCount) }
  }

  /// Of the commit, as text.
  package var stamp: String
  package var files: [File] = []
  package var directories: [FilePath] = []

  package init(stamp: String) { self.stamp = stamp }

  package static let magic = Array("CAIRNOUT".utf8)
  private static let headByteCount = 16
  package static let byteLimit = 1 << 26

  package var bytes: [UInt8] {
    var body = Array(stamp.utf8) + [0]
    for file in files { body += Array("f\(file.byteCount) ".utf8) + file.path.bytes + [0] }
    for directory in directories { body += Array("d ".utf8) + directory.bytes + [0] }
    let sum = checksum(body.span)
    return Self.magic + (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(8 * $0)) } + body
  }

  /// Nil where `bytes` are damaged, or something else.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count > Self.headByteCount, bytes.starts(with: Self.magic), bytes.last == 0 else { return nil }
    var sum: UInt64 = 0
    for i in 0..<8 { sum |= UInt64(bytes[8 + i]) << UInt64(8 * i) }
    guard sum == checksum(bytes.span.extracting(Self.headByteCount..<bytes.count)) else { return nil }
    let parts = bytes[Self.headByteCount..<(bytes.count - 1)].split(separator: 0, omittingEmptySubsequences: false)
    guard let first = parts.first else { return nil }
    stamp = String(decoding: first, as: UTF8.self)
    for part in parts.dropFirst() {
      guard let blank = part.firstIndex(of: UInt8(ascii: " ")), blank + 1 < part.endIndex else { return nil }
      let path = FilePath(bytes: Array(part[(blank + 1)...]))
      guard path.isInside else { return nil }
      switch part.first {
      case UInt8(ascii: "d"): directories.append(path)
      case UInt8(ascii: "f"):
        guard let count = Int(String(decoding: part[(part.startIndex + 1)..<blank], as: UTF8.self)), count >= 0 else {
          return nil
        }
        files.append(File(path: path, byteCount: count))
      default: return nil
      }
    }
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
