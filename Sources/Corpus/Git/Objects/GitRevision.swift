import Disk
package import Primitives

/// A commit, and the part of its tree that is the corpus of a root.
package struct GitRevision: Hashable, Sendable {
  package var commit: GitObjectID
  /// The tree object of the root: the commit's own, or that of the directory which the root is in the repository.
  package var tree: GitObjectID
}

extension GitCommand {
  /// The commit that `revision` names, by whatever git takes for one: a branch, a tag, `HEAD~3`, the beginning of an
  /// object's name. Runs git twice, and a few times more to say what is wrong.
  ///
  /// Throws `.invalidArgument` for what is no name at all, `.unknownRevision` where git knows none, or it is that of
  /// something else than a commit, or where the root is no directory of that commit.
  ///
  /// - Parameter revision: untrusted: what begins with a dash or has a control character in it is refused.
  package func resolve(_ revision: [UInt8], cancellation: Cancellation) throws(Failure) -> GitRevision {
    let shown = visibleName(String(decoding: revision.prefix(200), as: UTF8.self))
    guard let first = revision.first, first != UInt8(ascii: "-"),
      !revision.contains(where: { $0 < 0x20 || $0 == 0x7F }),
      revision.count <= Self.nameByteLimit
    else {
      throw Failure(
        .invalidArgument,
        "'\(shown)' is no name of a revision: name a branch, a tag, or a commit by the first digits of its name")
    }
    var found = try objectID([revision], cancellation)
    if found == nil, Self.isBeginningOfName(revision) {
      // Of the objects whose names begin so one alone may be a commit: git's log takes it.
      found = try objectID([revision + Array("^{commit}".utf8)], cancellation)
    }
    guard let named = found else {
      throw Failure(
        .unknownRevision,
        "git knows no revision '\(shown)' in this repository: git's branch, tag and log list those that are there",
        path: top)
    }
    let place = prefix.isEmpty ? Array("^{tree}".utf8) : [UInt8(ascii: ":")] + prefix.bytes
    let commitName = named.hex + Array("^{commit}".utf8)
    if let both = try commitAndTree(commitName, named.hex + place, cancellation) { return both }
    guard let commit = try objectID([commitName], cancellation) else {
      if try objectID([named.hex + Array("^{object}".utf8)], cancellation) == nil {
        throw Failure(
          .gitFailed,
          "the repository does not have the commit '\(shown)', or it is damaged: fetch it with git, or see "
            + "what git's fsck says", path: top)
      }
      throw Failure(
        .unknownRevision, "'\(shown)' is the name of something else than a commit: name a commit, a branch or a tag",
        path: top)
    }
    guard let tree = try objectID([commit.hex + place], cancellation) else {
      if prefix.isEmpty {
        throw Failure(
          .gitFailed, "the repository does not have the tree of the commit \(commit): fetch it with git first",
          path: top)
      }
      throw Failure(
        .unknownRevision,
        "there is no directory '\(visibleName(prefix.description))' in the revision '\(shown)': name the top of the "
          + "repository as the root", path: top, remedy: Remedy(.chooseRoot, top.description))
    }
    return GitRevision(commit: commit, tree: tree)
  }

  /// What both names are, in one run; nil where that tells of one of them that it is not there, or anything else.
  private func commitAndTree(
    _ commit: [UInt8], _ tree: [UInt8], _ cancellation: Cancellation
  ) throws(Failure) -> GitRevision? {
    var output: [UInt8] = []
    let ended = try attempt(.revParse, [commit, tree], limits: Self.nameLimits, cancellation: cancellation) {
      output += $0
    }
    let lines = output.split(separator: .newline)
    guard ended.code == 0, lines.count == 2, let commit = GitObjectID(hex: lines[0]),
      let tree = GitObjectID(hex: lines[1])
    else { return nil }
    return GitRevision(commit: commit, tree: tree)
  }

  private static func isBeginningOfName(_ revision: [UInt8]) -> Bool {
    revision.count >= 4 && revision.count < 64
      && revision.allSatisfy { $0.isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20) }
  }

  /// Whether what is checked out is a branch that is not there yet. To be asked where git knows no commit of it: of a
  /// branch that is there and cannot be read git says no more.
  var isOnUnbornBranch: Bool {
    let head = directory.appending("HEAD")
    let content: [UInt8]
    do throws(Failure) {
      // As a link to the branch, which git once made of it, it leads nowhere.
      guard let read = try DecidingFile.read(head, limit: Self.nameByteLimit) else { return true }
      content = read
    } catch { return false }
    guard let name = GitHead.reference(in: content) else { return false }
    return [directory, common].allSatisfy { place in
      do throws(Failure) {
        // One that is left of other branches is in no branch's way.
        return try FileStatus(of: place.appending(name), followsLinks: false).kind == .directory
      } catch { return error.code == .notFound }
    }
  }

  /// What `rev-parse` says that a name is; nil if there is no such object.
  func objectID(_ name: [[UInt8]], _ cancellation: Cancellation) throws(Failure) -> GitObjectID? {
    var output: [UInt8] = []
    let words = ["--verify", "--quiet", "--end-of-options"].map { Array($0.utf8) }
    let ended = try attempt(
      .revParse, words + name, limits: Self.nameLimits, cancellation: cancellation
    ) { output += $0 }
    // More than one name, or one that is excluded, is no revision either.
    if ended.code == 0 { return output.last == .newline ? GitObjectID(hex: output.dropLast()) : nil }
    // 1 where there is none; 128 for a name that is malformed, or where git cannot read the repository.
    let failure = failure(of: ended, .revParse)
    if ended.code == 1 || ended.code == 128 && failure.code == .gitFailed && !ended.isOfRepository { return nil }
    throw failure
  }

  private static let nameByteLimit = 4_096
  private static let nameLimits = Limits(byteCount: 4_096, duration: .seconds(8))
}

extension GitCommand.Ending {
  /// Whether git speaks of the repository rather than of the name that it was given.
  fileprivate var isOfRepository: Bool {
    let said = String(decoding: errorOutput, as: UTF8.self)
    return [
      "not a git repository", "bad config", "repository extension", "repo version", "promisor", "ut of memory",
      "Cannot allocate memory",
    ].contains { said.contains($0) }
  }
}

extension Failure.Code {
  /// git knows no such revision, or it is no commit.
  package static let unknownRevision = Self(rawValue: "unknown-revision")
}
