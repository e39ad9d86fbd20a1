import Catalog
import Disk
import Primitives

/// How a run divides the memory it may have. A function of the options, the number of files and the memory that is free
/// when it begins, not of threads or of time: so that the same files make the same segments.
struct MemoryBudget {
  /// What the private memory of the process is to stay under: what was asked for, or half of what is free if that is
  /// less.
  let ceiling: Int
  /// A builder that holds more is written out as a segment.
  let builderByteCount: Int
  /// Files between being started and being put into the builder.
  let filesUnderWayByteCount: Int
  /// What the machine, or a limit of the process, had left when the run began; 0 if that is not known.
  let roomByteCount: Int
  /// Texts gathered for one call of an embedder.
  let textsByteCount: Int

  /// The program itself with its catalog, and what a file costs in the lists of a run (measured:
  /// `Docs/PERFORMANCE.md`).
  private static let fixedByteCount = 24 << 20
  private static let fileByteCount = 160
  /// However little is free, a run asks for this much and hopes for the best.
  private static let leastCeiling = 48 << 20
  private static let leastLimitedCeiling = 12 << 20
  /// A smaller one makes a segment of each file.
  private static let smallestBuilder = 1 << 20
  /// A larger builder makes commits rarer and segments fewer, which merges make up for.
  private static let largestBuilder = 96 << 20

  /// - Parameters:
  ///   - freeByteCount: what the machine has left.
  ///   - hardByteCount: what the process may still ask for, where it has a limit (`ulimit -v`).
  init(_ options: IndexingOptions, fileCount: Int, freeByteCount: Int?, hardByteCount: Int? = nil) {
    // What a limit of the process leaves is all there will ever be.
    let least = hardByteCount == nil ? Self.leastCeiling : Self.leastLimitedCeiling
    let free = min(freeByteCount ?? .max, hardByteCount ?? .max)
    ceiling = min(options.memoryByteCount, max(least, free / 2))
    roomByteCount = free == .max ? 0 : free
    let rest = max(ceiling - Self.fixedByteCount - Self.fileByteCount * fileCount, ceiling / 4)
    builderByteCount = options.builderByteCount ?? max(Self.smallestBuilder, min(rest / 5 * 2, Self.largestBuilder))
    filesUnderWayByteCount = rest / 4
    textsByteCount = rest / 8
  }

  /// What a file in flight holds: its text, its terms in arrays with room to grow, the vectors. An empty one holds
  /// something. A large one holds all there is, so that nothing else is in flight beside it.
  func cost(ofFile byteCount: Int) -> Int {
    isLarge(byteCount) ? filesUnderWayByteCount : 4 * byteCount + 16_384
  }

  /// Whether a file of this size could take more than its share while it is read, parsed and put into a builder: then
  /// it goes alone, with an empty builder, and is written out at once. A function of the size, so that segments are.
  func isLarge(_ byteCount: Int) -> Bool { byteCount > filesUnderWayByteCount / 24 }

  /// What the syntax of a file may take, tree and outline together. A tree takes 10 to 20 times its text, rarely more.
  func syntaxByteCount(ofFile byteCount: Int) -> Int {
    isLarge(byteCount)
      ? max(Self.leastSyntax, ceiling - Self.fixedByteCount - 2 * byteCount)
      : max(Self.leastSyntax, filesUnderWayByteCount)
  }

  private static let leastSyntax = 4 << 20

  /// A file's gap as it is to be remembered: what the system had no memory for is compared with what there was in all,
  /// which no setting of Cairn's raises.
  func remembered(_ gap: SyntaxGap) -> SyntaxGap {
    var gap = gap
    if gap.reason == .noMemory { gap.byteLimit = roomByteCount }
    return gap
  }

  /// Files that are without their syntax for lack of memory and may have it now.
  func syntaxToRetry(_ gaps: [SyntaxGap]) -> Set<FilePath> {
    Set(
      gaps.filter { gap in
        // What there is differs a little from run to run: an eighth more is worth another try.
        let worthwhile = gap.byteLimit + gap.byteLimit / 8
        return gap.reason == .noMemory && roomByteCount > worthwhile
          || gap.reason == .memoryLimit && syntaxByteCount(ofFile: gap.fileByteCount) > worthwhile
      }.map(\.path))
  }

  /// What a file of this size needs at the least, whatever is in it.
  static func leastByteCount(ofFile byteCount: Int) -> Int { 4 * byteCount + (2 << 20) }
}
