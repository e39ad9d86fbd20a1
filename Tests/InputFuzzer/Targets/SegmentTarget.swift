import Chunking
import Disk
import Primitives
import Segments

extension InputTarget {
  /// A segment of the index: as it is, and under checksums that are right, as a stranger would forge it.
  static let segment = InputTarget("segment", byteLimit: 16 << 10) { input in
    if let segment = try? Segment(opening: SegmentReading.scratch.write("given.segment", input)) {
      _ = try? segment.verify()
      SegmentReading.ask(segment)
    }
    guard let forged = SegmentReading.sealed(input), let segment = try? Segment(opening: forged) else { return }
    SegmentReading.ask(segment)
    let isSound = (try? segment.verify()) != nil
    expect(!isSound || segment.damage == nil, "a segment that is sound by its verification is damaged")
  }
}

private enum SegmentReading {
  static let scratch = ScratchDirectory("segment")
  private static let magic = Array("CAIRNSEG".utf8)

  /// The sections that the table at the end of `input` names, written anew with right checksums; nil where there can be
  /// no table. Whatever the offsets in it are, they are brought inside.
  static func sealed(_ input: Span<UInt8>) -> FilePath? {
    let (tailByteCount, entryByteCount) = (32, 24)
    guard input.count >= tailByteCount else { return nil }
    let tail = input.count - tailByteCount
    let sectionCount = input.number(at: tail)
    let table = tail - sectionCount * entryByteCount
    guard sectionCount <= 32, table >= 0 else { return nil }
    let path = scratch.path.appending("forged.segment")
    do throws(Failure) {
      var writer = try SectionWriter(path, magic: magic)
      for number in 0..<sectionCount {
        let entry = table + number * entryByteCount
        try writer.begin(UInt32(input.number(at: entry)))
        let start = min(table, input.number(at: entry + 8))
        try writer.append(input.extracting(start..<start + min(table - start, input.number(at: entry + 16))))
      }
      _ = try writer.commit(
        formatVersion: SegmentFormat.formatVersion, contentVersion: SegmentFormat.contentVersion)
    } catch { stop("\(error)") }
    return path
  }

  /// Asks everything that a search or a merge asks.
  static func ask(_ segment: Segment) {
    let query = LexicalQuery(
      clauses: ["parse", "token", "read_buffer", "größe", "x"].map { .init(term: Term($0)) }
        + [.init(term: Term("parse", field: .definition))])
    let statistics = CollectionStatistics(
      chunkCount: segment.chunkCount, totalLength: segment.totalLength,
      documentFrequencies: segment.documentFrequencies(of: query))
    let kinds = SymbolKindFilter(wanted: [.function], excluded: [.method])
    let best = segment.bestByTerms(query, statistics: statistics, eligible: nil, limit: 10)
    expect(best.allSatisfy { $0.chunk < segment.chunkCount }, "a hit is no chunk of the segment")
    _ = segment.bestByTerms(
      segment.prepare(query), BM25(query, statistics: statistics), eligible: nil, kinds: kinds, limit: 10)
    let chunks = Array(0..<segment.chunkCount)
    _ = segment.termScores(query, statistics: statistics, of: chunks)
    _ = segment.terms(withPrefix: [], limit: 1000)
    let vector = (0..<segment.dimensions).map { Float($0 % 7) - 3 }
    _ = segment.bestByVector(vector, eligible: nil, limit: 5, isExhaustive: true)
    _ = segment.bestByVector(vector, eligible: nil, kinds: kinds, limit: 5, isExhaustive: false)
    var list = ChunkList()
    segment.read(chunks, into: &list)
    expect(list.bytes.count <= (segment.chunkCount + 1) << 20, "\(list.bytes.count) bytes of \(chunks.count) chunks")
    for (i, entry) in list.entries.enumerated() {
      _ = list.symbols(of: entry)
      _ = list.chunk(i)
    }
    for chunk in chunks.prefix(64) { _ = segment.chunk(chunk) }
    segment.forEachPath { _, path in expect(path.count <= 4096, "a path of \(path.count) bytes") }
    for file in 0..<min(64, segment.fileCount) {
      _ = segment.fileNumber(at: segment.file(file).path)
      _ = segment.language(ofFile: file)
    }
    _ = segment.byteCounts
    let tombstoned = BitSet(words: [0b101], capacity: segment.fileCount)
    _ = IndexSnapshot.LiveSegment(segment: segment, tombstones: tombstoned)
    _ = try? mergeSegments([segment], tombstoned: [tombstoned], to: scratch.path.appending("merged.segment"))
  }
}
