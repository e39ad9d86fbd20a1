import Catalog
import Chunking
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
  /// Where a watcher is told of all that happens to the tree, it says when the index has all that was changed before
  /// now, and no file is looked at. Without one each file of the tree is (its size and times), so that nothing that was
  /// changed is missed.
  func candidateFiles(
    for required: RequiredLiterals, in wanted: LineSearchFiles, _ notes: inout [Failure], _ context: SearchContext
  ) throws(Failure) -> SearchedFiles? {
    // The sizes that the index has of files are not exact, and it knows nothing of hidden ones or of other links.
    guard revision == nil, required != .everything, !wanted.followsLinks, wanted.byteCountLimit == nil,
      !wanted.takesInHidden
    else { return nil }
    let walkOptions = indexingOptions(rebuild: false, for: (try? chosenModel()) ?? .builtIn).walk
    guard !walkOptions.followsLinks, walkOptions.includesHidden == wanted.includesHidden, walkOptions.fileLimit == 0,
      walkOptions.timeLimit == nil, walkOptions.obeysGitIgnore == wanted.obeysIgnoreFiles
    else { return nil }
    // Where none of the operands lies in the tree, its index says nothing.
    guard wanted.directories.contains(where: { $0 == root || $0.relative(to: root) != nil }) else { return nil }
    do throws(Failure) {
      try checkTree()
      guard try indexedFileCount() >= Self.leastFileCount else { return nil }
      if let files = try watchedFiles(for: required, in: wanted, &notes, context) { return files }
      return try examinedFiles(for: required, in: wanted, walkOptions, &notes)
    } catch {
      if error.code == .cancelled || context.isOver { throw error }
      if error.code != .notFound { notes.append(.unusedIndex(error)) }
      return nil
    }
  }

  private func indexedFileCount() throws(Failure) -> Int {
    try index.snapshot().segments.reduce(0) { $0 + $1.segment.fileCount }
  }

  // MARK: Beside a watcher

  /// Nil where nobody watches the tree, or it is not known what of it the index leaves out.
  private func watchedFiles(
    for required: RequiredLiterals, in wanted: LineSearchFiles, _ notes: inout [Failure], _ context: SearchContext
  ) throws(Failure) -> SearchedFiles? {
    switch try awaitWatcher(context) {
    case .fresh: break
    case .silent(let note):
      notes.append(note)
      return nil
    case .absent: return nil
    }
    guard let (snapshot, unindexed) = try watchedState() else { return nil }
    let query = GramQuery(required)
    let (candidates, damage) = Self.candidates(for: query, in: snapshot)
    notes += damage
    if candidates.allSatisfy({ $0 == nil }) { return nil }
    var files = try Self.files(candidates, of: snapshot)
    files += unindexed.files.filter { $0.mayHold(query) }.map { ($0.path, $0.fingerprint.byteCount) }
    return try searched(files, leftOut: unindexed.directories, wanted) { path in
      snapshot.holdsFile(below: path) || unindexed.files.contains { $0.path.relative(to: path) != nil }
    }
  }

  /// The newest commit, with what the watcher keeps beside it; nil where the two do not come together.
  private func watchedState() throws(Failure) -> (IndexSnapshot, UnindexedFiles)? {
    for _ in 0..<4 {
      let snapshot = try index.snapshot()
      guard let stamp = try index.stamp(), let kept = try index.site.open().unindexedFiles() else { return nil }
      // Another commit may have come between.
      if stamp.generation == snapshot.generation, kept.stamp == stamp.text { return (snapshot, kept) }
    }
    return nil
  }

  // MARK: Without one

  /// By a look at each file of the tree; nil where the n-grams rule out nothing.
  private func examinedFiles(
    for required: RequiredLiterals, in wanted: LineSearchFiles, _ walkOptions: WalkOptions, _ notes: inout [Failure]
  ) throws(Failure) -> SearchedFiles? {
    let snapshot = try index.snapshot()
    let query = GramQuery(required)
    let (candidates, damage) = Self.candidates(for: query, in: snapshot)
    notes += damage
    if candidates.allSatisfy({ $0 == nil }) { return nil }
    // What a watcher has learned of files that are not in the index holds as long as these are as they were.
    let learned = try index.site.open().unindexedFiles()?.files.filter { !$0.mayHold(query) } ?? []
    let ruledOut = Dictionary(learned.map { ($0.path, $0.fingerprint) }) { first, _ in first }
    let walker = CorpusWalker(root: root, options: walkOptions)
    let cache = try index.site.open().cachedListing().flatMap { ListingCache($0) }
    let walk = try walker.list(from: cache, leavingOut: place.directory, now: wallClockNanoseconds())
    do throws(Failure) {
      if let files = try changedFiles(since: walk, snapshot, candidates, ruledOut, wanted) { return files }
      return try comparedFiles(try walk.listing(), snapshot, candidates, ruledOut, wanted)
    } catch {
      guard error.code == .damaged, error.path == nil else { throw error }
      // What had been kept of the tree is damaged behind its checksum.
      let whole = try walker.list(from: nil, leavingOut: place.directory, now: wallClockNanoseconds())
      return try comparedFiles(try whole.listing(), snapshot, candidates, ruledOut, wanted)
    }
  }

  /// Where the index is still in the state that the kept listing was written with, only what has changed since differs
  /// from it; nil where it is not.
  private func changedFiles(
    since walk: CachedWalk, _ snapshot: IndexSnapshot, _ candidates: [BitSet?], _ ruledOut: [FilePath: Fingerprint],
    _ wanted: LineSearchFiles
  ) throws(Failure) -> SearchedFiles? {
    guard let changes = walk.changes, changes.unread.isEmpty,
      let state = walk.cache.flatMap({ IndexedState(note: $0.note) }), state.isNewest(of: index),
      try index.snapshot().generation == snapshot.generation
    else { return nil }
    let changed = Set(changes.files.map(\.path) + changes.skipped.map(\.path) + changes.gone)
    var files = try Self.files(candidates, of: snapshot).filter { !changed.contains($0.path) }
    files += changes.files.map { ($0.path, $0.fingerprint.byteCount) }
    try index.forEachSkippedFile { (file) throws(Failure) in
      if !changed.contains(file.path), ruledOut[file.path] != file.fingerprint {
        files.append((file.path, file.fingerprint.byteCount))
      }
    }
    return try searched(files, try walk.skippedEntries(), ruledOut, wanted) { path in
      snapshot.holdsFile(below: path) || files.contains { $0.path.relative(to: path) != nil }
    }
  }

  /// By the fingerprints of all files.
  private func comparedFiles(
    _ listing: CorpusListing, _ snapshot: IndexSnapshot, _ candidates: [BitSet?], _ learned: [FilePath: Fingerprint],
    _ wanted: LineSearchFiles
  ) throws(Failure) -> SearchedFiles? {
    let state = try index.committed()
    guard state.generation == snapshot.generation else { return nil }
    var bySegment: [SegmentID: BitSet] = [:]
    for (record, files) in zip(state.liveSegments, candidates) { bySegment[record.id] = files }
    let ruledOut = try ruledOut(listing.files, bySegment)
    var files: [(path: FilePath, byteCount: Int)] = []
    files.reserveCapacity(listing.files.count - ruledOut.count)
    for (number, file) in listing.files.enumerated()
    where !ruledOut.contains(number) && learned[file.path] != file.fingerprint {
      files.append((file.path, file.fingerprint.byteCount))
    }
    var all = try searched(files, listing.skipped, learned, wanted) { path in
      listing.files.contains { $0.path.relative(to: path) != nil }
    }
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

  // MARK: What both have

  /// For each segment the files that the n-grams do not rule out; nil for one that has none which can be read.
  private static func candidates(
    for query: GramQuery, in snapshot: IndexSnapshot
  ) -> (files: [BitSet?], damage: [Failure]) {
    let files = snapshot.candidateFiles(for: query)
    return (files, zip(snapshot.segments, files).compactMap { $1 == nil ? $0.gramDamage : nil })
  }

  /// The candidates by their paths, with about as many bytes as they have.
  private static func files(
    _ candidates: [BitSet?], of snapshot: IndexSnapshot
  ) throws(Failure) -> [(path: FilePath, byteCount: Int)] {
    var files: [(path: FilePath, byteCount: Int)] = []
    for (live, candidates) in zip(snapshot.segments, candidates) {
      for number in (candidates ?? live.liveFiles).members {
        files.append((live.segment.path(ofFile: number), live.segment.textByteCount(ofFile: number)))
      }
    }
    if let damage = snapshot.damage { throw damage }
    return files
  }

  /// `files`, and what the index leaves out by its name or its size, which is searched all the same, but for files that
  /// are as they were `ruledOut`.
  private func searched(
    _ files: [(path: FilePath, byteCount: Int)], _ skipped: [SkippedEntry], _ ruledOut: [FilePath: Fingerprint],
    _ wanted: LineSearchFiles, isKnown: (FilePath) -> Bool
  ) throws(Failure) -> SearchedFiles {
    var files = files
    let leftOut = skipped.filter(\.isReadByLineSearch)
    for file in leftOut where !file.isDirectory {
      if let fingerprint = file.fingerprint, ruledOut[file.path] == fingerprint { continue }
      files.append((file.path, file.fingerprint?.byteCount ?? 0))
    }
    return try searched(files, leftOut: leftOut.filter(\.isDirectory).map(\.path), wanted, isKnown: isKnown)
  }

  /// `files`, and all that is in directories that the index leaves out whole.
  private func searched(
    _ files: [(path: FilePath, byteCount: Int)], leftOut directories: [FilePath], _ wanted: LineSearchFiles,
    isKnown: (FilePath) -> Bool
  ) throws(Failure) -> SearchedFiles {
    var files = files
    for place in directories {
      let inner = try CorpusWalker(root: root.appending(place), options: wanted.walkOptions).list()
      files += inner.files.map { (place.appending($0.path), $0.fingerprint.byteCount) }
    }
    return try SearchedFiles(wanted, root: root, known: files, isKnown: isKnown)
  }
}

extension Segment {
  /// About as many bytes as the file had, by the number of its chunks: to read where the last of them ends would take
  /// as long as to read a small file.
  fileprivate func textByteCount(ofFile number: Int) -> Int { chunks(ofFile: number).count * 1_500 }
}
