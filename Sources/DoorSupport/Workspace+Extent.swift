package import Cairn
import Disk
import IndexStorage
import Primitives
import Searching
package import Settings

// How much of a tree is indexed, for less than `status` costs.

extension Workspace {
  /// How many files the index holds, and whether a run has seen the whole tree; nil where there is none.
  @concurrent package func extent() async throws(CairnError) -> (fileCount: Int, isComplete: Bool)? {
    try await offPool { _ throws(Failure) in
      try session.extent().map { ($0.fileCount, $0.isComplete) }
    }
  }

  /// Whether there is an index to search.
  package var hasIndex: Bool { ((try? session.extent()) ?? nil) != nil }

  /// Whether the last run over the index came to an end that knows the tree. Some microseconds once it is open.
  package var isFilled: Bool { session.index.isFilled() }

  /// What the newest run left out, by reason.
  package func leftOutCounts() -> [String: Int] { (try? session.index.leftOutCounts()) ?? [:] }

  /// As `Status.writer`, where nothing is committed yet too.
  package var writer: Int? { session.index.writer().map { $0.process ?? 0 } }
}

extension Status {
  /// What the index knows of the size of its corpus.
  package var corpus: CorpusSize { CorpusSize(fileCount: fileCount, byteCount: sourceByteCount) }
}
