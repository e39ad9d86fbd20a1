package import Corpus
package import IndexStorage
package import Primitives

/// How a run works.
package struct IndexingOptions: Sendable {
  package var walk = WalkOptions()
  /// Threads for the heavy stages; 0 is one for each core.
  package var threadCount = 0
  /// What the private memory of the process is to stay under; mapped files do not count. The stages' shares follow from
  /// it (`MemoryBudget`), and no file is started while the process holds more.
  package var memoryByteCount = 256 << 20
  /// Whether files are indexed for pattern searches too: by the n-grams of their bytes (`FileGrams`). Files that are
  /// indexed already stay as they are.
  package var storesGrams = true
  /// The directory that holds the index and others beside it, where it is not the index' own.
  package var excludedDirectory: FilePath?
  /// The size of the builder that is written out as a segment; only a test sets one.
  package var builderByteCount: Int?
  /// Commits at least so often, beside the commits that the size of the builder asks for. Nil leaves it to the size,
  /// which depends on the corpus alone.
  package var commitInterval: Duration?
  /// Gives way to whatever else runs on the machine: on threads of low priority, and on fewer of them while others want
  /// the cores. For runs that nobody waits for; the index is the same.
  package var givesWay = false
  /// Whether a run that gives way has one thread at work while the machine runs on its battery.
  package var sparesBattery = false
  /// Whether a run that walks the tree may go by what has changed since the run before, without reading the rows of
  /// what has not: for a search's update. A run that somebody asks for compares everything, and so meets all damage.
  package var comparesOnlyChanges = false
  /// Forget what is indexed and begin anew.
  package var rebuilds = false
  /// Which files are taken in by this run whatever bulk they are (`WalkOptions.includesGenerated`); called once for
  /// each.
  package var includesGenerated: (@Sendable (FilePath) -> Bool)?
  /// Which segments a run that has changed something merges at its end.
  package var merging = Merging.all
  /// Indexes of other work trees of the same repository, from which a first run may begin.
  package var siblings: [Sibling] = []
  /// Indexes of other commits, the one used last first, from which a first run over a commit may begin. Their
  /// fingerprints are names of blobs, so that what has the same is not even read.
  package var revisions: [IndexSite] = []
  package init() {}

  /// The index of another work tree.
  package struct Sibling: Sendable {
    package var site: IndexSite
    /// The corpus that it is of.
    package var root: FilePath

    package init(site: IndexSite, root: FilePath) {
      self.site = site
      self.root = root
    }
  }

  /// Which segments are merged. Segments in which words of a file with a secret are left are written anew in any case.
  package enum Merging: Hashable, Sendable {
    /// Those of which the planner thinks that they should be: now and then all of the index, which takes minutes where
    /// it has gigabytes.
    case all
    /// Of these only what is merged in a tenth of a second (`MergePlanner.smallByteCount`), so that nobody waits for
    /// it; more once there are too many segments for searches to be fast (`MergePlanner.tolerableCount`).
    case small
    case none
  }
}
