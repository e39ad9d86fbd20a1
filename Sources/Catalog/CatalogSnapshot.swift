package import Primitives

/// The number of a committed state of the index; each commit adds one.
package typealias Generation = Int64

/// A commit, told from every other: also from one of the same number in a catalog that was made anew.
package struct GenerationStamp: Hashable, Sendable {
  package let generation: Generation
  private let checksum: UInt64
  init(generation: Generation, checksum: UInt64) {
    self.generation = generation
    self.checksum = checksum
  }

  /// The same in letters without a blank, which begin with a digit: for another process, or another day.
  package var text: String { "\(generation)-\(String(checksum, radix: 16))" }

  /// Reads a `text`; nil for anything else.
  package init?(_ text: String) {
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    guard words.count == 2, let generation = Generation(words[0]), let checksum = UInt64(words[1], radix: 16) else {
      return nil
    }
    self.init(generation: generation, checksum: checksum)
    if self.text != text { return nil }
  }
}

/// Which of the two sets of files and segments that a catalog can hold.
package enum IndexBuild: Hashable, Sendable {
  /// The one that searches read.
  case live
  /// The one that a rebuild fills beside it, until it takes its place.
  case staged
}

/// What is live at one generation: a value, read in one transaction. Of a staged build: what it holds so far, as
/// generation 0.
package struct CatalogSnapshot: Hashable, Sendable {
  package var generation: Generation
  /// Ascending by ID.
  package var segments: [SegmentRecord]
  /// Whether the run that made this generation had seen the whole corpus: false while a first run is in progress or
  /// after it was killed.
  package var isComplete: Bool
  /// What the index was built with at that generation; nil in a new catalog.
  package var identity: IndexIdentity?

  package init(generation: Generation, segments: [SegmentRecord], isComplete: Bool) {
    self.generation = generation
    self.segments = segments
    self.isComplete = isComplete
  }

  /// Those that hold a live file, ascending by ID.
  package var liveSegments: [SegmentRecord] { segments.filter { !$0.isDead } }
}

/// What one commit changes, all of it in one transaction. Segment files it names are already durable on disk.
package struct CatalogChange: Sendable {
  package var addedSegments: [SegmentRecord] = []
  /// Segments that a merge replaced or whose every file has left.
  package var removedSegments: [SegmentID] = []
  /// New and changed files.
  package var upsertedFiles: [FileRecord] = []
  /// Files that a merge moved into another segment.
  package var movedFiles: [MovedFile] = []
  package var removedFiles: [FilePath] = []
  /// Added to the tombstoned files of segments that stay.
  package var tombstones: [SegmentID: [Int]] = [:]
  /// Taken from the tombstoned files of segments that stay: what these held is the content of a path again.
  package var revived: [SegmentID: [Int]] = [:]
  /// Files without their syntax; what was known of the same path is forgotten.
  package var openedGaps: [SyntaxGap] = []
  /// Paths that have their syntax from now on, or are gone.
  package var closedGaps: [FilePath] = []
  package var isComplete: Bool

  package init(isComplete: Bool) { self.isComplete = isComplete }
}
