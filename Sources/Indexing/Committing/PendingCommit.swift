import Catalog
import Corpus
import Disk
import Primitives
import Segments

/// A file in a segment that is about to be written; its number is its place.
struct NewFile: Sendable {
  var path: FilePath
  var fingerprint: Fingerprint
  var contentHash: ContentHash
}

/// What a commit came to.
struct FinishedCommit: Sendable {
  /// Bytes of the segment.
  var byteCount: Int
  var meter: StageMeter
}

/// Everything that one commit takes. Filled by the thread that collects, then performed once, by it or by another.
// `@unchecked Sendable`: the collecting thread drops it before the thread that performs it begins.
final class PendingCommit: @unchecked Sendable {
  private let catalog: IndexCatalog
  private let build: IndexBuild
  private var change: CatalogChange
  private var meter: StageMeter
  private var segment: NewSegment?

  private struct NewSegment: ~Copyable {
    let builder: SegmentBuilder
    let id: SegmentID
    let file: HeldName
    let files: [NewFile]
  }

  init(catalog: IndexCatalog, build: IndexBuild, change: CatalogChange, meter: StageMeter) {
    self.catalog = catalog
    self.build = build
    self.change = change
    self.meter = meter
  }

  func add(_ builder: consuming SegmentBuilder, id: SegmentID, file: HeldName, files: [NewFile]) {
    segment = NewSegment(builder: builder, id: id, file: file, files: files)
  }

  func perform() throws(Failure) -> FinishedCommit {
    let byteCount = try meter.measure(.commit) { () throws(Failure) in
      let byteCount = try writeSegment()
      _ = try catalog.commit(change, to: build)
      return byteCount
    }
    meter.add(byteCount: byteCount, to: .commit)
    // What a small one took is soon taken again.
    if byteCount > 1 << 20 { ProcessMemory.returnFreeMemory() }
    return FinishedCommit(byteCount: byteCount, meter: meter)
  }

  /// Writes the segment, if there is one, adds it to the change, and gives its size.
  private func writeSegment() throws(Failure) -> Int {
    guard let new = segment.take() else { return 0 }
    return try write(new)
  }

  private func write(_ new: consuming NewSegment) throws(Failure) -> Int {
    let (id, file, files) = (new.id, new.file, new.files)
    let byteCount = try new.builder.write(to: file)
    change.addedSegments = [SegmentRecord(id: id, try Segment(opening: file))]
    change.upsertedFiles.reserveCapacity(change.upsertedFiles.count + files.count)
    for (number, row) in files.enumerated() {
      change.upsertedFiles.append(
        FileRecord(
          path: row.path, fingerprint: row.fingerprint, contentHash: row.contentHash,
          state: .indexed(segment: id, number: number)))
    }
    return byteCount
  }
}

extension SegmentRecord {
  /// What the catalog keeps of a segment that has just been written.
  init(id: SegmentID, _ segment: Segment) {
    self.init(
      id: id, fileCount: segment.fileCount, chunkCount: segment.chunkCount, byteCount: segment.byteCount,
      checksum: segment.checksum, tombstones: BitSet(capacity: segment.fileCount))
  }
}

/// A commit that was started: on a thread of its own, or done already.
struct RunningCommit {
  private let result = Monitor<Result<FinishedCommit, Failure>?>(nil)
  private let thread: BlockingThread?

  /// - Parameter beside: on a thread of its own, unless the system gives none.
  init(_ commit: PendingCommit, beside: Bool) {
    let result = result
    let work: @Sendable () -> Void = {
      let finished = Result { () throws(Failure) in try commit.perform() }
      result.update { $0 = finished }
    }
    thread = beside ? BlockingThread(work) : nil
    if thread == nil { work() }
  }

  /// Waits for its end.
  func finish() throws(Failure) -> FinishedCommit {
    thread?.join()
    return try result.wait { $0 }.get()
  }
}
