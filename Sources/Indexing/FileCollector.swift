import Catalog
import Corpus
import Primitives
import Segments

/// Gathers what a run changes until it is committed: files on their way into a segment, and rows on their way into the
/// catalog. Used by one thread.
final class FileCollector {
  private let catalog: IndexCatalog
  private let directory: IndexDirectory
  private let dimensions: Int
  /// The size at which the builder is written out: grows to `largestBuilderByteCount` from commit to commit.
  private var builderByteCount: Int
  private let largestBuilderByteCount: Int
  private let chunkLimit: Int
  /// The segments that were live before the run, with the files retired so far.
  private var segments: [SegmentID: SegmentRecord]

  private var builder: SegmentBuilder
  /// The files in the builder; their numbers are those of the builder.
  private var newFiles: [(path: FilePath, fingerprint: Fingerprint, contentHash: ContentHash)] = []
  private var upsertedFiles: [FileRecord] = []
  private var removedFiles: [FilePath] = []
  private var retiredFiles: [SegmentID: [Int]] = [:]

  /// Called before each change of the index.
  var willWrite: () throws(Failure) -> Void = {}
  /// Files that were in the index before the run and have left it.
  private(set) var removedCount = 0

  /// - Parameters:
  ///   - isFirstRun: commits early at first, when there is nothing to find yet: an eighth of the size, then a quarter ...
  ///   - chunkLimit: the builder is full with so many chunks, whatever its size.
  init(
    catalog: IndexCatalog, directory: IndexDirectory, snapshot: CatalogSnapshot, dimensions: Int, builderByteCount: Int,
    isFirstRun: Bool, chunkLimit: Int
  ) {
    self.catalog = catalog
    self.directory = directory
    self.dimensions = dimensions
    self.builderByteCount = isFirstRun ? builderByteCount / 8 : builderByteCount
    largestBuilderByteCount = builderByteCount
    self.chunkLimit = chunkLimit
    segments = Dictionary(uniqueKeysWithValues: snapshot.segments.map { ($0.id, $0) })
    builder = SegmentBuilder(dimensions: dimensions)
  }

  var hasNewFiles: Bool { !newFiles.isEmpty }
  var hasChanges: Bool { hasNewFiles || !upsertedFiles.isEmpty || !removedFiles.isEmpty }
  /// Whether it is time to write the builder out. Depends on the files added and on nothing else.
  var isFull: Bool { builder.memoryByteCount > builderByteCount || builder.chunkCount >= chunkLimit }

  /// A new or changed file. Files come in the order of their paths.
  func add(_ file: PreparedFile, _ fingerprint: Fingerprint, replacing known: FileRecord?) {
    retire(known)
    _ = builder.add(file)
    newFiles.append((file.path, fingerprint, file.contentHash))
  }

  /// A file whose content has not changed, but its fingerprint may have.
  func update(_ file: FileRecord) { upsertedFiles.append(file) }

  /// A file that was read and is not to be indexed.
  func skip(_ file: FileRecord, replacing known: FileRecord?) {
    retire(known, leaves: true)
    upsertedFiles.append(file)
  }

  /// A file that the index shall not know any more.
  func remove(_ known: FileRecord) {
    retire(known, leaves: true)
    removedFiles.append(known.path)
  }

  private func retire(_ known: FileRecord?, leaves: Bool = false) {
    guard case .indexed(let segment, let number)? = known?.state else { return }
    retiredFiles[segment, default: []].append(number)
    if leaves { removedCount += 1 }
  }

  /// Writes the files as a segment, makes it durable, and commits everything gathered as one generation. Gives the size of
  /// the segment.
  func flush(isComplete: Bool) throws(Failure) -> Int {
    try willWrite()
    var change = CatalogChange(isComplete: isComplete)
    change.upsertedFiles = upsertedFiles
    change.removedFiles = removedFiles
    if hasNewFiles {
      let segment = try writeSegment()
      change.addedSegments = [segment]
      for (number, file) in newFiles.enumerated() {
        change.upsertedFiles.append(
          FileRecord(
            path: file.path, fingerprint: file.fingerprint, contentHash: file.contentHash,
            state: .indexed(segment: segment.id, number: number)))
      }
    }
    for (id, numbers) in retiredFiles {
      guard var segment = segments[id], numbers.allSatisfy({ $0 < segment.fileCount }) else {
        throw Failure(
          .damaged,
          "the catalog lists files that segment \(id) does not have: build the index anew with `cairn index --rebuild`",
          path: directory.path)
      }
      for number in numbers { segment.retiredFiles.insert(number) }
      segments[id] = segment
      if segment.retiredFiles.count == segment.fileCount {
        change.removedSegments.append(id)
      } else {
        change.retiredFiles[id] = numbers
      }
    }
    _ = try catalog.commit(change)
    (newFiles, upsertedFiles, removedFiles, retiredFiles) = ([], [], [], [:])
    return change.addedSegments.reduce(0) { $0 + $1.byteCount }
  }

  private func writeSegment() throws(Failure) -> SegmentRecord {
    let id = try catalog.reserveSegmentID()
    builderByteCount = min(2 * builderByteCount, largestBuilderByteCount)
    var full = SegmentBuilder(dimensions: dimensions)
    swap(&full, &builder)
    let fileCount = full.fileCount
    let chunkCount = full.chunkCount
    let byteCount = try full.write(to: directory.segment(id))
    return SegmentRecord(
      id: id, fileCount: fileCount, chunkCount: chunkCount, byteCount: byteCount,
      retiredFiles: BitSet(capacity: fileCount))
  }
}
