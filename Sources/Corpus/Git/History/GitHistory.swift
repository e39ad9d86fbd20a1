package import Primitives

/// The commits of a repository, and what each of them removed, as git tells of them: two runs of git, whatever the
/// number of commits. What is checked out is what was when the command was made, which takes no run.
package struct GitHistory: Sendable {
  package let command: GitCommand

  package init(_ command: GitCommand) { self.command = command }

  /// Commits that can be reached from one.
  package struct Listing: Hashable, Sendable {
    /// Newest first, as git lists them.
    package var commits: [HistoryCommit]
    /// Whether there are more than were asked for.
    package var isCut: Bool
  }

  /// The commit that is checked out; nil where that is a branch without one. Runs git only where there is none.
  ///
  /// Throws `.gitFailed` where git cannot tell, or the repository does not have the commit, and as `GitCommand.run`
  /// does.
  package func head(cancellation: Cancellation) throws(Failure) -> GitObjectID? {
    if let commit = command.checkout.commit { return commit }
    if let named = try command.objectID([Array("HEAD".utf8)], cancellation) {
      throw Failure(
        .gitFailed,
        "the repository does not have the commit that is checked out (\(named)), or it is damaged: fetch it with git, "
          + "or see what git's fsck says", path: command.top)
    }
    if command.isOnUnbornBranch { return nil }
    throw Failure(
      .gitFailed,
      "git cannot tell which commit is checked out: check a branch out with git, or see what git's status and fsck say",
      path: command.directory.appending("HEAD"))
  }

  /// Whether the clone lacks the parents of its oldest commits.
  package var isShallow: Bool { command.checkout.isShallow }

  /// The commits that are reached from `head` by all parents, the `limit` newest of them. Some microseconds each.
  /// Throws as `GitCommand.run` does.
  package func commits(
    from head: GitObjectID, limit: Int?, cancellation: Cancellation
  ) throws(Failure) -> Listing {
    var parser = HistoryCommit.ListParser()
    func option(_ name: String, _ value: String) -> String { name + "=" + value }
    var arguments = [option("--encoding", "UTF-8"), option("--format", HistoryCommit.ListParser.format)]
    // One more tells whether there are more.
    if let limit { arguments.append(option("--max-count", "\(limit + 1)")) }
    arguments.append(head.description)
    try command.run(
      .listRevisions, arguments.map { Array($0.utf8) }, limits: Self.limits, cancellation: cancellation
    ) { (piece) throws(Failure) in try parser.feed(piece) }
    var listing = Listing(commits: parser.commits, isCut: false)
    if let limit, listing.commits.count > limit {
      listing.commits.removeLast(listing.commits.count - limit)
      listing.isCut = true
    }
    return listing
  }

  /// Hands on what each of `commits` removed in the part of the repository that is the corpus, in their order; one that
  /// removed nothing is left out. Paths are those in the corpus. About a millisecond for a commit.
  ///
  /// Gives those that git cannot compare, since the repository lacks one of their objects or it is damaged; where there
  /// are more than `unreadableLimit` of them it throws what git says. Throws besides as `GitCommand.run` does, and what
  /// `body` throws.
  @discardableResult
  package func removals(
    of commits: [GitObjectID], cancellation: Cancellation,
    _ body: (RemovingCommit) throws(Failure) -> Void
  ) throws(Failure) -> [GitObjectID] {
    var rest = commits[...]
    var unreadable: [GitObjectID] = []
    while let first = rest.first {
      var parser = RemovalParser()
      do throws(Failure) {
        try compare(Array(rest), &parser, cancellation, body)
        return unreadable
      } catch {
        guard error.code == .gitFailed, unreadable.count < Self.unreadableLimit else { throw error }
      }
      // git ends with the first commit that it cannot compare: the one that it named last, or the one behind that.
      let named = parser.commit.flatMap { rest.firstIndex(of: $0) } ?? rest.startIndex
      if named > rest.startIndex {
        rest = rest[named...]
        continue
      }
      parser = RemovalParser()
      do throws(Failure) { try compare([first], &parser, cancellation, body) } catch {
        guard error.code == .gitFailed else { throw error }
        unreadable.append(first)
      }
      rest = rest.dropFirst()
    }
    return unreadable
  }

  /// With so many commits that cannot be compared a repository lacks most of what they removed, as a clone without
  /// blobs does.
  private static let unreadableLimit = 32

  private func compare(
    _ commits: [GitObjectID], _ parser: inout RemovalParser, _ cancellation: Cancellation,
    _ body: (RemovingCommit) throws(Failure) -> Void
  ) throws(Failure) {
    let prefix = command.prefix
    // By --always it names each commit, also where it finds nothing in it: so it is heard that it goes on.
    var arguments = ["--stdin", "--always", "-r", "--cc", "--raw", "-p", "-U0", "-z", "--full-index", "--no-renames"]
      .map { Array($0.utf8) }
    // What these would have hidden as binary is told by its bytes.
    if command.hasOwnAttributes { arguments.append(Array("--text".utf8)) }
    if !prefix.isEmpty { arguments += [Array("--".utf8), prefix.bytes] }
    func handOn(_ commits: [RemovingCommit]) throws(Failure) {
      for var commit in commits {
        commit.removals = commit.removals.compactMap { removal -> Removal? in
          guard let path = prefix.isEmpty ? removal.path : removal.path.relative(to: prefix), path.isOrdinary else {
            return nil
          }
          var removal = removal
          removal.path = path
          return removal
        }
        if !commit.removals.isEmpty || commit.isCut { try body(commit) }
      }
    }
    var read = parser
    defer { parser = read }
    try command.run(
      .compareTrees, arguments, input: commits.flatMap { $0.hex + [.newline] }, limits: Self.limits,
      cancellation: cancellation
    ) { (piece) throws(Failure) in
      try read.feed(piece)
      try handOn(read.takeCommits())
    }
    try read.finish()
    try handOn(read.takeCommits())
  }

  /// The commits in what `git rev-list` prints of them, in pieces. Throws `.gitFailed` where it is something else.
  package static func commits(inList pieces: [[UInt8]]) throws(Failure) -> [HistoryCommit] {
    var parser = HistoryCommit.ListParser()
    for piece in pieces { try parser.feed(piece) }
    return parser.commits
  }

  /// What is removed in what `git diff-tree` prints of commits, in pieces. Throws `.gitFailed` where it is something
  /// else.
  package static func removals(inPatches pieces: [[UInt8]]) throws(Failure) -> [RemovingCommit] {
    var parser = RemovalParser()
    for piece in pieces { try parser.feed(piece) }
    try parser.finish()
    return parser.takeCommits()
  }

  /// The patches of a large repository have some gigabytes; they are read as they come, and none is kept.
  private static let limits = GitCommand.Limits(byteCount: 1 << 40, duration: .seconds(3600))
}
