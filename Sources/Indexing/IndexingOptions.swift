package import Corpus
package import Primitives

package struct IndexingOptions: Hashable, Sendable {
  package var walk = WalkOptions()
  /// Threads for the heavy stages; 0 is one for each core.
  package var threadCount = 0
  /// What the files under way and the builder may hold in memory: a builder that reaches half of it is written out as a
  /// segment and committed, and files that are read ahead of it take no more than a quarter.
  package var memoryByteCount = 256 << 20
  /// The directory that holds the index and others beside it, where it is not the index' own.
  package var excludedDirectory: FilePath?
  /// Forget what is indexed and begin anew.
  package var rebuilds = false
  package init() {}
}
