/// Which segments to merge, decided from their sizes alone: a pure function.
///
/// Sizes fall into tiers, each `tierFactor` times as large as the one below; when a tier holds `segmentsPerTier`
/// segments, its oldest ones become one of the next. So a chunk is rewritten about log(n) times, and there are about
/// `segmentsPerTier` log(n) segments. A segment more than 30 % of whose chunks are tombstoned is rewritten by itself if
/// no merge takes it; one that has no live chunk is always rewritten, to nothing, unless all its files are tombstoned:
/// the newest such segments stay for a while, since a tree that goes back to what it was (a branch that is checked out
/// again) revives their files. So what is tombstoned of a segment that is rewritten for it becomes such a segment
/// (`keepsTombstoned`).
package struct MergePlanner: Sendable {
  package struct Candidate: Hashable, Sendable {
    package var id: Int64
    package var byteCount: Int
    package var chunkCount: Int
    /// Chunks of files that were not tombstoned.
    package var liveChunkCount: Int
    /// Whether every file of it is tombstoned.
    package var isDead: Bool
    package init(id: Int64, byteCount: Int, chunkCount: Int, liveChunkCount: Int, isDead: Bool = false) {
      self.id = id
      self.byteCount = byteCount
      self.chunkCount = chunkCount
      self.liveChunkCount = liveChunkCount
      self.isDead = isDead
    }

    /// Whether so many of its chunks are tombstoned that it is to be rewritten without them.
    var hasManyTombstones: Bool {
      Double(chunkCount - liveChunkCount) > MergePlanner.tolerableTombstoned * Double(chunkCount)
    }

    /// About how large it would be without its tombstoned chunks.
    var liveByteCount: Int {
      chunkCount == 0 ? 0 : Int(Double(byteCount) * Double(liveChunkCount) / Double(chunkCount))
    }
  }

  /// Segments below this are all of the lowest tier.
  static let lowestTierByteCount = 1 << 20
  static let tierFactor = 8
  static let segmentsPerTier = 8
  /// No merge makes a larger segment; one that is half as large is left alone.
  static let largestByteCount = 2 << 30
  /// The part of a segment's chunks that may be tombstoned.
  static let tolerableTombstoned = 0.3

  /// Dead segments that are kept, at most, which part of the others' bytes they may have, and bytes of them that are
  /// kept however small the index is.
  static let deadCount = 8
  static let tolerableDead = 0.5
  static let deadByteCount = 1 << 20

  /// Segments of no more bytes together are merged in about a tenth of a second.
  package static let smallByteCount = 16 << 20
  /// With more segments than this, searches are slower by more than what a merge makes a commit wait for. Without a
  /// limit of size there are about half as many at most.
  package static let tolerableCount = 64

  package init() {}

  /// Groups of segments to merge into one each; a group of one is a segment to rewrite without its tombstoned files. No
  /// segment is in two groups; the groups and their members are in the order of their IDs.
  ///
  /// - Parameter onlySmall: leaves out groups of more than `smallByteCount`, unless there are more than
  ///   `tolerableCount` segments.
  package func plan(_ segments: [Candidate], onlySmall: Bool = false) -> [[Int64]] {
    let groups = plan(segments)
    // No search opens a dead segment, and none of it is read or written by a merge.
    guard onlySmall, segments.count(where: { !$0.isDead }) <= Self.tolerableCount else { return groups }
    let byteCounts = Dictionary(segments.map { ($0.id, $0.isDead ? 0 : $0.byteCount) }, uniquingKeysWith: +)
    return groups.filter { $0.reduce(0) { $0 + (byteCounts[$1] ?? 0) } <= Self.smallByteCount }
  }

  /// The segments to merge into one after the first run of an index, as `plan` gives them: the oldest ones, as many as
  /// together are small and at most a third of all. Such a run commits early, so that something is found at once, and
  /// every later search would look into each of these little segments.
  package func planOfFirstRun(_ segments: [Candidate]) -> [[Int64]] {
    let most = min(Self.smallByteCount, segments.reduce(0) { $0 + $1.byteCount } / 3)
    var byteCount = 0
    let group = segments.sorted { $0.id < $1.id }.prefix { segment in
      byteCount += segment.byteCount
      return byteCount <= most
    }
    return group.count < 2 ? [] : [group.map(\.id)]
  }

  private func plan(_ segments: [Candidate]) -> [[Int64]] {
    var groups: [[Int64]] = []
    var planned = Set<Int64>()
    var tiers: [Int: [Candidate]] = [:]
    for segment in segments.sorted(by: { $0.id < $1.id })
    where segment.liveChunkCount > 0 && segment.liveByteCount <= Self.largestByteCount / 2 {
      tiers[Self.tier(segment.liveByteCount), default: []].append(segment)
    }
    for tier in tiers.keys.sorted() {
      var rest = tiers[tier]![...]
      while rest.count >= Self.segmentsPerTier {
        var group: [Int64] = []
        var byteCount = 0
        while let segment = rest.first, group.count < Self.segmentsPerTier,
          byteCount + segment.liveByteCount <= Self.largestByteCount
        {
          group.append(segment.id)
          byteCount += segment.liveByteCount
          rest.removeFirst()
        }
        // At least two fit: none is larger than half of the largest.
        groups.append(group)
        planned.formUnion(group)
      }
    }
    groups += expendable(segments).map { [$0] }
    for segment in segments
    where !planned.contains(segment.id) && !segment.isDead && segment.hasManyTombstones { groups.append([segment.id]) }
    return groups.sorted { $0[0] < $1[0] }
  }

  /// Whether what is tombstoned of `segment`, which is rewritten, stays as a dead segment: where it is so much that a
  /// checkout of another branch may have left it, and no more than may be kept beside what is live of `segments`.
  package func keepsTombstoned(of segment: Candidate, among segments: [Candidate]) -> Bool {
    guard !segment.isDead, segment.hasManyTombstones else { return false }
    return segment.byteCount - segment.liveByteCount
      <= Self.deadLimit(beside: segments.reduce(0) { $0 + $1.liveByteCount })
  }

  private static func deadLimit(beside liveByteCount: Int) -> Int {
    liveByteCount == 0 ? 0 : max(deadByteCount, Int(Double(liveByteCount) * tolerableDead))
  }

  /// The dead segments that go: all but the newest, up to `tolerableDead` of the bytes of the others.
  private func expendable(_ segments: [Candidate]) -> [Int64] {
    var rest = Self.deadLimit(beside: segments.reduce(0) { $0 + ($1.isDead ? 0 : $1.byteCount) })
    var kept = 0
    var expendable: [Int64] = []
    for segment in segments.filter(\.isDead).sorted(by: { $0.id > $1.id }) {
      if kept < Self.deadCount, segment.byteCount <= rest {
        kept += 1
        rest -= segment.byteCount
      } else {
        expendable.append(segment.id)
      }
    }
    return expendable
  }

  private static func tier(_ byteCount: Int) -> Int {
    var tier = 0
    var limit = lowestTierByteCount
    while byteCount > limit {
      tier += 1
      limit *= tierFactor
    }
    return tier
  }
}
