package import Primitives

/// Why the n-grams of a segment rule out no file.
package enum GramAbsence: Hashable, Sendable {
  /// It was written without them: by an earlier version, or at a setting.
  case notStored
  /// They are kept in a layout that this program does not read.
  case otherVersion
  /// They are not what was written.
  case damaged
}

extension IndexSnapshot {
  /// For each segment, in their order: the files that may hold what `query` says, without those that are tombstoned;
  /// nil where it has no n-grams that can be read (`gramAbsence` says why), and every live file is a candidate.
  package func candidateFiles(for query: GramQuery) -> [BitSet?] { segments.map { $0.candidateFiles(for: query) } }
}

extension IndexSnapshot.LiveSegment {
  /// The numbers of the files that may hold what `query` says, without those that are tombstoned; nil where the segment
  /// has no n-grams that can be read.
  package func candidateFiles(for query: GramQuery) -> BitSet? {
    guard var files = segment.candidateFiles(for: query) else { return nil }
    if let tombstonedFiles { files.subtract(tombstonedFiles) }
    return files
  }

  /// The numbers of all files that are not tombstoned.
  package var liveFiles: BitSet {
    var files = BitSet(capacity: segment.fileCount, filled: true)
    if let tombstonedFiles { files.subtract(tombstonedFiles) }
    return files
  }
}
