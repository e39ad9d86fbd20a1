import Disk
import Inspection
package import Primitives

/// What a walk found that could go by what an earlier one had listed.
package struct CachedWalk: Sendable {
  /// For the next walk; nil where it is to have none.
  package var cache: ListingCache?
  /// Whether that is another than the one that the walk was given.
  package let isNew: Bool
  /// How the tree differs from what the cache had listed, and what is true of the whole of it; nil if it was walked
  /// without one.
  package let changes: CorpusChanges?
  private let walked: CorpusListing?

  init(_ listing: CorpusListing, _ cache: ListingCache?) {
    walked = listing
    changes = nil
    isNew = true
    self.cache = cache
  }

  init(_ changes: CorpusChanges, _ cache: ListingCache, isNew: Bool) {
    walked = nil
    self.changes = changes
    self.cache = cache
    self.isNew = isNew
  }

  /// Everything that a walk without a cache would list. Throws where the cache turns out to be damaged.
  package func listing() throws(Failure) -> CorpusListing {
    if let walked { return walked }
    guard var listing = cache?.listing() else {
      throw Failure(.damaged, "what an earlier walk had listed makes no sense")
    }
    listing.unread = changes?.unread ?? []
    return listing
  }

  /// What of that is left out, in no particular order.
  package func skippedEntries() throws(Failure) -> [SkippedEntry] {
    if let walked { return walked.skipped }
    guard let skipped = cache?.skippedEntries() else {
      throw Failure(.damaged, "what an earlier walk had listed makes no sense")
    }
    return skipped
  }
}

extension CorpusWalker {
  /// Lists the corpus without what lies in `ownDirectory`, and looks only at what may have changed since a walk gave
  /// `cache`: one status call for each file and each directory that is as it was, and a visit of each other directory.
  /// What it says is what `list` would. Without a cache, or with one that is of no use, the whole tree is walked.
  ///
  /// There is no cache for a tree on a file system whose times cannot be trusted, for one in which links are followed,
  /// and where a limit has cut the walk.
  ///
  /// Blocks the calling thread, which is one of those that look. Throws as `list` does.
  ///
  /// - Parameters:
  ///   - now: the time, in nanoseconds since 1970, by which it is judged whether times are old enough to be trusted.
  ///   - progress: as of `list`.
  package func list(
    from cache: ListingCache?, leavingOut ownDirectory: FilePath, now: Int64,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(Failure) -> CachedWalk {
    let root = try resolvedPath(root)
    let own = try resolvedPath(ownDirectory).relative(to: root)
    let recorder = VisitRecorder(own)
    let subject = try cacheSubject(root, own)
    // A limit of time holds for the walk, whatever another one has seen.
    if let cache, let subject, cache.subject == subject, options.timeLimit == nil {
      let update = CacheUpdate(cache, of: root, options, environment, recorder, now: now)
      if let walk = try update.run(progress) { return walk }
    }
    var (listing, context) = try list(progress: progress, observer: subject == nil ? nil : recorder)
    if let own { listing.leaveOut(own) }
    let visits = recorder.takeVisits()
    guard let subject, let consulted = context.consulted, !listing.isCutByLimit else {
      return CachedWalk(listing, nil)
    }
    var leftOut: [SkipReason: Int] = [:]
    for entry in listing.skipped { leftOut[entry.reason, default: 0] += 1 }
    let directories = visits.compactMap { recorder.cached($0, in: context, readAt: now) }
    return CachedWalk(
      listing,
      ListingCache(
        subject: subject, fileCount: listing.files.count, leftOut: leftOut, consulted: consulted,
        directories: directories.sorted { $0.path < $1.path }))
  }

  /// What a cache of this walk is for; nil if there is to be none. Another program may take other files: by the
  /// executable of this one it is known whether it is the same.
  private func cacheSubject(_ root: FilePath, _ own: FilePath?) throws(Failure) -> ContentHash? {
    guard !options.followsLinks, try OpenDirectory(root).timesTellOfEntries,
      let program = try? FileStatus(of: "/proc/self/exe")
    else { return nil }
    var choice = options
    // A walk that they cut has no cache, and on any other they have no bearing.
    (choice.threadCount, choice.fileLimit, choice.timeLimit) = (0, 0, nil)
    var bytes = Array("\(choice)".utf8)
    for number in [program.device, program.inode, UInt64(program.byteCount)] { bytes.append(littleEndian: number) }
    for time in [program.modified, program.changed] { bytes.append(littleEndian: time) }
    for path in [root, own] {
      bytes.append(path == nil ? 0 : 1)
      bytes.append(run: path?.bytes ?? [])
    }
    bytes.append(run: Array(environment.subject.utf8))
    return ContentHash(of: bytes.span)
  }
}

extension VisitRecorder {
  /// What a cache keeps of a visit; nil for the directory of the index.
  func cached(_ visit: VisitedDirectory, in context: WalkContext, readAt: Int64) -> CachedDirectory? {
    let path = context.relative(visit.subtree.path)
    if isOwn(path) { return nil }
    return CachedDirectory(visit, at: path, judgement: visit.subtree.judgement(in: context), readAt: readAt)
  }
}
