import Catalog
import Chunking
import IndexStorage
import Inspection
import Primitives
import Segments
import Synchronization

/// What the segments of a build hold already, by content, live or tombstoned: a file whose content is among it need not
/// be parsed again, and one that is back at its own path (a branch that is checked out again, a change that is taken
/// back) need not be embedded or analysed either.
///
/// Only for segments of the model, the chunker and the analyzer of the run. Segments are opened when a file is first
/// asked for, the table is made when one is first not found at its own path: 4 to 8 bytes for each file of the index,
/// some nanoseconds each. Safe to share by threads. A segment that cannot be opened, or is found damaged, is of no use
/// and nothing is said of it: a run that needs it finds that out by itself.
final class StoredContents: Sendable {
  private struct Opened: Sendable {
    var records: [SegmentRecord] = []
    var segments: [Segment] = []
  }
  private let directory: IndexDirectory
  private let records: [SegmentRecord]
  /// Paths of which something is held without its syntax.
  private let gaps: Set<FilePath>
  private let held = Mutex<Opened?>(nil)
  private let table = Mutex<Table?>(nil)

  init(of records: [SegmentRecord], in directory: IndexDirectory, gaps: Set<FilePath>) {
    self.records = records
    self.directory = directory
    self.gaps = gaps
  }

  /// The tombstoned file at `path` with this content and language: its segment, its number and how many chunks it has.
  func tombstoned(
    at path: FilePath, _ content: ContentHash, _ language: Language
  ) -> (segment: SegmentID, number: Int, chunkCount: Int)? {
    if gaps.contains(path) { return nil }
    // The newest first: what was left last is what is gone back to.
    let opened = opened
    for (record, segment) in zip(opened.records, opened.segments).reversed() where !record.tombstones.isEmpty {
      guard let number = segment.fileNumber(at: path), record.tombstones.contains(number),
        segment.contentHash(ofFile: number) == content, segment.language(ofFile: number) == language
      else { continue }
      let chunkCount = segment.chunks(ofFile: number).count
      if segment.damage == nil { return (record.id, number, chunkCount) }
    }
    return nil
  }

  /// The chunks of a file with this content and language, wherever it lies, if those are the pieces of `source`.
  func chunks(of content: ContentHash, _ language: Language, in source: Span<UInt8>) -> [Chunk]? {
    let segments = opened.segments
    let found = table.withLock { table in
      if table == nil { table = Table(segments, without: gaps) }
      return table?.find(content, in: segments)
    }
    guard let found else { return nil }
    let segment = segments[found.segment]
    guard segment.language(ofFile: found.number) == language, let stored = segment.wholeChunks(ofFile: found.number),
      !stored.isEmpty
    else { return nil }
    // That of a notebook is cut in another text than a file of the same bytes; and a hash is no proof.
    var end = 0
    for chunk in stored {
      let bytes = chunk.chunk.bytes
      guard bytes.lowerBound == end, bytes.upperBound <= source.count,
        ChunkHash(of: source.extracting(bytes)) == chunk.contentHash
      else { return nil }
      end = bytes.upperBound
    }
    return end == source.count ? stored.map(\.chunk) : nil
  }

  private var opened: Opened {
    held.withLock { held in
      if let held { return held }
      var opened = Opened()
      for record in records {
        guard let segment = try? directory.open(record), segment.isCurrent else { continue }
        opened.records.append(record)
        opened.segments.append(segment)
      }
      held = opened
      return opened
    }
  }

  /// The first file of each content: open addressing over positions in the list of all files.
  private struct Table: Sendable {
    /// 1 + a position, or 0. Its size is a power of two.
    private var slots: [UInt32]
    /// The position of the first file of each segment, and the number of all.
    private var starts: [Int] = [0]

    init(_ segments: [Segment], without gaps: Set<FilePath>) {
      for segment in segments { starts.append(starts[starts.count - 1] + segment.fileCount) }
      let count = min(starts[starts.count - 1], Int(UInt32.max) - 1)
      slots = [UInt32](repeating: 0, count: Self.slotCount(count))
      for (index, segment) in segments.enumerated() {
        let unfit = Set(gaps.compactMap { segment.fileNumber(at: $0) })
        segment.forEachContentHash { number, content in
          guard !unfit.contains(number), starts[index] + number < count else { return }
          let slot = slot(of: content, segments)
          if slots[slot] == 0 { slots[slot] = UInt32(starts[index] + number + 1) }
        }
      }
    }

    /// At least twice as many as files.
    private static func slotCount(_ count: Int) -> Int { 1 << (Int.bitWidth - (2 * count + 1).leadingZeroBitCount) }

    func find(_ content: ContentHash, in segments: [Segment]) -> (segment: Int, number: Int)? {
      let slot = slot(of: content, segments)
      return slots[slot] == 0 ? nil : place(Int(slots[slot]) - 1)
    }

    /// The slot that has the content, or the empty one where it would be.
    private func slot(of content: ContentHash, _ segments: [Segment]) -> Int {
      let mask = slots.count - 1
      // Hashed once more with the process' own seed: who knows how contents are hashed could have all in one place.
      var slot = content.hashValue & mask
      while slots[slot] != 0 {
        let found = place(Int(slots[slot]) - 1)
        if segments[found.segment].contentHash(ofFile: found.number) == content { return slot }
        slot = (slot + 1) & mask
      }
      return slot
    }

    private func place(_ position: Int) -> (segment: Int, number: Int) {
      // The segments are few.
      var segment = 0
      while position >= starts[segment + 1] { segment += 1 }
      return (segment, position - starts[segment])
    }
  }
}
