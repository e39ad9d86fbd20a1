import Chunking
import Disk
import Inspection
import Primitives
import Segments
import TestSupport
import Testing

/// Segments of a stranger, whose checksums are right and whose content is not: answers take bounded memory and time,
/// and what makes no sense is told.
@Suite struct ForgedTests {
  private static let magic = Array("CAIRNSEG".utf8)
  private let tree: TemporaryTree
  /// The sections of a sound segment, by their numbers.
  private let sections: [(identifier: UInt32, bytes: [UInt8])]
  private let chunkCount: Int

  init() throws {
    tree = try TemporaryTree()
    let corpus = SyntheticCorpus(seed: 78, fileCount: 12, chunksPerFile: 2...3, dimensions: 8)
    let segment = try corpus.write(corpus.files.indices, to: tree.root.appending("sound.segment"))
    chunkCount = segment.chunkCount
    let file = try SectionFile(segment.path, magic: Self.magic, versions: 3...3)
    sections = file.sections.map { section in
      let span = file.bytes(in: section.range)
      return (section.identifier, span.indices.map { span[$0] })
    }
  }

  /// The segment with other bytes in some sections, under checksums that are right.
  private func forged(_ replaced: [UInt32: [UInt8]]) throws -> FilePath {
    let path = tree.root.appending("forged.segment")
    var writer = try SectionWriter(path, magic: Self.magic)
    for section in sections {
      try writer.begin(section.identifier)
      try writer.append(replaced[section.identifier] ?? section.bytes)
    }
    _ = try writer.commit(formatVersion: SegmentFormat.formatVersion, contentVersion: SegmentFormat.contentVersion)
    return path
  }

  private func bytes(of identifier: UInt32) -> [UInt8] { sections.first { $0.identifier == identifier }!.bytes }

