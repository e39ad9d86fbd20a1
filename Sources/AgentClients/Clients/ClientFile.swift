import Disk
package import Primitives

/// A client's file as it was when it was looked at.
struct ClientFile {
  /// As the client calls it.
  let path: FilePath
  /// Where a link leads; the same path without links otherwise.
  let target: FilePath
  /// Nil where there is none.
  let content: [UInt8]?
  private let status: FileStatus?

  private static let sizeLimit = 64 << 20

  /// Looks at the file. A link, of the file or on the way to it, is followed only as far as one of `roots`; throws
  /// where it leads elsewhere or nowhere, and where something else than a file is there.
  init(_ path: FilePath, inside roots: [FilePath]) throws(Failure) {
    self.path = path
    let directory: FilePath
    do throws(Failure) { directory = try resolvedPrefix(of: path.parent) } catch {
      throw Failure(error.code, "the directory of it cannot be reached", path: path, cause: error.cause)
    }
    let direct = directory.appending(path.lastComponent)
    let entry = try? FileStatus(of: direct, followsLinks: false)
    if entry?.kind == .symbolicLink {
      guard let end = try Disk.target(ofLink: direct) else {
        throw Failure(.notFound, "it is a link that leads nowhere; remove it or make what it leads to", path: path)
      }
      target = end
    } else {
      target = direct
    }
    let target = target
    guard roots.contains(where: { Self.contains($0, target) }) else {
      throw Failure(
        .permissionDenied,
        "a link leads from it to \(target), which is outside, and is not followed; edit that file by hand",
        path: path)
    }
    guard entry != nil else {
      (content, status) = (nil, nil)
      return
    }
    do throws(Failure) {
      let read = try readFile(target, limit: Self.sizeLimit)
      (content, status) = (read.bytes, read.status)
    } catch {
      throw Failure(error.code, error.message, path: path, cause: error.cause)
    }
  }

  private static func contains(_ root: FilePath, _ target: FilePath) -> Bool {
    guard let real = try? resolvedPrefix(of: root) else { return false }
    return target.relative(to: real) != nil
  }

  /// Throws where the file must not be replaced: it is another user's, read-only, or known by other names too.
  func checkMayChange() throws(Failure) {
    guard let status else { return }
    if status.owner != effectiveUser {
      throw Failure(
        .permissionDenied, "it belongs to another user and is left as it is; run this as that user", path: path)
    }
    if status.permissions & 0o200 == 0 {
      throw Failure(
        .permissionDenied, "it is read-only and is left as it is; `chmod u+w` it, and run this again", path: path)
    }
    if status.linkCount > 1 {
      throw Failure(
        .permissionDenied, "the file has other names too (hard links), which would keep the old text; edit it by hand",
        path: path)
    }
  }

  /// Throws where the file is not as it was looked at.
  private func checkUnchanged() throws(Failure) {
    let now = try? FileStatus(of: target, followsLinks: false)
    let isSame =
      now?.inode == status?.inode && now?.device == status?.device && now?.changed == status?.changed
      && now?.byteCount == status?.byteCount
    if isSame { return }
    throw Failure(
      .changedMeanwhile, "it was changed by another program meanwhile and is left as it is; run this again", path: path)
  }

  /// Replaces the file, which keeps its mode, owner and group, or makes it with the directories above; notes what is
  /// made.
  ///
  /// - Parameter hash: of a file that is Cairn's alone.
  func write(_ bytes: [UInt8], hash: ContentHash?, _ notes: inout MadeNotes) throws(Failure) {
    try checkMayChange()
    try checkUnchanged()
    if content == nil {
      var missing: [FilePath] = []
      var directory = target.parent
      while !fileExists(directory), !directory.parent.isEmpty, directory.parent != directory {
        missing.append(directory)
        directory = directory.parent
      }
      for directory in missing.reversed() {
        try notes.add(MadeNotes.Note(kind: .directory, path: directory))
        try makeDirectory(directory)
      }
      try notes.add(MadeNotes.Note(kind: .file, hash: hash, path: target))
    } else if hash != nil, notes.note(.file, at: target) != nil {
      try notes.add(MadeNotes.Note(kind: .file, hash: hash, path: target))
    }
    do throws(Failure) {
      var file = try AtomicFile(replacing: target)
      try file.write(bytes)
      try checkUnchanged()
      try file.commit()
    } catch {
      throw Failure(error.code, error.message, path: path, cause: error.cause)
    }
  }

  /// Removes the file, and the directories above it that were made for it and hold nothing.
  func remove(_ notes: inout MadeNotes) throws(Failure) {
    try checkMayChange()
    try checkUnchanged()
    try removeFile(target)
    try notes.remove(.file, at: target)
    for directory in notes.directories(above: target) {
      guard (try? removeDirectory(directory)) != nil else { break }
      try notes.remove(.directory, at: directory)
    }
  }
}

extension Failure.Code {
  /// An entry of Cairn's name in a client's file starts something else.
  package static let foreignEntry = Self(rawValue: "foreign-entry")
  /// A file was changed between the look at it and the edit of it.
  package static let changedMeanwhile = Self(rawValue: "changed-meanwhile")
}
