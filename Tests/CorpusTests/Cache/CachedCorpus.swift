import Corpus
import Disk
import Inspection
import Primitives
import Testing

/// A tree that is listed again and again, each time by what was listed before, as processes that follow one another do;
/// compares each listing with that of a whole walk.
final class CachedCorpus {
  let walker: CorpusWalker
  let ownDirectory: FilePath
  private(set) var bytes: [UInt8]?
  private var files: [FilePath: SourceFile] = [:]
  private var skipped: Set<SkippedEntry> = []
  private(set) var wholeCount = 0
  private(set) var changeCount = 0
  private(set) var quietCount = 0
  private var readAt: Int64 = 0

  init(
    root: FilePath, ownDirectory: FilePath, options: WalkOptions = WalkOptions(),
    environment: GitEnvironment = GitEnvironment()
  ) {
    walker = CorpusWalker(root: root, options: options, environment: environment)
    self.ownDirectory = ownDirectory
  }

  /// Lists the tree as the next process does.
  ///
  /// - Parameter ahead: nanoseconds by which the clock is ahead, so that times are old that are not.
  /// - Returns: how it was listed; nil if it cannot be.
  @discardableResult func update(ahead: Int64 = 0, _ comment: String = "") throws -> CachedWalk? {
    let cache = bytes.flatMap { ListingCache($0) }
    #expect((bytes == nil) == (cache == nil), "\(comment)")
    let now = wallClockNanoseconds() + ahead
    let fresh: CorpusListing
    do { fresh = try walker.list() } catch {
      #expect(throws: Failure.self, "\(comment)") { try list(cache, now) }
      return nil
    }
    let walk = try list(cache, now)
    let listing = try walk.listing()
    #expect(listing.files == fresh.files, "\(comment): \(difference(listing.files, fresh.files))")
    #expect(Set(listing.skipped) == Set(fresh.skipped) && listing.skipped.count == fresh.skipped.count, "\(comment)")
    #expect(listing.unread == fresh.unread && listing.isCut == fresh.isCut, "\(comment)")
    if let changes = walk.changes {
      compare(changes, with: fresh, comment)
      if changes.isEmpty { quietCount += 1 } else { changeCount += 1 }
    } else {
      wholeCount += 1
    }
    // A file that may have changed though its fingerprint has not is told of, and nothing new is known of it.
    let isAsBefore = walk.changes.map { $0.gone.isEmpty && $0.files.allSatisfy { files[$0.path] == $0 } } ?? false
    #expect(walk.isNew || isAsBefore, "\(comment)")
    files = Dictionary(uniqueKeysWithValues: fresh.files.map { ($0.path, $0) })
    skipped = Set(fresh.skipped)
    readAt = now
    bytes = walk.cache?.bytes
    return walk
  }

  private func list(_ cache: ListingCache?, _ now: Int64) throws(Failure) -> CachedWalk {
    try walker.list(from: cache, leavingOut: ownDirectory, now: now)
  }

  private func compare(_ changes: CorpusChanges, with fresh: CorpusListing, _ comment: String) {
    var known = files
    for file in changes.files {
      // Where its times could not tell, it may be.
      #expect(
        known[file.path] != file || file.fingerprint.isRacy(readAt: readAt), "\(comment): \(file.path) is no change")
      known[file.path] = file
    }
    for path in changes.gone {
      #expect(known.removeValue(forKey: path) != nil, "\(comment): \(path) was not known")
    }
    #expect(known.values.sorted { $0.path < $1.path } == fresh.files, "\(comment)")
    #expect(changes.skipped == fresh.skipped.filter { !skipped.contains($0) }, "\(comment)")
    var leftOut: [SkipReason: Int] = [:]
    for entry in fresh.skipped { leftOut[entry.reason, default: 0] += 1 }
    #expect(changes.leftOut == leftOut && changes.fileCount == fresh.files.count, "\(comment)")
    #expect(changes.unread == fresh.unread && changes.isCut == fresh.isCut, "\(comment)")
    // Whatever may have been written again in the same moment is told of once more.
    for (path, file) in files where file.fingerprint.isRacy(readAt: readAt) && known[path] == file {
      #expect(changes.files.contains(file), "\(comment): \(path) may have been written again")
    }
  }

  private func difference(_ have: [SourceFile], _ want: [SourceFile]) -> String {
    let (have, want) = (Set(have), Set(want))
    return "extra \(have.subtracting(want).map(\.path)), missing \(want.subtracting(have).map(\.path))"
  }
}
