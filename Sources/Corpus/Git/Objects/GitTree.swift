package import Primitives

/// One entry of a tree object, its directories gone through.
package struct GitTreeEntry: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case file
    case symbolicLink
    /// A commit of another repository: a submodule.
    case repository
  }

  /// From the tree's top, as git has it: a hostile repository may have put anything there, such as `..`. Never to be
  /// used as a path on a disk.
  package var path: FilePath
  package var id: GitObjectID
  package var kind: Kind
  /// Nil for a submodule, and for a blob that the repository does not have.
  package var byteCount: Int?
}

extension GitCommand {
  /// Hands each entry of the tree object `tree` and of those below it to `body`, in git's order. Runs git once; some
  /// microseconds for each entry.
  ///
  /// Throws as `run` does, `.gitFailed` for an answer that git does not give, and what `body` throws.
  package func forEachEntry(
    of tree: GitObjectID, cancellation: Cancellation, _ body: (GitTreeEntry) throws(Failure) -> Void
  ) throws(Failure) {
    var rest: [UInt8] = []
    try run(
      .listTree, ["-r", "-z", "-l", "--full-tree", tree.description].map { Array($0.utf8) },
      limits: Limits(byteCount: Self.treeByteLimit, duration: .seconds(600)), cancellation: cancellation
    ) { (piece) throws(Failure) in
      var start = piece.startIndex
      while let end = piece[start...].firstIndex(of: 0) {
        rest += piece[start..<end]
        try body(try entry(rest[...]))
        rest.removeAll(keepingCapacity: true)
        start = end + 1
      }
      rest += piece[start...]
      if rest.count > Self.entryByteLimit { throw notAnEntry(rest[...]) }
    }
    if !rest.isEmpty { throw notAnEntry(rest[...]) }
  }

  /// Reads `<mode> <type> <name> <size, filled up>TAB<path>`.
  private func entry(_ record: ArraySlice<UInt8>) throws(Failure) -> GitTreeEntry {
    guard let tab = record.firstIndex(of: .tab) else { throw notAnEntry(record) }
    let words = record[..<tab].split(separator: .space)
    let path = FilePath(bytes: Array(record[(tab + 1)...]))
    guard words.count == 4, let id = GitObjectID(hex: words[2]), !path.isEmpty else { throw notAnEntry(record) }
    let kind: GitTreeEntry.Kind
    switch (String(decoding: words[0], as: UTF8.self), String(decoding: words[1], as: UTF8.self)) {
    case ("120000", "blob"): kind = .symbolicLink
    case ("160000", "commit"): kind = .repository
    // git once wrote 100664, and reads all of these as a file.
    case (let mode, "blob") where mode.hasPrefix("100"): kind = .file
    default: throw notAnEntry(record)
    }
    return GitTreeEntry(path: path, id: id, kind: kind, byteCount: Int(String(decoding: words[3], as: UTF8.self)))
  }

  private func notAnEntry(_ record: ArraySlice<UInt8>) -> Failure {
    Failure(
      .gitFailed, "git lists what is no entry of a tree: see whether git can read the repository (git's fsck says)",
      path: top, cause: visibleName(String(decoding: record.prefix(200), as: UTF8.self)))
  }

  /// Room for some ten million files.
  private static let treeByteLimit = 2 << 30
  /// More than any path that a system takes.
  private static let entryByteLimit = 1 << 20
}
