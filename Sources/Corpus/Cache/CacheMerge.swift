import Inspection
import Primitives

/// Puts what was visited in the place of what a cached listing had, and tells how both differ. Used once.
struct CacheMerge {
  private let cache: ListingCache
  private let now: Int64
  private var consulted: ConsultedFiles
  private var difference = CorpusDifference()
  private var fileCount: Int
  private var leftOut: [SkipReason: Int]
  private var unread: [UnreadEntry] = []
  /// Directories that were visited.
  private var visited: [CachedDirectory] = []
  /// For each directory of the cache whether it stays.
  private var stays: [Bool]
  private var isDamaged = false

  init(_ cache: ListingCache, now: Int64) {
    self.cache = cache
    self.now = now
    consulted = cache.consulted
    fileCount = cache.fileCount
    leftOut = cache.leftOut
    stays = [Bool](repeating: true, count: cache.directories.count)
  }

  /// Takes over what the visits have shown.
  ///
  /// - Parameter kept: the directories that stay, with all below them, although the one above was visited; nil if none
  ///   was, and all stay.
  mutating func take(
    _ visits: [VisitedDirectory], kept: Set<Int>?, _ recorder: VisitRecorder, _ context: WalkContext
  ) {
    if let own = context.consulted { consulted = own }
    guard let kept else { return }
    var places: Set<FilePath> = []
    for visit in visits {
      guard let directory = recorder.cached(visit, in: context, readAt: now) else { continue }
      places.insert(directory.path)
      visited.append(directory)
    }
    var racy: Set<FilePath> = []
    for (position, directory) in cache.directories.enumerated() {
      if places.contains(directory.path) || directory.path.isEmpty {
        stays[position] = false
      } else if !kept.contains(position) {
        // Those above come first.
        stays[position] = cache.position(of: directory.path.parent).map { stays[$0] } ?? false
      }
      if !stays[position] { remove(directory, &racy) }
    }
    for visit in visits where places.contains(context.relative(visit.subtree.path)) { add(visit, racy) }
  }

  private mutating func remove(_ directory: CachedDirectory, _ racy: inout Set<FilePath>) {
    guard let content = directory.readBody() else {
      isDamaged = true
      return
    }
    fileCount -= content.files.count
    for file in content.files { difference.remove(file) }
    for entry in content.skipped {
      leftOut[entry.reason, default: 0] -= 1
      difference.remove(entry)
    }
    racy.formUnion(content.racy)
  }

  private mutating func add(_ visit: VisitedDirectory, _ racy: Set<FilePath>) {
    fileCount += visit.files.count
    for file in visit.files {
      difference.add(file)
      if racy.contains(file.path) { difference.doubt(file) }
    }
    for entry in visit.skipped {
      leftOut[entry.reason, default: 0] += 1
      difference.add(entry)
    }
    unread += visit.unread
  }

  /// What there is now; nil where the cache makes no sense.
  ///
  /// - Parameter edited: directories of the cache with files that have other fingerprints now, by their positions.
  mutating func finish(_ edited: [Int: [Int: Fingerprint]]) -> CachedWalk? {
    var directories: [CachedDirectory] = []
    directories.reserveCapacity(cache.directories.count + visited.count)
    for (position, directory) in cache.directories.enumerated() where stays[position] {
      var directory = directory
      if let files = edited[position] { edit(&directory, files) }
      directories.append(directory)
    }
    if isDamaged { return nil }
    if !visited.isEmpty {
      directories += visited
      directories.sort { $0.path < $1.path }
    }
    var changes = difference.changes()
    // Below 0 only where the cache was forged.
    fileCount = max(0, fileCount)
    changes.fileCount = fileCount
    changes.leftOut = leftOut.filter { $0.value > 0 }
    changes.unread = unread.sorted { $0.path < $1.path }
    changes.isCut = !unread.isEmpty
    var new = ListingCache(
      subject: cache.subject, fileCount: fileCount, leftOut: changes.leftOut, consulted: consulted,
      directories: directories)
    new.note = cache.note
    // What could not be read is visited each time.
    let isNew = directories != cache.directories || !consulted.isAsGood(as: cache.consulted)
    return CachedWalk(changes, new, isNew: isNew)
  }

  private mutating func edit(_ directory: inout CachedDirectory, _ files: [Int: Fingerprint]) {
    guard var content = directory.readBody(), files.keys.allSatisfy({ $0 < content.files.count }) else {
      isDamaged = true
      return
    }
    for (number, fingerprint) in files {
      let before = content.files[number]
      content.files[number].fingerprint = fingerprint
      if content.files[number] == before {
        difference.doubt(before)
      } else {
        difference.remove(before)
        difference.add(content.files[number])
      }
    }
    directory.setBody(content, readAt: now)
  }
}
