import Chunking
import Corpus
import Disk
import Embedding
import IndexStorage
import Indexing
import ModelOpening
package import Primitives
package import Searching
import Segments

/// What putting a tree into the queue came to.
package struct EnqueueReport: Hashable, Sendable {
  package var taskCount = 0
  package var fileCount = 0
  package var unchangedFileCount = 0
  package var removedFileCount = 0
  package var revision: String?
}

extension IndexSession {
  /// Puts the files of the tree, or of the session's commit, that the collection does not have as they are into the
  /// queue; makes the collection where there is none, and takes away the files that are not in the tree any more. Every
  /// file is read once to tell (of a commit none is, and its blobs are all sent).
  ///
  /// - Parameters:
  ///   - address: of the repository whose clone this is, which workers clone for themselves; nil where they have it.
  ///   - filesPerTask: a task has as many files, or fewer where they are large.
  package func enqueue(
    to opener: StoreOpener, address: String? = nil, priority: Int, filesPerTask: Int, _ context: SearchContext
  ) throws(Failure) -> EnqueueReport {
    let model = try indexingModel()
    let options = indexingOptions(rebuild: false, for: model.choice)
    let store = try opener.openPostgres(context)
    let collection = try store.makeCollection(
      named: opener.collection,
      of: StoreIdentity(
        model: model.identity, chunkerVersion: Chunker.version, analyzerVersion: Analyzer.version))
    var listing: CorpusListing
    if let revision {
      listing = try revision.files.list(options.walk, cancellation: context.cancellation)
    } else {
      listing = try CorpusWalker(root: root, options: options.walk).list()
      if let own = place.directory.relative(to: root) { listing.leaveOut(own) }
    }
    try context.check()
    var known: [FilePath: ContentHash] = [:]
    for entry in try store.files(of: collection, context) { known[entry.path] = entry.contentHash }
    var report = EnqueueReport()
    report.revision = revision?.commit.description
    let tree = try CorpusFiles(root: root, followsLinks: options.walk.followsLinks)
    var tasks: [ClusterTask] = []
    var files: [ClusterTask.File] = []
    var byteCount = 0
    func end() {
      if files.isEmpty { return }
      tasks.append(
        ClusterTask(
          collection: collection.name, root: address == nil ? root : "", address: address, revision: report.revision,
          files: files, model: model.identity.name, priority: priority))
      (files, byteCount) = ([], 0)
    }
    for file in listing.files.sorted(by: { $0.path < $1.path }) {
      if context.isOver { break }
      var hash = ContentHash(high: 0, low: 0)
      if revision == nil {
        // One that cannot be read now may be when a worker comes to it, which says why otherwise.
        if let bytes = try? tree.readFile(file.path, limit: options.walk.maximumFileByteCount).bytes {
          hash = ContentHash(of: bytes.span)
        }
        if known[file.path] == hash {
          report.unchangedFileCount += 1
          continue
        }
      }
      files.append(
        ClusterTask.File(
          path: file.path, contentHash: hash, includesSecrets: file.includesSecrets,
          includesGenerated: file.includesGenerated))
      byteCount += file.fingerprint.byteCount
      if files.count >= filesPerTask || byteCount >= 1 << 20 { end() }
    }
    end()
    try context.check()
    try TaskQueue(store).add(tasks, to: collection)
    let here = Set(listing.files.map(\.path))
    let gone = known.keys.filter { !here.contains($0) }.sorted()
    try store.remove(gone, from: collection)
    report.taskCount = tasks.count
    report.fileCount = tasks.reduce(0) { $0 + $1.files.count }
    report.removedFileCount = gone.count
    return report
  }
}
