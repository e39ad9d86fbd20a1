import Catalog
import Corpus
import IndexStorage
import Inspection
import Primitives
import Segments

/// Gathers what a run changes until it is committed: files on their way into a segment, and rows on their way into the
/// catalog. Used by one thread; a commit may be in flight on another, one at a time, while the next files are gathered.
final class FileCollector {
  private let catalog: IndexCatalog
  private let build: IndexBuild
  private let directory: IndexDirectory
  private let dimensions: Int
  /// The size at which the builder is written out: grows to `largestBuilderByteCount` from commit to commit.
  private var builderByteCount: Int
  private let largestBuilderByteCount: Int
  /// What a first run commits first: some hundred files, read in a fraction of a second.
  private static let firstBuilderByteCount = 1 << 20
  /// As the merge planner's tiers: of little segments each search is slowed down, and joining them costs time too.
  private static let growthFactor = 8
  private let chunkLimit: Int
  /// The segments that were live before the run, with the files tombstoned so far.
  private var segments: [SegmentID: SegmentRecord]

  private var builder: SegmentBuilder
  /// The files in the builder; their numbers are those of the builder.
  private var newFiles: [NewFile] = []
  private var upsertedFiles: [FileRecord] = []
  private var removedFiles: [FilePath] = []
  private var tombstones: [SegmentID: [Int]] = [:]
  private var revived: [SegmentID: [Int]] = [:]
  private var openedGaps: [SyntaxGap] = []
  private var closedGaps: [FilePath] = []
  /// Paths of which the catalog says that the syntax is not known.
  private let knownGaps: Set<FilePath>

  /// Called before each change of the index.
  var willWrite: () throws(Failure) -> Void = {}
  /// Files that were in the index before the run and have left it.
  private(set) var removedCount = 0
  /// Segments that were live before the run and hold what is tombstoned of a file with a secret.
  private(set) var segmentsOfSecrets: Set<SegmentID> = []
  /// How many files more, or fewer, the index knows as left out for their content, by reason.
  private(set) var skippedFileChanges: [SkipReason: Int] = [:]
  private var underWay: RunningCommit?
  private let commitsBeside: Bool
  private let commitMeter: StageMeter

  /// - Parameters:
  ///   - build: what it commits to; `snapshot` is of that.
  ///   - isFirstRun: commits early at first, when there is nothing to find yet: after `firstBuilderByteCount`, then
  ///     eight times as much, and so on up to the size.
  ///   - gaps: files that the build has without their syntax.
  ///   - chunkLimit: the builder is full with so many chunks, whatever its size.
  ///   - commitsBeside: commits run on a thread of their own.
  ///   - meter: measures them; nothing in it yet.
  init(
    catalog: IndexCatalog, build: IndexBuild, directory: IndexDirectory, snapshot: CatalogSnapshot,
    gaps: Set<FilePath>, dimensions: Int, builderByteCount: Int, isFirstRun: Bool, chunkLimit: Int, commitsBeside: Bool,
    meter: StageMeter
  ) {
    self.commitsBeside = commitsBeside
    commitMeter = meter
    self.catalog = catalog
    self.build = build
    self.directory = directory
    knownGaps = gaps
    self.dimensions = dimensions
    self.builderByteCount =
      isFirstRun ? min(Self.firstBuilderByteCount, builderByteCount / 8) : builderByteCount
    largestBuilderByteCount = builderByteCount
    self.chunkLimit = chunkLimit
    segments = Dictionary(uniqueKeysWithValues: snapshot.segments.map { ($0.id, $0) })
    builder = SegmentBuilder(dimensions: dimensions)
  }

  var hasNewFiles: Bool { !newFiles.isEmpty }
  var hasChanges: Bool { hasNewFiles || !upsertedFiles.isEmpty || !removedFiles.isEmpty || !openedGaps.isEmpty }
  /// Whether it is time to write the builder out. Depends on the files added and on nothing else.
  var isFull: Bool { builder.memoryByteCount > builderByteCount || builder.chunkCount >= chunkLimit }

  /// A new or changed file. Files come in the order of their paths.
  func add(_ file: PreparedFile, _ fingerprint: Fingerprint, _ gap: SyntaxGap?, replacing known: FileRecord?) {
    retire(known)
    if let gap { openedGaps.append(gap) } else { closeGap(file.path) }
    _ = builder.add(file)
    newFiles.append(NewFile(path: file.path, fingerprint: fingerprint, contentHash: file.contentHash))
  }

