import Disk

/// How a run divides the memory it may have. A function of the options, the number of files and the memory that is free
/// when it begins, not of threads or of time: so that the same files make the same segments.
struct MemoryBudget {
  /// What the process' own memory is to stay under: what was asked for, or half of what is free if that is less.
  let ceiling: Int
  /// A builder that holds more is written out as a segment.
  let builderByteCount: Int
  /// Files between being begun and being put into the builder.
  let filesUnderWayByteCount: Int
  /// Texts gathered for one call of an embedder.
  let textsByteCount: Int

  /// The program itself with its catalog, and what a file costs in the lists of a run (measured: `Docs/PERFORMANCE.md`).
  private static let fixedByteCount = 24 << 20
  private static let fileByteCount = 160
  /// However little is free, a run asks for this much and hopes for the best.
  private static let leastCeiling = 48 << 20
  /// A larger builder makes commits rarer and segments fewer, which merges make up for.
  private static let largestBuilder = 96 << 20

  init(_ options: IndexingOptions, fileCount: Int, freeByteCount: Int?) {
    ceiling = min(options.memoryByteCount, max(Self.leastCeiling, (freeByteCount ?? .max) / 2))
    let rest = max(ceiling - Self.fixedByteCount - Self.fileByteCount * fileCount, ceiling / 4)
    builderByteCount = options.builderByteCount ?? min(rest / 5 * 2, Self.largestBuilder)
    filesUnderWayByteCount = rest / 4
    textsByteCount = rest / 8
  }

  /// What a file under way holds: its text, its terms in arrays with room to grow, the vectors. An empty one holds something.
  static func cost(ofFile byteCount: Int) -> Int { 4 * byteCount + 16_384 }
}
