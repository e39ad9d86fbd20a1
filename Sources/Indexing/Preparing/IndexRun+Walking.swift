import Corpus
import IndexStorage
import Primitives

// The walk of a run that is told nothing of the corpus. It goes by what the walk of the run before has listed, which is
// kept with the index; where that run's state is still the state of the index, what has changed since is all that there
// is to compare.

extension IndexRun {
  /// What is no part of the corpus.
  var ownDirectory: FilePath { options.excludedDirectory ?? directory.path }

  /// Walks the tree.
  func walkTree() throws(Failure) -> CachedWalk {
    progress?(IndexProgress(stage: .walking, filesDone: 0, filesTotal: nil, bytesDone: 0, bytesTotal: nil))
    let found = try meter.measure(.walk) { () throws(Failure) in
      try walk(from: options.rebuilds ? nil : directory.cachedListing().flatMap { ListingCache($0) })
    }
    walked = found
    return found
  }

  private func walk(from cache: ListingCache?) throws(Failure) -> CachedWalk {
    try CorpusWalker(root: root, options: options.walk).list(
      from: cache, leavingOut: ownDirectory, now: preparer.wallClock(), progress: walkProgress)
  }

  /// Tells of the files that were found so far.
  var walkProgress: @Sendable (Int) -> Void {
    let report = progress
    return { count in
      report?(IndexProgress(stage: .walking, filesDone: count, filesTotal: nil, bytesDone: 0, bytesTotal: nil))
    }
  }

  /// All that the walk found.
  func walkedListing() throws(Failure) -> CorpusListing {
    if let listing = try? walked?.listing() { return listing }
    // What had been kept is damaged behind its checksum.
    let whole = try meter.measure(.walk) { () throws(Failure) in try walk(from: nil) }
    walked = whole
    return try whole.listing()
  }

  /// What has changed since the run whose state the index may still have; nil where everything must be compared. Which
  /// files come in whatever bulk they are is not known of those that have not changed.
  func partialChanges(_ walk: CachedWalk) -> (CorpusChanges, IndexedState)? {
    guard options.comparesOnlyChanges, !options.rebuilds, options.includesGenerated == nil, let changes = walk.changes,
      let state = walk.cache.flatMap({ IndexedState(note: $0.note) })
    else { return nil }
    return (changes, state)
  }

  /// Keeps what the walk has listed, for the next run.
  ///
  /// - Parameter state: of the index that holds all of it; nil if the next run is to compare everything.
  func keepListing(_ state: IndexedState?) {
    guard options.includesGenerated == nil, var cache = walked?.cache else { return }
    let note = state?.note ?? []
    if walked?.isNew == false, cache.note == note { return }
    cache.note = note
    directory.keep(cachedListing: cache.bytes)
  }
}
