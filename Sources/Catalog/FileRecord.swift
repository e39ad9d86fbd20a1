package import Corpus
package import Inspection
package import Primitives

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
