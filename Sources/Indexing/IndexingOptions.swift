package import Corpus

package struct IndexingOptions: Hashable, Sendable {
  package var walk = WalkOptions()
  /// Threads for the heavy stages; 0 is one for each core.
  package var threadCount = 0
  /// What the process' own memory is to stay under; mapped files do not count. The stages' shares follow from it
  /// (`MemoryBudget`), and no file is begun while the process holds more.
  package var memoryByteCount = 256 << 20
  /// The size of the builder that is written out as a segment; only a test sets one.
  package var builderByteCount: Int?
  /// Forget what is indexed and begin anew.
  package var rebuilds = false
  package init() {}
}
