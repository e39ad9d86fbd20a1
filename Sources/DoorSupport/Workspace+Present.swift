package import Cairn
import Disk
import Primitives
import Searching

// What doors read of a tree as it is now: an answer says where it stands, and a file that no run has seen yet is shown.

extension Workspace {
  /// The file at `path`, relative to the root, as it is now: what the index does not know of it yet is read from the
  /// file itself, by the rules that a run has. Waits for no run. Throws as `source` does.
  @concurrent package func presentSource(at path: Path) async throws(CairnError) -> IndexedSource {
    try await offPool { _ throws(Failure) in IndexedSource(try session.presentFile(at: path.filePath)) }
  }

  /// The same of a directory: what lies in it now, with what the index knows of its files. Throws `notFound` where it
  /// is none.
  @concurrent package func presentFolder(at path: Path, fileLimit: Int) async throws(CairnError) -> IndexedFolder {
    try await offPool { context throws(Failure) in
      try IndexedFolder(session.presentDirectory(path.filePath), fileLimit: fileLimit) { file throws(Failure) in
        try context.check()
        let known = try? session.indexedFile(at: file, readsText: false)
        return known ?? IndexedFile(path: file, language: "")
      }
    }
  }

  /// What the file at `path` defines, as the index has it; empty where it has nothing of it. Blocks.
  package func definitions(in path: Path) -> [IndexedSource.Symbol] {
    ((try? session.definitions(in: path.filePath)) ?? []).map { IndexedSource.Symbol($0) }
  }

  /// Whether there is a file at `path`, relative to the root; a link is none. Blocks.
  package func isFile(_ path: Path) -> Bool { kind(of: path) == .file }

  /// Whether there is a directory at `path`, relative to the root; a link is none. Blocks.
  package func isDirectory(_ path: Path) -> Bool { kind(of: path) == .directory }

  private func kind(of path: Path) -> FileStatus.Kind? {
    (try? FileStatus(of: root.filePath.appending(path.filePath), followsLinks: false))?.kind
  }

  /// What of the tree, as it is indexed, is not in the commit that is checked out. Costs a pass over the list of files.
  package func edits() -> (count: Int, hasStaged: Bool?)? {
    ((try? session.edits()) ?? nil).map { ($0.count, $0.hasStaged) }
  }
  /// While it is the same, so is what `edits` gives.
  package var editsMark: String? { session.editsMark }

  /// The full name of the commit that is checked out; nil where there is none, or the repository's files do not say it.
  /// Runs nothing.
  @concurrent package func checkedOutCommit() async -> String? {
    (try? await offPool { _ throws(Failure) in session.checkedOutCommit }) ?? nil
  }
}
