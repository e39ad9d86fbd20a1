package import Primitives

/// A commit, and the part of its tree that is the corpus of a root.
package struct GitRevision: Hashable, Sendable {
  package var commit: GitObjectID
  /// The tree object of the root: the commit's own, or that of the directory which the root is in the repository.
  package var tree: GitObjectID
}

extension GitCommand {
  /// The commit that `revision` names, by whatever git takes for one: a branch, a tag, `HEAD~3`, the beginning of an
  /// object's name. Runs git three times at most.
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
    guard let named = try objectID([revision], cancellation) else {
      throw Failure(
        .unknownRevision,
        "git knows no revision '\(shown)' in this repository: git's branch, tag and log list those that are there",
        path: top)
    }
    guard let commit = try objectID([named.hex + Array("^{commit}".utf8)], cancellation) else {
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
    let place = prefix.isEmpty ? Array("^{tree}".utf8) : [UInt8(ascii: ":")] + prefix.bytes
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

  /// What `rev-parse` says that a name is; nil if there is no such object.
  private func objectID(_ name: [[UInt8]], _ cancellation: Cancellation) throws(Failure) -> GitObjectID? {
    var output: [UInt8] = []
    let words = ["--verify", "--quiet", "--end-of-options"].map { Array($0.utf8) }
    let ended = try attempt(
      .revParse, words + name, limits: Limits(byteCount: 4_096, duration: .seconds(8)), cancellation: cancellation
    ) { output += $0 }
    // More than one name, or one that is excluded, is no revision either.
    if ended.code == 0 { return output.last == .newline ? GitObjectID(hex: output.dropLast()) : nil }
    // 1 where there is none; 128 for a name that is malformed, or where git cannot read the repository.
    let failure = failure(of: ended, .revParse)
    if ended.code == 1 || ended.code == 128 && failure.code == .gitFailed && !ended.isOfRepository { return nil }
    throw failure
  }

  private static let nameByteLimit = 4_096
}

extension GitCommand.Ending {
  /// Whether git speaks of the repository rather than of the name that it was given.
  fileprivate var isOfRepository: Bool {
    let said = String(decoding: errorOutput, as: UTF8.self)
    return ["not a git repository", "bad config", "repository extension", "repo version", "promisor"]
      .contains { said.contains($0) }
  }
}

extension Failure.Code {
  /// git knows no such revision, or it is no commit.
  package static let unknownRevision = Self(rawValue: "unknown-revision")
}
