import Catalog
import Corpus
import Disk
import IndexStorage
import Indexing
import Inspection
import LineSearch
import ModelOpening
import Patterns
import Primitives
import Retrieval
import Segments
import Settings

extension IndexSession {
  /// Below this number of indexed files reading all of them takes no longer than asking the index.
  private static let leastFileCount = 4_000

  /// The files that a search must read, with those left out that the n-grams of the index rule out and that are as they
  /// were indexed; nil where the index cannot help, so that the tree is walked and all is read. `notes` gets what the
  /// user should know of that.
  ///
  /// Every file of the tree is looked at (its size and times), so that nothing that was changed is missed.
  func candidateFiles(
    for required: RequiredLiterals, in wanted: LineSearchFiles, _ notes: inout [Failure]
  ) throws(Failure) -> SearchedFiles? {
    guard revision == nil, required != .everything else { return nil }
    let walkOptions = indexingOptions(rebuild: false, for: (try? chosenModel()) ?? .builtIn).walk
    guard !walkOptions.followsLinks, walkOptions.includesHidden == wanted.includesHidden, walkOptions.fileLimit == 0,
      walkOptions.timeLimit == nil, walkOptions.obeysGitIgnore == wanted.obeysIgnoreFiles
    else { return nil }
    let snapshot: IndexSnapshot
    let state: CatalogSnapshot
    do throws(Failure) {
      snapshot = try index.snapshot()
      guard snapshot.segments.reduce(0, { $0 + $1.segment.fileCount }) >= Self.leastFileCount else { return nil }
      state = try index.committed()
    } catch {
      if error.code != .notFound { notes.append(Self.note(of: error)) }
      return nil
    }
    guard state.generation == snapshot.generation else { return nil }
    // Where none of the operands lies in the tree, its index says nothing.
    guard wanted.directories.contains(where: { $0 == root || $0.relative(to: root) != nil }) else { return nil }
    var candidates: [SegmentID: BitSet] = [:]
    let query = GramQuery(required)
    for (record, live) in zip(state.liveSegments, snapshot.segments) {
      if let files = live.candidateFiles(for: query) {
        candidates[record.id] = files
      } else if let damage = live.gramDamage {
        notes.append(damage)
      }
    }
    if candidates.isEmpty { return nil }
    let directory = try index.site.open()
    let walk = try CorpusWalker(root: root, options: walkOptions).list(
      from: directory.cachedListing().flatMap { ListingCache($0) }, leavingOut: place.directory,
      now: wallClockNanoseconds())
    let listing = try walk.listing()
    let ruledOut = try ruledOut(listing.files, candidates)
    var files: [(path: FilePath, byteCount: Int)] = []
    files.reserveCapacity(listing.files.count - ruledOut.count)
    for (number, file) in listing.files.enumerated() where !ruledOut.contains(number) {
      files.append((file.path, file.fingerprint.byteCount))
    }
    // What the index leaves out by its name or size is searched all the same.
    var whole: [FilePath] = []
    for entry in listing.skipped {
      switch entry.reason {
      case .tooLarge where !entry.isDirectory, .secret where !entry.isDirectory:
        files.append((entry.path, entry.fingerprint?.byteCount ?? 0))
      case .vendored where entry.isDirectory: whole.append(entry.path)
      default: break
      }
    }
    for place in whole {
      let inner = try CorpusWalker(root: root.appending(place), options: wanted.walkOptions).list()
      files += inner.files.map { (place.appending($0.path), $0.fingerprint.byteCount) }
    }
    var all = try SearchedFiles(
      wanted, root: root, known: files,
      isKnown: { path in
        listing.files.contains { $0.path.relative(to: path) != nil }
      })
    all.failures += listing.unread.map(\.failure)
    return all
  }

  /// The positions of the files that are as they were indexed and cannot match.
  private func ruledOut(_ files: [SourceFile], _ candidates: [SegmentID: BitSet]) throws(Failure) -> BitSet {
    var ruledOut = BitSet(capacity: files.count)
    // A file that was changed as the last run began may have the times that it was read with.
    let lastRun = try index.startOfLastRun() ?? 0
    var position = 0
    try index.forEachFile { (record) throws(Failure) in
      while position < files.count, files[position].path < record.path { position += 1 }
      guard position < files.count, files[position].path == record.path,
        case .indexed(let segment, let number) = record.state,
        files[position].fingerprint == record.fingerprint, !record.fingerprint.isRacy(readAt: lastRun),
        let some = candidates[segment], !some.contains(number)
      else { return }
      ruledOut.insert(position)
    }
    return ruledOut
  }

  private static func note(of error: Failure) -> Failure {
    Failure(
      error.code, "the index could not be used, so that all files are read: \(error.message)", path: error.path,
      cause: error.cause, remedy: error.remedy)
  }
}