  /// A file that one of the segments from before the run holds as it is, tombstoned: it is live again.
  func revive(_ file: FileRecord, replacing known: FileRecord?) {
    retire(known)
    closeGap(file.path)
    guard case .indexed(let segment, let number) = file.state else { return }
    revived[segment, default: []].append(number)
    upsertedFiles.append(file)
  }

  /// A file that stays as the index has it, without its syntax for another reason.
  func keep(_ gap: SyntaxGap) { openedGaps.append(gap) }

  private func closeGap(_ path: FilePath) {
    if !knownGaps.isEmpty, knownGaps.contains(path) { closedGaps.append(path) }
  }

  /// A file whose content has not changed, but its fingerprint may have.
  func update(_ file: FileRecord) { upsertedFiles.append(file) }

  /// A file that was read and is not to be indexed.
  func skip(_ file: FileRecord, replacing known: FileRecord?) {
    retire(known, leaves: true)
    closeGap(file.path)
    if case .skipped(let reason) = file.state { skippedFileChanges[reason, default: 0] += 1 }
    upsertedFiles.append(file)
  }

  /// A file that the index shall not know any more.
  func remove(_ known: FileRecord) {
    retire(known, leaves: true)
    closeGap(known.path)
    removedFiles.append(known.path)
  }

  private func retire(_ known: FileRecord?, leaves: Bool = false) {
    if case .skipped(let reason)? = known?.state { skippedFileChanges[reason, default: 0] -= 1 }
    guard case .indexed(let segment, let number)? = known?.state else { return }
    tombstones[segment, default: []].append(number)
    if known?.fingerprint.isOfSecret == true { segmentsOfSecrets.insert(segment) }
    if leaves { removedCount += 1 }
  }

  /// Begins to commit everything gathered as one generation, once the commit before is done: the files as a segment,
  /// written and made durable, then one transaction. Gives what came of the commit that is done, if one is: of the one
  /// before, or of this one where it runs on the same thread.
  func flush(isComplete: Bool) throws(Failure) -> FinishedCommit? {
    let before = try finishCommit()
    try willWrite()
    var change = CatalogChange(isComplete: isComplete)
    change.upsertedFiles = upsertedFiles
    change.removedFiles = removedFiles
    change.openedGaps = openedGaps
    change.closedGaps = closedGaps
    try retireFiles(&change)
    let commit = PendingCommit(catalog: catalog, build: build, change: change, meter: commitMeter)
    if hasNewFiles {
      var full = SegmentBuilder(dimensions: dimensions)
      swap(&full, &builder)
      let id = try directory.reserveSegmentID(catalog)
      commit.add(full, id: id, file: try directory.segment(id), files: newFiles)
      builderByteCount = min(Self.growthFactor * builderByteCount, largestBuilderByteCount)
    }
    (newFiles, upsertedFiles, removedFiles, tombstones, revived) = ([], [], [], [:], [:])
    (openedGaps, closedGaps) = ([], [])
    underWay = RunningCommit(commit, beside: commitsBeside)
    return commitsBeside ? before : try finishCommit()
  }

  /// Waits for the commit in flight, if there is one, and gives what it came to.
  func finishCommit() throws(Failure) -> FinishedCommit? {
    guard let running = underWay else { return nil }
    underWay = nil
    return try running.finish()
  }

  private func retireFiles(_ change: inout CatalogChange) throws(Failure) {
    for (id, numbers) in revived {
      guard let segment = segments[id], numbers.allSatisfy({ segment.tombstones.contains($0) }) else {
        throw Failure(
          .damaged, "files of segment \(id) were to be live again that are not tombstoned in it",
          path: directory.path.appending(IndexCatalog.fileName), remedy: .index)
      }
      for number in numbers { segments[id]?.tombstones.remove(number) }
    }
    for (id, numbers) in tombstones {
      guard let segment = segments[id], numbers.allSatisfy({ $0 < segment.fileCount }) else {
        throw Failure(
          .damaged,
          "the catalog lists files that segment \(id) does not have",
          path: directory.path.appending(IndexCatalog.fileName), remedy: .index)
      }
      for number in numbers { segments[id]?.tombstones.insert(number) }
    }
    // One of which nothing is left goes with the merges (`MergePlanner`): a later file may be revived in it.
    change.tombstones = tombstones
    change.revived = revived
  }
}
