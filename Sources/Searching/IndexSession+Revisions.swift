package import Corpus
import Disk
import Embedding
package import IndexStorage
import Indexing
import ModelOpening
package import Primitives
import ResultNotes
import Segments
import Settings
import Synchronization

// A commit is a corpus like the tree, with an index of its own beside that of the tree (`IndexSite.revision`). It never
// changes: once its index is complete, no search need look whether it still is.

/// The commit whose files a session is about, in place of those in the directory.
package struct SessionRevision: Sendable {
  package let commit: GitObjectID
  package let files: RevisionFiles
  /// That of the tree, which it may begin from.
  let treeIndex: StoredIndex
}

/// What a process keeps open of a tree's commits between searches: the index of each of the last few, and where git is.
/// Thread-safe.
final class OpenRevisions: Sendable {
  private struct State {
    var command: GitCommand?
    var indexes: [(commit: GitObjectID, index: StoredIndex)] = []
  }
  private let state = Mutex(State())
  private static let keptCount = 4

  func command(isNew: Bool, _ make: () throws(Failure) -> GitCommand) throws(Failure) -> GitCommand {
    if !isNew, let known = state.withLock({ $0.command }) { return known }
    let made = try make()
    state.withLock { $0.command = made }
    return made
  }

  func index(of commit: GitObjectID, at site: IndexSite) -> StoredIndex {
    state.withLock { state in
      if let known = state.indexes.first(where: { $0.commit == commit }) { return known.index }
      let made = StoredIndex(site)
      if state.indexes.count == Self.keptCount { state.indexes.removeFirst() }
      state.indexes.append((commit, made))
      return made
    }
  }

  func forget(_ commit: GitObjectID) { state.withLock { $0.indexes.removeAll { $0.commit == commit } } }
}

extension IndexSession {
  /// Indexes of commits beyond so many go with the next that is made, the one used least first.
  package static let revisionLimit = 16

  /// The same session over the files of a commit, which is found anew at each call. Runs git a few times: some ten
  /// milliseconds. The index need not be there yet.
  ///
  /// Throws what `GitCommand` throws where there is no git, no repository, or one that git does not trust, and
  /// `.unknownRevision` where `name` is that of no commit.
  ///
  /// - Parameter name: whatever git takes for a commit.
  package func session(at name: String, _ cancellation: Cancellation) throws(Failure) -> IndexSession {
    try checkTree()
    let command = try gitCommand(cancellation)
    let revision: GitRevision
    do throws(Failure) { revision = try command.resolve(Array(name.utf8), cancellation: cancellation) } catch {
      guard [.unknownRevision, .gitFailed].contains(error.code), let commit = indexedCommit(named: name) else {
        throw error
      }
      throw Failure(
        .unknownRevision,
        "the repository does not have the commit \(commit) any more, so nothing of it can be shown: take another "
          + "revision", path: root, remedy: Remedy(.removeRevision, commit.description))
    }
    let own = openRevisions.index(of: revision.commit, at: place.site.revision(revision.commit))
    return IndexSession(
      self,
      at: SessionRevision(
        commit: revision.commit, files: RevisionFiles(revision, in: command, cancellation: cancellation),
        treeIndex: index), own)
  }

  /// git for the repository that the tree lies in; where it is is found out once. Throws as `GitCommand` does.
  ///
  /// - Parameter asks: has git say anew which commit is checked out.
  func gitCommand(_ cancellation: Cancellation, asks: Bool = false) throws(Failure) -> GitCommand {
    try openRevisions.command(isNew: asks) { () throws(Failure) in
      try GitCommand(root: root, environment: environment.all, cancellation: cancellation)
    }
  }

  /// The same session where nobody names a revision.
  package func session(at name: String?, _ cancellation: Cancellation) throws(Failure) -> IndexSession {
    guard let name else { return self }
    return try session(at: name, cancellation)
  }

  /// The one commit that has an index and whose name begins so; nil if there is none, or several.
  private func indexedCommit(named name: String) -> GitObjectID? {
    let digits = Array(name.utf8)
    guard digits.count >= 4 else { return nil }
    let found = place.site.revisions().filter { $0.commit.hex.starts(with: digits) }
    return found.count == 1 ? found.first?.commit : nil
  }

  // MARK: The index of a commit