  /// Asks everything there is to ask.
  private func question(_ segment: Segment) {
    let query = LexicalQuery(
      clauses: ["parse", "token", "read_buffer", "größe", "x"].map { .init(term: Term($0)) }
        + [.init(term: Term("parse", field: .definition))])
    let statistics = CollectionStatistics(
      chunkCount: segment.chunkCount, totalLength: segment.totalLength,
      documentFrequencies: segment.documentFrequencies(of: query))
    let kinds = SymbolKindFilter(wanted: [.function], excluded: [.method])
    let bm25 = BM25(query, statistics: statistics)
    _ = segment.bestByTerms(segment.prepare(query), bm25, eligible: nil, kinds: kinds, limit: 10)
    _ = segment.bestByTerms(query, statistics: statistics, eligible: nil, limit: 10)
    _ = segment.termScores(query, statistics: statistics, of: Array(0..<segment.chunkCount))
    _ = segment.terms(withPrefix: [], limit: 1000)
    let vector: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    _ = segment.bestByVector(vector, eligible: nil, limit: 5, isExhaustive: true)
    _ = segment.bestByVector(vector, eligible: nil, kinds: kinds, limit: 5, isExhaustive: false)
    var list = ChunkList()
    segment.read(Array(0..<segment.chunkCount), into: &list)
    #expect(list.bytes.count <= (segment.chunkCount + 1) << 20)
    for (i, entry) in list.entries.enumerated() {
      _ = list.symbols(of: entry)
      _ = list.chunk(i)
    }
    for chunk in 0..<segment.chunkCount { _ = segment.chunk(chunk) }
    segment.forEachPath { _, path in #expect(path.count <= 4096) }
    for file in 0..<segment.fileCount {
      _ = segment.fileNumber(at: segment.file(file).path)
      _ = segment.language(ofFile: file)
    }
    _ = segment.byteCounts
    let tombstoned = BitSet(words: [0b101], capacity: segment.fileCount)
    _ = IndexSnapshot.LiveSegment(segment: segment, tombstones: tombstoned)
    _ = try? mergeSegments([segment], tombstoned: [tombstoned], to: tree.root.appending("merged.segment"))
  }

  @Test(.timeLimit(.minutes(2)))
  func `any bytes in any section are answered from in bounded time`() throws {
    var random = SeededRandom(seed: 12)
    var openedCount = 0
    for section in sections {
      let count = section.bytes.count
      var contents: [[UInt8]] = [0, 0x7F, 0x80, 0xFF, 0x0F, 0xF0, 1].map { [UInt8](repeating: $0, count: count) }
      for _ in 0..<12 { contents.append((0..<count).map { _ in .random(in: 0...255, using: &random) }) }
      // What is sound at the beginning, then something else; and a part in the place of another.
      for _ in 0..<12 {
        var bytes = section.bytes
        let from = Int.random(in: 0..<count, using: &random)
        for i in from..<min(count, from + 24) {
          bytes[i] = [0, 1, 15, 127, 128, 240, 255, .random(in: 0...255, using: &random)].randomElement(using: &random)!
        }
        contents.append(bytes)
        bytes = section.bytes
        bytes.append(contentsOf: bytes[from...])
        contents.append(Array(bytes.suffix(count)))
      }
      for bytes in contents {
        guard let segment = try? Segment(opening: forged([section.identifier: bytes])) else { continue }
        openedCount += 1
        question(segment)
      }
    }
    #expect(openedCount > 150)
  }

  private func number(_ number: Int, byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// The records of one block and where each block begins; further blocks hold nothing.
  private func chunkSection(_ records: [UInt8]) -> [UInt8] {
    records + (0..<(chunkCount + 15) / 16).flatMap { number($0 == 0 ? 0 : records.count, byteCount: 4) }
  }

  private func varint(_ number: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(varint: UInt64(number))
    return bytes
  }

  private func expectDamage(of segment: Segment, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(segment.damage?.code == .damaged, sourceLocation: sourceLocation)
  }

  @Test func `a long name that is kept again and again is damage`() throws {
    let count = 14_000
    let length = 60_000
    // A record of so many symbols, each with the name of the one before; then the same with names around them.
    var names = varint(2) + varint(1) + varint(count << 1)
    names += [0x01, 0xF0] + varint(length - 15) + [0] + [UInt8](repeating: 0x61, count: length)
    for _ in 1..<count { names += [0x01, 0x0F] + varint(length - 15) + [0] }
    var around = varint(2) + varint(1) + varint(count << 1)
    around += [0x81, 0] + varint(1) + varint(length) + [UInt8](repeating: 0x61, count: length) + [0x00, 0]
    for _ in 1..<count { around += [0x81, 1, 0, 0x10, 0, 0x62] }
    for records in [names, around] {
      let segment = try Segment(opening: forged([1: chunkSection(records + [0, 0, 0, 0])]))
      var list = ChunkList()
      segment.read([0, 1, 2], into: &list)
      #expect(list.bytes.count < 4 << 20)
      expectDamage(of: segment)
      let other = try Segment(opening: segment.path)
      #expect(other.chunk(0).chunk.symbols.isEmpty)
      expectDamage(of: other)
    }
  }

  @Test func `short names that fill a chunk again and again are damage`() throws {
    // Within every limit but that of all names together.
    let count = 8_000
    var records = varint(2) + varint(1) + varint(count << 1)
    records += [0x01, 0xF0] + varint(1000 - 15) + [0] + [UInt8](repeating: 0x61, count: 1000)
    for _ in 1..<count { records += [0x01, 0x0F] + varint(1000 - 15) + [0] }
    let segment = try Segment(opening: forged([1: chunkSection(records + [0, 0, 0, 0])]))
    var list = ChunkList()
    segment.read([0], into: &list)
    #expect(list.bytes.count < 4 << 20)
    expectDamage(of: segment)
  }

  @Test func `files whose chunks overlap are damage`() throws {
    var files = bytes(of: 3)
    for i in 0..<12 {
      files.replaceSubrange(4 * i..<4 * i + 4, with: number(i % 2 == 0 ? 0 : chunkCount, byteCount: 4))
    }
    let segment = try Segment(opening: forged([3: files]))
    #expect((0..<12).allSatisfy { segment.chunks(ofFile: $0).isEmpty })
    expectDamage(of: segment)
  }

  @Test func `counts that do not fit the sections are told when opening`() throws {
    let counts = bytes(of: 10)
    for (offset, value) in [(0, 1 << 31), (4, 1 << 27), (8, 1 << 30), (12, 1 << 30), (20, 1 << 29)] {
      var changed = counts
      changed.replaceSubrange(offset..<offset + 4, with: number(value, byteCount: 4))
      let failure = #expect(throws: Failure.self) { _ = try Segment(opening: forged([10: changed])) }
      #expect(failure?.code == .damaged)
    }
  }

  @Test func `what a writer keeps of names is what a reader takes`() throws {
    let long = String(repeating: "é", count: 5_000)
    let deep = (0..<400).map { "scope\($0)" }
    var symbols = [Symbol(kind: .function, name: long, enclosing: [long, "inner"], line: 1)]
    symbols.append(Symbol(kind: .method, name: "leaf", enclosing: deep, line: 1))
    for i in 0..<20_000 { symbols.append(Symbol(kind: .property, name: "key\(i)", enclosing: [long], line: 1)) }
    let text = Array("x\n".utf8)
    let chunk = Chunk(bytes: 0..<2, lines: 1...1, symbols: symbols)
    var builder = SegmentBuilder(dimensions: 8)
    _ = builder.add(
      PreparedFile(
        path: "minified.js", language: Language(name: "javascript", kind: .code),
        contentHash: ContentHash(of: text.span),
        chunks: [
          PreparedChunk(
            chunk: chunk, contentHash: ContentHash(of: text.span),
            vector: QuantisedVector([1, 0, 0, 0, 0, 0, 0, 0]))
        ], terms: Analyzer().terms(of: [chunk], in: text.span, path: "minified.js")))
    let path = tree.root.appending("long.segment")
    _ = try builder.write(to: path)
    let segment = try Segment(opening: path)
    try segment.verify()
    let kept = segment.chunk(0).chunk.symbols
    #expect(kept.count == 8192)
    #expect(kept[0].name == String(repeating: "é", count: 512))
    #expect(kept[1].enclosing == Array(deep.prefix(256)))
    #expect(kept[2].name == "key0")
    var list = ChunkList()
    segment.read([0], into: &list)
    #expect(list.symbols(of: list.entries[0]) == kept)
    #expect(segment.damage == nil)
    // A merge keeps it as it is.
    let merged = tree.root.appending("merged.segment")
    _ = try mergeSegments([segment], tombstoned: [BitSet(capacity: 1)], to: merged)
    #expect(try readFile(merged).bytes == (try readFile(path).bytes))
  }
}
