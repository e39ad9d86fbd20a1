package import Primitives

/// A file of a snapshot: one path may be that of a file in each of several corpora.
package struct SourcePath: Hashable, Sendable, Comparable {
  /// The position of its corpus among those of the snapshot.
  package var corpus: Int
  /// Inside the corpus.
  package var path: FilePath

  package init(_ path: FilePath, corpus: Int = 0) {
    self.path = path
    self.corpus = corpus
  }

  package static func < (a: SourcePath, b: SourcePath) -> Bool {
    a.corpus != b.corpus ? a.corpus < b.corpus : a.path < b.path
  }
}
