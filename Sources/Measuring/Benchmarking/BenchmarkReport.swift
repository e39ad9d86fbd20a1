package import Cairn

/// What `Workspace.benchmark` measured. Times are seconds of a wall clock unless they say otherwise.
package struct BenchmarkReport: Hashable, Sendable {
  /// Runs from nothing to a complete index, each by a process of its own.
  package struct Indexing: Hashable, Sendable {
    package var seconds: Spread
    /// Of all threads together.
    package var processorSeconds: Spread
    /// The most of all runs.
    package var memory: PeakMemory
    /// Thread time by stage, of the last run.
    package var stageTimes: [IndexReport.StageTime]
  }

  /// Bytes on disk.
  package struct Size: Hashable, Sendable {
    /// Of the files that are indexed.
    package var source: Int
    package var catalog: Int
    package var segments: Int
    package var index: Int { catalog + segments }
    /// How many times the source the index is.
    package var ratio: Double { source > 0 ? Double(index) / Double(source) : 0 }
  }

  /// Searches by processes of their own, which open the index, search and end.
  package struct ColdSearch: Hashable, Sendable {
    /// The index as it is.
    package var seconds: Spread
    /// As a person types it: the tree is looked through for changes first.
    package var secondsWithUpdate: Spread
    package var memory: PeakMemory
  }

  /// Searches in one process that holds the index open.
  package struct WarmSearch: Hashable, Sendable {
    package var seconds: Spread
    /// Of this process after them.
    package var memory: PeakMemory
  }

  package var root: Path
  package var fileCount: Int
  package var chunkCount: Int
  package var segmentCount: Int
  package var indexing: Indexing
  /// Reading and parsing the same files and nothing else, in as many threads as indexing has, in the same run.
  package var readAndParseSeconds: Spread
  /// An index run that finds nothing changed.
  package var unchangedSeconds: Spread
  /// A search that first indexes one file whose content has changed.
  package var changedFileSeconds: Spread
  package var coldSearch: ColdSearch
  package var warmSearch: WarmSearch
  package var size: Size
  /// How well results of the given queries are ranked, by lines; nil if the queries were sampled.
  package var quality: RankingQuality?
  package var queryCount: Int

  /// How many times reading and parsing alone an index run takes.
  package var parseRatio: Double {
    readAndParseSeconds.p50 > 0 ? indexing.seconds.p50 / readAndParseSeconds.p50 : 0
  }
}
