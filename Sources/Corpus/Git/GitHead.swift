import Disk
package import Primitives

/// Which commit is checked out, as the repository's own files say it: nothing is run.
package enum GitHead {
  /// The name of the commit that is checked out in the work tree around `root`; nil where there is none, or the files
  /// do not say it: a branch without a commit, damaged files, references in a table of git's newest form (`reftable`).
  /// What is in the files is believed as a name alone: whether the repository has the commit is not looked at.
  ///
  /// Reads two or three small files, or the list of packed references, some milliseconds for a hundred thousand.
  ///
  /// - Parameter root: absolute, with no link in it.
  package static func commit(around root: FilePath) -> GitObjectID? {
    GitRepository.workTree(around: root).flatMap { commit(named: "HEAD", in: $0.own, $0.common) }
  }

  /// The reference that a file of one names: `ref: refs/heads/main`; nil where it names none, or more.
  static func reference(in content: [UInt8]) -> FilePath? {
    guard content.starts(with: mark) else { return nil }
    let words = content.dropFirst(mark.count).split { $0 <= 0x20 }
    return words.count == 1 ? FilePath(bytes: Array(words[0])) : nil
  }

  private static let mark = Array("ref:".utf8)
  /// A reference that names a reference that names one is as much as git makes.
  private static let depthLimit = 5
  private static let byteLimit = 4096
  private static let packedByteLimit = 64 << 20

  private static func commit(named name: FilePath, in directory: FilePath, _ common: FilePath) -> GitObjectID? {
    var name = name
    for _ in 0..<depthLimit {
      // `HEAD` is of the work tree, branches are of the repository.
      let place = name == "HEAD" ? directory : common
      guard let content = (try? DecidingFile.read(place.appending(name), limit: byteLimit)) ?? nil else {
        return packedCommit(named: name, in: common)
      }
      guard content.starts(with: mark) else {
        return GitObjectID(hex: content.prefix { $0 != .newline && $0 != .carriageReturn })
      }
      guard let next = reference(in: content), next.isOrdinary, next.bytes.starts(with: "refs/".utf8) else {
        return nil
      }
      name = next
    }
    return nil
  }

  /// As `packed-refs` has it: lines of a name, a space and the reference.
  private static func packedCommit(named name: FilePath, in common: FilePath) -> GitObjectID? {
    guard let file = (try? DecidingFile.map(common.appending("packed-refs"), limit: packedByteLimit)) ?? nil else {
      return nil
    }
    let end = [UInt8.space] + name.bytes
    let found = line(endingWith: end, in: file.bytes).flatMap { GitObjectID(hex: $0.dropLast(end.count)) }
    guard (try? file.checkWhole()) != nil else { return nil }
    return found
  }
  private static func line(endingWith end: [UInt8], in bytes: Span<UInt8>) -> [UInt8]? {
    var start = 0
    for i in 0...bytes.count where i == bytes.count || bytes[i] == .newline {
      if i - start > end.count, end.indices.allSatisfy({ bytes[i - end.count + $0] == end[$0] }) {
        return (start..<i).map { bytes[$0] }
      }
      start = i + 1
    }
    return nil
  }
}
