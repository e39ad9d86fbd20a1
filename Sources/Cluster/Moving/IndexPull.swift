import Catalog
import Chunking
import Corpus
import Embedding
import IndexStorage
package import Indexing
import ModelOpening
package import Primitives
package import Searching
import Segments
import Settings

/// What bringing a collection back came to.
package struct PullReport: Sendable {
  /// Files that came from the store, and their chunks: none of them was cut or embedded here.
  package var movedFileCount = 0
  package var movedChunkCount = 0
  /// Files that the index had already as the store has them.
  package var unchangedFileCount = 0
  /// Files of the store that the tree does not have, or not with this content.
  package var differentFileCount = 0
  /// Files that the store does not have as they are here, which were cut and embedded here.
  package var madeFileCount = 0
  package var removedFileCount = 0
  /// The index afterwards.
  package var fileCount = 0
  package var chunkCount = 0
  package var seconds = 0.0
  /// What the run has to say.
  package var failures: [Failure] = []
}

extension IndexSession {
  /// Chunks that are read from a store at once: some 5 KB of memory each.
  private static let chunksOfPull = 32_768

  /// Brings the collection back as the index of the tree: an index run that takes of each file with the content that
  /// the store has what the store has of it, in place of cutting and embedding it. What the index has already is not
  /// sent. Throws `.notFound` where there is no such collection, `.modelMismatch` where it is of another model or
  /// version.
  package func pull(
    from opener: StoreOpener, _ context: SearchContext, progress: (@Sendable (IndexProgress) -> Void)? = nil
  ) throws(Failure) -> PullReport {
    let began = ContinuousClock.now
    let model = try indexingModel()
    let identity = StoreIdentity(
      model: model.identity, chunkerVersion: Chunker.version, analyzerVersion: Analyzer.version)
    let store = try opener.open(context)
    let collection = try opener.known(in: store).checked(against: identity)
    let held = heldContents(identity)
    let tree = try CorpusFiles(root: root, followsLinks: settings.boolean(.followsLinks))
    let limit = settings.integer(.maximumFileByteCount)
    var report = PullReport()
    var wanted: [StoreFileEntry] = []
    for entry in try store.files(of: collection, context) {
      try context.check()
      if held[entry.path] == entry.contentHash {
        report.unchangedFileCount += 1
      } else if let bytes = try? tree.readFile(entry.path, limit: limit).bytes,
        ContentHash(of: bytes.span) == entry.contentHash
      {
        wanted.append(entry)
      } else {
        report.differentFileCount += 1
      }
    }
    let files = try PulledFiles(of: model.identity, in: EnvironmentVariables.process.absolutePath("TMPDIR"))
    var rest = wanted[...]
    while !rest.isEmpty {
      var chunkCount = 0
      let some = rest.prefix { entry in
        chunkCount += entry.chunkCount
        return chunkCount <= Self.chunksOfPull
      }
      let list = some.isEmpty ? rest.prefix(1) : some
      for file in try store.read(list.map(\.path), of: collection, context) { try files.add(file) }
      rest = rest.dropFirst(list.count)
    }
    var request = RunRequest(cancellation: context.cancellation)
    request.prepared = files
    request.progress = progress
    let update = try update(request)
    (report.movedFileCount, report.movedChunkCount) = files.takenCounts
    report.madeFileCount = update.run.filesIndexed - report.movedFileCount
    report.removedFileCount = update.run.filesRemoved
    report.failures = update.run.failures + update.notes
    let after = LocalFiles(try index.snapshot())
    report.fileCount = after.entries.count
    report.chunkCount = after.entries.reduce(0) { $0 + $1.chunkCount }
    report.seconds = began.duration(to: .now) / .seconds(1)
    return report
  }

  /// What the index of the tree has of each file, if it is of this model and version.
  private func heldContents(_ identity: StoreIdentity) -> [FilePath: ContentHash] {
    guard let known = try? index.identity(), known.modelName == identity.model.name,
      known.modelHash == identity.model.contentHash, known.chunkerVersion == identity.chunkerVersion,
      known.analyzerVersion == identity.analyzerVersion, let snapshot = try? index.snapshot()
    else { return [:] }
    return Dictionary(LocalFiles(snapshot).entries.map { ($0.path, $0.contentHash) }) { $1 }
  }
}
