package import Corpus
package import Inspection
package import Primitives

/// The number of a committed state of the index; each commit adds one.
package typealias Generation = Int64
/// The number of a segment, never used twice in one catalog; its file is named after it.
package typealias SegmentID = Int64

/// One file as the index knows it.
package struct FileRecord: Hashable, Sendable {
  package enum State: Hashable, Sendable {
    /// Its chunks are those of file `number` of segment `segment`.
    case indexed(segment: SegmentID, number: Int)
    case skipped(SkipReason)
  }
  package var path: FilePath
  package var fingerprint: Fingerprint
  /// The hash of the content when it was read; zero for a file that was skipped unread.
  package var contentHash: ContentHash
  package var state: State

  package init(path: FilePath, fingerprint: Fingerprint, contentHash: ContentHash, state: State) {
    self.path = path
    self.fingerprint = fingerprint
    self.contentHash = contentHash
    self.state = state
  }
}

/// One live segment as a snapshot needs it.
package struct SegmentRecord: Hashable, Sendable {
  package var id: SegmentID
  package var fileCount: Int
  package var chunkCount: Int
  package var byteCount: Int
  /// The segment's own checksum, which tells it from every other one.
  package var checksum: UInt64
  /// Numbers of files in the segment that were changed or deleted since it was written.
  package var retiredFiles: BitSet

  package init(
    id: SegmentID, fileCount: Int, chunkCount: Int, byteCount: Int, checksum: UInt64, retiredFiles: BitSet
  ) {
    self.id = id
    self.fileCount = fileCount
    self.chunkCount = chunkCount
    self.byteCount = byteCount
    self.checksum = checksum
    self.retiredFiles = retiredFiles
  }

  /// `000042.segment`, inside the index directory's `segments`.
  package var fileName: FilePath { Self.fileName(id) }
  package static func fileName(_ id: SegmentID) -> FilePath {
    let digits = String(id)
    return FilePath(String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".segment")
  }
}

/// Which of the two sets of files and segments that a catalog can hold.
package enum IndexBuild: Hashable, Sendable {
  /// The one that answers.
  case live
  /// The one that a rebuild fills beside it, until it takes its place.
  case staged
}

/// What is live at one generation: a value, read in one transaction. Of a staged build: what it holds so far, as generation 0.
package struct CatalogSnapshot: Hashable, Sendable {
  package var generation: Generation
  /// Ascending by ID.
  package var segments: [SegmentRecord]
  /// Whether the run that made this generation had seen the whole corpus: false while a first run is under way or after it was
  /// killed.
  package var isComplete: Bool
  /// What the index was built with at that generation; nothing in a new catalog.
  package var identity: IndexIdentity?

  package init(generation: Generation, segments: [SegmentRecord], isComplete: Bool) {
    self.generation = generation
    self.segments = segments
    self.isComplete = isComplete
  }
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
  /// Added to the retired files of segments that stay.
  package var retiredFiles: [SegmentID: [Int]] = [:]
  /// Files without their syntax; what was known of the same path is forgotten.
  package var openedGaps: [SyntaxGap] = []
  /// Paths that have their syntax from now on, or are gone.
  package var closedGaps: [FilePath] = []
  package var isComplete: Bool

  package init(isComplete: Bool) { self.isComplete = isComplete }
}

/// A file that lies in another segment than before, its content unchanged.
package struct MovedFile: Hashable, Sendable {
  package var path: FilePath
  package var segment: SegmentID
  package var number: Int

  package init(path: FilePath, segment: SegmentID, number: Int) {
    self.path = path
    self.segment = segment
    self.number = number
  }
}

/// What an index was built with. A catalog whose identity differs is rebuilt, never mixed.
package struct IndexIdentity: Hashable, Sendable {
  package var modelName: String
  package var modelHash: ContentHash
  package var dimensions: Int
  package var chunkerVersion: Int
  package var analyzerVersion: Int
  /// Configuration that decides which files and chunks there are, as one text.
  package var settings: String

  package init(
    modelName: String, modelHash: ContentHash, dimensions: Int, chunkerVersion: Int, analyzerVersion: Int,
    settings: String
  ) {
    self.modelName = modelName
    self.modelHash = modelHash
    self.dimensions = dimensions
    self.chunkerVersion = chunkerVersion
    self.analyzerVersion = analyzerVersion
    self.settings = settings
  }
}
