import Disk
import Inspection
import Primitives
import Synchronization

/// Brings a cached listing up to date with its tree. First each directory is checked by itself, on several threads;
/// then those are visited of which that was not enough, and those above them, whose visits say what holds below. What a
/// visit says of a directory in it that is not to be visited is compared with what it was judged by: where that is the
/// same, it and all below it stay. Used once.
struct CacheUpdate {
  private let cache: ListingCache
  /// Absolute, without symbolic links.
  private let root: FilePath
  private let options: WalkOptions
  private let environment: GitEnvironment
  private let recorder: VisitRecorder
  private let now: Int64

  init(
    _ cache: ListingCache, of root: FilePath, _ options: WalkOptions, _ environment: GitEnvironment,
    _ recorder: VisitRecorder, now: Int64
  ) {
    self.cache = cache
    self.root = root
    self.options = options
    self.environment = environment
    self.recorder = recorder
    self.now = now
  }

  /// Nil where only a walk of the whole tree can tell. Throws as a walk does.
  func run(_ progress: (@Sendable (Int) -> Void)?) throws(Failure) -> CachedWalk? {
    let directory = try OpenDirectory(root)
    let checks = checkAll(directory)
    let isSurroundedAsBefore = cache.consulted.isUnchanged(distrustsTimes: true)
    if checks.suspects.isEmpty, checks.edited.isEmpty, isSurroundedAsBefore {
      if isBeyondLimit(cache.fileCount) { return nil }
      return CachedWalk(
        CorpusChanges(leftOut: cache.leftOut, fileCount: cache.fileCount), cache, isNew: false)
    }
    var merge = CacheMerge(cache, now: now)
    if !checks.suspects.isEmpty || !isSurroundedAsBefore {
      let context = try WalkContext(
        root: root, directory: directory, options: options, environment: environment, observer: recorder)
      let kept = try visit(context, checks.suspects, progress)
      merge.take(recorder.takeVisits(), kept: kept, recorder, context)
    }
    guard let walk = merge.finish(checks.edited), !isBeyondLimit(walk.changes?.fileCount ?? 0) else { return nil }
    return walk
  }

  private func isBeyondLimit(_ fileCount: Int) -> Bool { options.fileLimit > 0 && fileCount > options.fileLimit }

  private var threadCount: Int { options.threadCount > 0 ? options.threadCount : coreCount }

  // MARK: Checks

  private struct Checks: Sendable {
    /// Positions of directories.
    var suspects: [Int] = []
    /// Of directories with the same names, and the files in them that are others.
    var edited: [Int: [Int: Fingerprint]] = [:]
  }

  /// Directories that a thread takes at once.
  private static let batchCount = 32

  private func checkAll(_ root: OpenDirectory) -> Checks {
    let found = Mutex(Checks())
    let (cache, byteCount) = (self.cache, options.maximumFileByteCount)
    let starts = Array(stride(from: 0, to: cache.directories.count, by: Self.batchCount))
    parallelWalk(starts, threadCount: min(threadCount, starts.count)) { start, _ in
      var check = DirectoryCheck(root: root, maximumFileByteCount: byteCount)
      var batch = Checks()
      for position in start..<min(start + Self.batchCount, cache.directories.count) {
        switch check.outcome(of: cache.directories[position]) {
        case .same: continue
        case .edited(let files): batch.edited[position] = files
        case .suspect: batch.suspects.append(position)
        }
      }
      if batch.suspects.isEmpty, batch.edited.isEmpty { return [] }
      found.withLock { [batch] in
        $0.suspects += batch.suspects
        $0.edited.merge(batch.edited) { $1 }
      }
      return []
    }
    return found.withLock { $0 }
  }

  // MARK: Visits

  /// Visits the suspects, all above them, and all that is judged otherwise than before. Gives the positions of the
  /// directories that stay as they are, with all below them, although the one above was visited; nil if nothing was.
  private func visit(
    _ context: WalkContext, _ suspects: [Int], _ progress: (@Sendable (Int) -> Void)?
  ) throws(Failure) -> Set<Int>? {
    let (cache, recorder) = (self.cache, self.recorder)
    let waits = waiting(suspects)
    guard waits[0] || cache.directories[0].judgement != context.start.judgement(in: context) else { return nil }
    let kept = Mutex<Set<Int>>([])
    let next: @Sendable ([Subtree]) -> [Subtree] = { deeper in
      deeper.filter { subtree in
        let path = context.relative(subtree.path)
        if recorder.isOwn(path) { return false }
        guard let position = cache.position(of: path), !waits[position],
          cache.directories[position].judgement == subtree.judgement(in: context)
        else { return true }
        kept.withLock { _ = $0.insert(position) }
        return false
      }
    }
    var start = DirectoryVisit(context.start, on: context)
    let deeper = try start.runAtRoot()
    recorder.visited(VisitedDirectory(context.start, start, deeper: deeper))
    let seen = Atomic<Int>(start.listing.files.count)
    let below = next(deeper)
    parallelWalk(below, threadCount: below.count > 1 ? threadCount : 1) { subtree, _ in
      var visit = DirectoryVisit(subtree, on: context)
      let deeper = visit.run()
      recorder.visited(VisitedDirectory(subtree, visit, deeper: deeper))
      if let progress { progress(seen.add(visit.listing.files.count, ordering: .relaxed).newValue) }
      return next(deeper)
    }
    return kept.withLock { $0 }
  }

  /// For each directory whether it is a suspect or lies above one.
  private func waiting(_ suspects: [Int]) -> [Bool] {
    var waits = [Bool](repeating: false, count: cache.directories.count)
    for suspect in suspects {
      var position = suspect
      while !waits[position] {
        waits[position] = true
        let path = cache.directories[position].path
        if path.isEmpty { break }
        // One whose parent is not known would hang in the air: from the root down it is found, or gone.
        position = cache.position(of: path.parent) ?? 0
      }
    }
    return waits
  }
}
