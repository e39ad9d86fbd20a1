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
    guard revision == nil, required != .everything else { return nil }
    let walkOptions = indexingOptions(rebuild: false, for: (try? chosenModel()) ?? .builtIn).walk
    guard !walkOptions.followsLinks, walkOptions.includesHidden == wanted.includesHidden, walkOptions.fileLimit == 0,
      walkOptions.timeLimit == nil, walkOptions.obeysGitIgnore == wanted.obeysIgnoreFiles
    else { return nil }
    // Where none of the operands lies in the tree, its index says nothing.
    guard wanted.directories.contains(where: { $0 == root || $0.relative(to: root) != nil }) else { return nil }
    do throws(Failure) {
      guard try indexedFileCount() >= Self.leastFileCount else { return nil }
      if let files = try watchedFiles(for: required, in: wanted, &notes, context) { return files }
      return try examinedFiles(for: required, in: wanted, walkOptions, &notes)
    } catch {
      if error.code == .cancelled || context.isOver { throw error }
      if error.code != .notFound { notes.append(Self.note(of: error)) }
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
    let (candidates, damage) = Self.candidates(for: required, in: snapshot)
    notes += damage
    if candidates.allSatisfy({ $0 == nil }) { return nil }
    var files: [(path: FilePath, byteCount: Int)] = []
    for (live, candidates) in zip(snapshot.segments, candidates) {
      for number in (candidates ?? live.liveFiles).members {
        files.append((live.segment.path(ofFile: number), live.segment.textByteCount(ofFile: number)))
      }
    }
    if let damage = snapshot.damage { throw damage }
    files += unindexed.files.map { ($0.path, $0.byteCount) }
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
    let (snapshot, state) = (try index.snapshot(), try index.committed())
    guard state.generation == snapshot.generation else { return nil }
    let (found, damage) = Self.candidates(for: required, in: snapshot)
    notes += damage
    var candidates: [SegmentID: BitSet] = [:]
    for (record, files) in zip(state.liveSegments, found) { candidates[record.id] = files }
    if candidates.isEmpty { return nil }
    let (listing, unread) = try listing(walkOptions)
    let ruledOut = try ruledOut(listing.files, candidates)
    var files: [(path: FilePath, byteCount: Int)] = []
    files.reserveCapacity(listing.files.count - ruledOut.count)
    for (number, file) in listing.files.enumerated() where !ruledOut.contains(number) {
      files.append((file.path, file.fingerprint.byteCount))
    }
    // What the index leaves out by its name or size is searched all the same.
    let leftOut = listing.skipped.filter(\.isReadByLineSearch)
    files += leftOut.filter { !$0.isDirectory }.map { ($0.path, $0.fingerprint?.byteCount ?? 0) }
    var all = try searched(files, leftOut: leftOut.filter(\.isDirectory).map(\.path), wanted) { path in
      listing.files.contains { $0.path.relative(to: path) != nil }
    }
    all.failures += unread
    return all
  }

  /// The tree as it is now, by what the walk before has listed where that is sound.
  private func listing(_ options: WalkOptions) throws(Failure) -> (CorpusListing, unread: [Failure]) {
    let walker = CorpusWalker(root: root, options: options)
    let cache = try index.site.open().cachedListing().flatMap { ListingCache($0) }
    let walk = try walker.list(from: cache, leavingOut: place.directory, now: wallClockNanoseconds())
    let listing: CorpusListing
    do throws(Failure) { listing = try walk.listing() } catch {
      // What had been kept is damaged behind its checksum.
      listing = try walker.list(from: nil, leavingOut: place.directory, now: wallClockNanoseconds()).listing()
    }
    return (listing, listing.unread.map(\.failure))
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
    for required: RequiredLiterals, in snapshot: IndexSnapshot
  ) -> (files: [BitSet?], damage: [Failure]) {
    let files = snapshot.candidateFiles(for: GramQuery(required))
    return (files, zip(snapshot.segments, files).compactMap { $1 == nil ? $0.gramDamage : nil })
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

  private static func note(of error: Failure) -> Failure {
    Failure(
      error.code, "the index could not be used, so that all files are read: \(error.message)", path: error.path,
      cause: error.cause, remedy: error.remedy)
  }
}

extension Segment {
  /// About as many bytes as the file had.
  fileprivate func textByteCount(ofFile number: Int) -> Int {
    chunks(ofFile: number).last.map { chunk($0).chunk.bytes.upperBound } ?? 0
  }
}

extension SkippedEntry {
  /// Whether the index leaves it out by its name or its size, and a search of lines does not.
  var isReadByLineSearch: Bool {
    switch reason {
    case .tooLarge, .secret: !isDirectory
    case .vendored: isDirectory
    default: false
    }
  }
}
