import Catalog
package import Corpus
package import IndexStorage
import Inspection
package import Primitives

/// What the caller of a run knows of the corpus already, so that the run need not find it out.
package enum CorpusKnowledge: Sendable {
  /// Nothing: the run walks the tree.
  case unknown
  /// All of it: what a walk with the options of the run found just now. The run does not walk, and compares everything.
  case listing(CorpusListing)
  /// Only what has changed since the run, or the merging, whose report had this state. The run looks at nothing else:
  /// it costs what the changes do, however large the tree is. It throws `.needsWholeRun`, before it has changed
  /// anything, where that is not enough.
  ///
  /// The changes are those of a walk with the same options, less what lies in the index' own directory, since what the
  /// run with that state was told or found itself. They may hold files that have not changed: a file that is changed
  /// while it is read, or so shortly after it was looked at that its times do not tell (`Fingerprint.isRacy`), is to be
  /// among the next ones, whatever its fingerprint. The index has such a file with a fingerprint that no file has, so
  /// that a run that compares everything reads it again if nobody is there to tell of it.
  case changes(CorpusChanges, since: IndexedState)
  /// It is none of a directory: what commits removed. The run asks for what belongs to it while it holds the writer's
  /// lock, and reads no file of the root.
  case removals(RemovalCorpus)

  var removals: RemovalCorpus? {
    if case .removals(let corpus) = self { return corpus }
    return nil
  }

  var isPartial: Bool {
    if case .changes = self { return true }
    return false
  }
}

/// What an index held when a run ended: where the next one may go on from. Of no use to another program or another
/// index.
package struct IndexedState: Hashable, Sendable {
  /// The commit that the index is at.
  var stamp: GenerationStamp
  /// Files that the index knows as left out for their content, by reason.
  var skippedFileCounts: [SkipReason: Int]
  /// So that segments are not opened only to be counted.
  var liveChunkCounts: [SegmentID: LiveChunkCount]

  /// Whether `index` is at that commit still, and nothing in it was found damaged since: a run by other settings, or
  /// one that mends something, has come between otherwise. Some ten microseconds where it is.
  package func isNewest(of index: StoredIndex) -> Bool {
    guard let newest = try? index.stamp() else { return false }
    return newest == stamp && !index.hasMarkedSegments()
  }
}

extension IndexedState {
  /// For the note of a cached listing: a line with the stamp of the commit, then a line for each reason. What was
  /// counted in segments is counted anew.
  var note: [UInt8] {
    let counts = skippedFileCounts.filter { $0.value > 0 }.sorted { $0.key.rawValue < $1.key.rawValue }
    return Array((["\(stamp.text)"] + counts.map { "\($0.key.rawValue) \($0.value)" }).joined(separator: "\n").utf8)
  }

  /// Reads a `note`; nil for anything else, such as none at all.
  package init?(note: [UInt8]) {
    let lines = String(decoding: note, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, let stamp = GenerationStamp(String(first)) else { return nil }
    self.stamp = stamp
    skippedFileCounts = [:]
    liveChunkCounts = [:]
    for line in lines.dropFirst() {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 2, let reason = SkipReason(rawValue: String(words[0])), let count = Int(words[1]), count > 0
      else { return nil }
      skippedFileCounts[reason] = count
    }
  }
}

/// How many chunks of a segment are live while these files of it are tombstoned.
struct LiveChunkCount: Hashable {
  var tombstones: BitSet
  var count: Int
}

extension Failure.Code {
  /// What is known of changes is not enough to bring the index up to date: everything must be compared.
  package static let needsWholeRun = Self(rawValue: "needs-whole-run")
}

extension Failure {
  /// - Parameter reason: why, as the end of a sentence.
  static func needsWholeRun(_ reason: String, path: FilePath? = nil, cause: String? = nil) -> Failure {
    Failure(
      .needsWholeRun, "all files must be compared with the index: \(reason)", path: path, cause: cause, remedy: .index)
  }
}
