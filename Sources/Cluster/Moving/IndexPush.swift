import Corpus
import Disk
package import Primitives
package import Segments

/// What moving an index between this machine and a store came to.
package struct MoveReport: Hashable, Sendable {
  /// Files that were sent, or brought, and their chunks.
  package var movedFileCount = 0
  package var movedChunkCount = 0
  /// Files that were there already with the same content.
  package var unchangedFileCount = 0
  /// Files that were taken away since they are not on the other side any more.
  package var removedFileCount = 0
  /// Files without their text: they have changed since they were indexed, or cannot be read.
  package var textlessFileCount = 0
  /// The collection afterwards.
  package var fileCount = 0
  package var chunkCount = 0
  package var seconds = 0.0
}

/// Sends a local index to a store as it is, without cutting or embedding anything again: by content, so that what the
/// store has already is not sent.
package struct IndexPush: Sendable {
  private let files: LocalFiles
  private let identity: StoreIdentity
  private let root: FilePath
  private let byteCountLimit: Int
  private let followsLinks: Bool

  /// - Parameters:
  ///   - snapshot: of the index.
  ///   - identity: what it was built with.
  ///   - root: the tree, whose files' bytes go with them, so that hits can be shown where there is no checkout.
  ///   - byteCountLimit: of a larger file the bytes stay here.
  package init(
    _ snapshot: IndexSnapshot, of identity: StoreIdentity, root: FilePath, byteCountLimit: Int, followsLinks: Bool
  ) {
    files = LocalFiles(snapshot)
    self.identity = identity
    self.root = root
    self.byteCountLimit = byteCountLimit
    self.followsLinks = followsLinks
  }

  /// What a push tells of.
  package enum Event: Hashable, Sendable {
    /// Another push into the collection is at work, and is waited for.
    case waits
    case sent(Int, all: Int)
  }

  /// Makes the collection where there is none, and brings it to what the index holds. A push that is stopped in the
  /// middle leaves whole files, and a collection that says that it is not whole; the next one sends the rest. Waits for
  /// another push into the collection. Throws what the store throws.
  package func run(
    to store: any SharedStore, collection name: String, _ context: SearchContext, tell: ((Event) -> Void)? = nil
  ) throws(Failure) -> MoveReport {
    let began = ContinuousClock.now
    let made = try store.makeCollection(named: name, of: identity)
    var waits = false
    while try !store.beginPush(into: made) {
      if !waits { tell?(.waits) }
      waits = true
      // Two that wait are not to see each other again and again.
      pause(milliseconds: .random(in: 100...400))
      try context.check()
    }
    var report: MoveReport
    do throws(Failure) {
      guard let current = try store.collection(named: name), current.key == made.key else {
        throw Failure(.notFound, "the collection \(name) was removed meanwhile: push again")
      }
      report = try send(to: store, current, context, tell)
    } catch {
      store.context = SearchContext()
      try? store.endPush(into: made, isWhole: false)
      throw error
    }
    try store.endPush(into: made, isWhole: true)
    let after = try store.collection(named: name)
    (report.fileCount, report.chunkCount) = (after?.fileCount ?? 0, after?.chunkCount ?? 0)
    report.seconds = began.duration(to: .now) / .seconds(1)
    return report
  }

  private func send(
    to store: any SharedStore, _ collection: StoreCollection, _ context: SearchContext, _ tell: ((Event) -> Void)?
  ) throws(Failure) -> MoveReport {
    var known: [FilePath: ContentHash] = [:]
    for entry in try store.files(of: collection, context) { known[entry.path] = entry.contentHash }
    let wanted = files.entries.filter { known[$0.path] != $0.contentHash }
    let all = wanted.reduce(0) { $0 + $1.chunkCount }
    var report = MoveReport()
    report.unchangedFileCount = files.entries.count - wanted.count
    let tree = try? CorpusFiles(root: root, followsLinks: followsLinks)
    var textless = 0
    func text(_ entry: LocalFiles.Entry) -> [UInt8]? {
      let text = tree.flatMap { Self.text(of: entry, in: $0, limit: byteCountLimit) }
      if text == nil { textless += 1 }
      return text
    }
    try files.forEachList(of: wanted, texts: text, context.cancellation) { list throws(Failure) in
      try context.check()
      try store.write(list, to: collection)
      report.movedFileCount += list.count
      report.movedChunkCount += list.reduce(0) { $0 + $1.chunks.count }
      tell?(.sent(report.movedChunkCount, all: all))
    }
    report.textlessFileCount = textless
    let here = Set(files.entries.map(\.path))
    let gone = known.keys.filter { !here.contains($0) }.sorted()
    try store.remove(gone, from: collection)
    report.removedFileCount = gone.count
    if !wanted.isEmpty || !gone.isEmpty { try store.optimise(collection) }
    return report
  }

  /// The bytes of the file, if they are still those that were indexed.
  private static func text(of entry: LocalFiles.Entry, in tree: CorpusFiles, limit: Int) -> [UInt8]? {
    guard let bytes = try? tree.readFile(entry.path, limit: limit).bytes,
      ContentHash(of: bytes.span) == entry.contentHash
    else { return nil }
    return bytes
  }
}
