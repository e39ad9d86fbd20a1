import Catalog
import Chunking
import Corpus
import Disk
import Embedding
import IndexStorage
import Indexing
import Primitives
import Searching
import Segments
import TreeSitterChunking

/// Makes of a task's files what a local run makes of them: it is a local run, over these files alone, into an index of
/// its own that goes when it was read. One path to chunks, terms and vectors.
final class TaskIndexer {
  private let embedder: any Embedder
  private let options: IndexingOptions
  private let scratch: FilePath
  private var taskCount = 0
  /// The commit whose files were listed last: the tasks of one come together.
  private var listed: (root: FilePath, revision: String, files: RevisionFiles, entries: [FilePath: SourceFile])?

  /// - Parameter scratch: a directory of this worker alone, which it may fill.
  init(embedder: any Embedder, options: IndexingOptions, scratch: FilePath) {
    self.embedder = embedder
    self.options = options
    self.scratch = scratch
  }

  struct Outcome {
    var files: [StoreFile] = []
    /// Files of the task of which the collection is to hold nothing: left out for their content, or gone.
    var leftOut: [FilePath] = []
  }

  /// Throws where a file cannot be read, or the model fails: the task is to be tried again.
  func outcome(of task: ClusterTask, _ cancellation: Cancellation) throws(Failure) -> Outcome {
    taskCount += 1
    let directory = scratch.appending(FilePath("task-\(taskCount)"))
    defer { ScratchDirectory.remove(directory) }
    let (listing, revision) = try corpus(of: task, cancellation)
    var writer = IndexWriter(
      root: task.root, directory: directory, embedder: embedder, chunker: Chunker(parser: TreeSitterParser()),
      options: options)
    writer.revision = revision
    let report = try writer.perform(cancellation, corpus: .listing(listing))
    // One that had no syntax is indexed all the same.
    if let failure = report.failures.first(where: { $0.code != .withoutSyntax }) { throw failure }
    if let unread = report.unread.first { throw UnreadRecord.notes([unread]).first ?? Self.unreadable(unread.path) }
    let local = LocalFiles(try StoredIndex(directory: directory).snapshot())
    let tree = try? CorpusFiles(root: task.root, followsLinks: options.walk.followsLinks)
    var outcome = Outcome()
    let limit = options.walk.maximumFileByteCount
    func text(_ entry: LocalFiles.Entry) -> [UInt8]? {
      let bytes: [UInt8]? =
        if let revision {
          try? revision.read(entry.path, limit: limit)
        } else {
          try? tree?.readFile(entry.path, limit: limit).bytes
        }
      return bytes.flatMap { ContentHash(of: $0.span) == entry.contentHash ? $0 : nil }
    }
    try local.forEachList(of: local.entries, texts: text, cancellation) { list throws(Failure) in
      outcome.files += list
    }
    let made = Set(outcome.files.map(\.path))
    outcome.leftOut = task.files.map(\.path).filter { !made.contains($0) }
    return outcome
  }

  private static func unreadable(_ path: FilePath) -> Failure {
    Failure(.inputOutput, "it could not be read", path: path)
  }

  private func corpus(
    of task: ClusterTask, _ cancellation: Cancellation
  ) throws(Failure) -> (CorpusListing, RevisionFiles?) {
    var files: [SourceFile] = []
    var revision: RevisionFiles?
    if let named = task.revision {
      let (commit, entries) = try commit(named, in: task.root, cancellation)
      revision = commit
      files = task.files.compactMap { entries[$0.path] }
    } else {
      let tree = try HeldDirectory(task.root)
      for file in task.files {
        let status: FileStatus
        do throws(Failure) { status = try tree.openFile(file.path).status } catch {
          if error.code == .notFound { continue }
          throw error
        }
        files.append(SourceFile(path: file.path, fingerprint: Fingerprint(status)))
      }
    }
    let flags = Dictionary(task.files.map { ($0.path, $0) }) { first, _ in first }
    for i in files.indices {
      files[i].includesSecrets = flags[files[i].path]?.includesSecrets ?? false
      files[i].includesGenerated = flags[files[i].path]?.includesGenerated ?? false
    }
    return (CorpusListing(files: files.sorted { $0.path < $1.path }, skipped: []), revision)
  }

  private func commit(
    _ name: String, in root: FilePath, _ cancellation: Cancellation
  ) throws(Failure) -> (RevisionFiles, [FilePath: SourceFile]) {
    if let listed, listed.root == root, listed.revision == name { return (listed.files, listed.entries) }
    let command = try GitCommand(root: root, cancellation: cancellation)
    let files = RevisionFiles(try command.resolve(Array(name.utf8), cancellation: cancellation), in: command)
    let listing = try files.list(options.walk, cancellation: cancellation)
    let entries = Dictionary(listing.files.map { ($0.path, $0) }) { first, _ in first }
    listed = (root, name, files, entries)
    return (files, entries)
  }
}