  /// Whether the index of the session's commit is all that it will ever be; false for a tree, and where other settings
  /// would have other files of the commit indexed.
  func isFinal(_ model: OpenedModel) -> Bool {
    revision != nil && isWhole(index, of: model.identity)
      && (try? index.site.open().isMade(by: watchSubject(model))) == true
  }

  /// Whether a run over the index has come to its end, and nothing of it is damaged, of another version of this
  /// program, or of another model than `model`.
  func isWhole(_ index: StoredIndex, of model: ModelIdentity) -> Bool {
    guard let held = try? index.snapshot(model: model), held.isComplete, !index.hasMarkedSegments(),
      let identity = try? index.identity(), (try? isOutdated(identity)) == false
    else { return false }
    return true
  }

  /// Where a first run over the session's commit may begin: the indexes of other commits, that of the tree, and those
  /// of the repository's other work trees.
  func beginAtOthers(_ options: inout IndexingOptions) {
    options.revisions = place.site.revisions().map(\.site)
    options.siblings.insert(IndexingOptions.Sibling(site: place.site, root: root), at: 0)
  }

  /// Before a run: makes the directory of the tree's index, which those of commits and of the history lie in. It may
  /// hold nothing else.
  func prepareForInner() throws(Failure) { try place.site.make().hide() }

  /// After a run: notes that the index was used, and removes those that are used least. Gives what to say of that.
  func keepRevisions(_ commit: GitObjectID, _ model: OpenedModel) -> [Failure] {
    if let directory = try? index.site.open() {
      directory.noteUse()
      // Without it the next search compares the commit once more.
      try? directory.note(subject: watchSubject(model))
    }
    guard let tree = revision?.treeIndex else { return [] }
    return tree.removeRevisions(beyond: Self.revisionLimit, keeping: commit).map { removed in
      openRevisions.forget(removed)
      return Failure(
        .limited,
        "the index of the commit \(removed) was removed: \(Self.revisionLimit) commits are kept, and it was used least",
        remedy: Remedy(.indexRevision, removed.description))
    }
  }

  // MARK: All commits

  /// The commits that are indexed, the one used last first. Reads a catalog for each.
  package func revisionStatuses() -> [RevisionIndexStatus] { place.site.revisions().compactMap { $0.status() } }

  /// Removes the index of a commit, which the repository need not have any more if `name` is the beginning of its name.
  /// Throws `.noIndex` where there is none, and otherwise as `remove` and `session(at:)` do.
  package func removeRevision(_ name: String, _ cancellation: Cancellation) throws(Failure) -> IndexRemoval {
    try place.checkRemovable()
    try checkTree()
    let commit = try commit(ofIndexNamed: name, cancellation)
    openRevisions.forget(commit)
    do throws(Failure) { return try StoredIndex(place.site.revision(commit)).removeWhole() } catch {
      throw error.code == .notFound ? noRevisionIndex(commit.description) : error
    }
  }

  /// The index of a commit, for what there is to say of it, as `removeRevision` finds it: the repository need not have
  /// the commit any more. Throws likewise.
  package func revisionIndex(
    _ name: String, _ cancellation: Cancellation
  ) throws(Failure) -> (commit: GitObjectID, index: StoredIndex) {
    try checkTree()
    let commit = try commit(ofIndexNamed: name, cancellation)
    guard let known = place.site.revisions().first(where: { $0.commit == commit }) else {
      // What keeps it from being used.
      do throws(Failure) { _ = try place.site.revision(commit).open() } catch {
        if error.code != .notFound { throw error }
      }
      throw noRevisionIndex(commit.description)
    }
    return (commit, StoredIndex(known.site))
  }

  private func commit(ofIndexNamed name: String, _ cancellation: Cancellation) throws(Failure) -> GitObjectID {
    if let known = indexedCommit(named: name) { return known }
    // Of one that is not used the whole name is needed.
    if let whole = GitObjectID(hex: Array(name.utf8)), place.site.refusedRevisions().contains(whole) { return whole }
    guard let found = try session(at: name, cancellation).revision?.commit else { throw noRevisionIndex(name) }
    return found
  }

  private func noRevisionIndex(_ name: String) -> Failure {
    Failure(
      .noIndex, "the revision \(visibleName(name)) has no index", path: root, remedy: Remedy(.indexRevision, name))
  }
}
