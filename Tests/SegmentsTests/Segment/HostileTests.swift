import Disk
import Foundation
import Primitives
import Segments
import TestSupport
import Testing

/// Segments whose bytes were changed: opening fails or every query ends with some result, and `verify` knows.
@Suite struct HostileTests {
  private let magic = Array("CAIRNSEG".utf8)

  private func smallSegment(in tree: TemporaryTree) throws -> [UInt8] {
    let corpus = SyntheticCorpus(seed: 77, fileCount: 3, chunksPerFile: 1...2, dimensions: 8)
    return try readFile(try corpus.write(corpus.files.indices, to: tree.root.appending("small.segment")).path).bytes
  }

  /// Asks everything there is to ask.
  private func question(_ segment: Segment) {
    let words = ["parse", "token", "read_buffer", "größe", "x"]
    let query = LexicalQuery(
      clauses: words.map { .init(term: Term($0)) } + [.init(term: Term("parse", field: .definition))])
    let statistics = CollectionStatistics(
      chunkCount: segment.chunkCount, totalLength: segment.totalLength,
      documentFrequencies: segment.documentFrequencies(of: query))
    _ = segment.bestByTerms(query, statistics: statistics, eligible: nil, limit: 10)
    _ = segment.termScores(query, statistics: statistics, of: Array(0..<min(segment.chunkCount, 100)))
    _ = segment.terms(withPrefix: [], limit: 1000)
    _ = segment.terms(withPrefix: Array("pa".utf8), field: .definition, limit: 1000)
    _ = segment.bestByVector([1, 2, 3, 4, 5, 6, 7, 8], eligible: nil, limit: 5)
    for chunk in 0..<min(segment.chunkCount, 100) {
      _ = segment.chunk(chunk)
      _ = segment.vector(ofChunk: chunk)
    }
    var list = ChunkList()
    segment.read(Array(0..<min(segment.chunkCount, 100)), into: &list)
    segment.read([min(segment.chunkCount, 100) - 1], into: &list)
    for entry in list.entries { _ = list.symbols(of: entry) }
    for file in 0..<min(segment.fileCount, 100) {
      let stored = segment.file(file)
      _ = segment.fileNumber(at: stored.path)
    }
    _ = IndexSnapshot.LiveSegment(segment: segment, tombstones: BitSet(words: [0b101], capacity: segment.fileCount))
  }

  @Test func `a flipped bit anywhere is found, and no question crashes`() throws {
    let tree = try TemporaryTree()
    let bytes = try smallSegment(in: tree)
    let path = tree.root.appending("flipped.segment")
    var random = SeededRandom(seed: 1)
    try Data(bytes).write(to: URL(fileURLWithPath: path.description))
    let handle = try #require(FileHandle(forUpdatingAtPath: path.description))
    func put(_ byte: UInt8, at offset: Int) throws {
      try handle.seek(toOffset: UInt64(offset))
      try handle.write(contentsOf: [byte])
    }
    for i in bytes.indices {
      try put(bytes[i] ^ 1 << UInt8.random(in: 0..<8, using: &random), at: i)
      defer { try? put(bytes[i], at: i) }
      do {
        let segment = try Segment(opening: path)
        question(segment)
        try segment.verify()
        Issue.record("byte \(i) of \(bytes.count) was changed and not found")
      } catch {
        // Of the last bytes, some say of what kind and version it is.
        let isInTail = i >= bytes.count - 16
        #expect(error.code == .damaged || isInTail && [.wrongFormat, .unsupportedVersion].contains(error.code))
      }
    }
  }

  @Test func `a segment cut off anywhere is not opened`() throws {
    let tree = try TemporaryTree()
    let bytes = try smallSegment(in: tree)
    let path = tree.root.appending("cut.segment")
    try Data(bytes).write(to: URL(fileURLWithPath: path.description))
    let handle = try #require(FileHandle(forUpdatingAtPath: path.description))
    for count in bytes.indices.reversed() {
      try handle.truncate(atOffset: UInt64(count))
      if (try? Segment(opening: path)) != nil { Issue.record("opened with \(count) bytes") }
    }
  }

  @Test func `wrong content under right checksums never crashes a reader`() throws {
    let tree = try TemporaryTree()
    _ = try smallSegment(in: tree)
    let file = try SectionFile(tree.root.appending("small.segment"), magic: magic, versions: 3...3)
    let path = tree.root.appending("forged.segment")
    var random = SeededRandom(seed: 2)
    var openedCount = 0
    for _ in 0..<300 {
      // A few bytes of one section become anything.
      let victim = file.sections.randomElement(using: &random)!
      var writer = try SectionWriter(path, magic: magic)
      for section in file.sections {
        let span = file.bytes(in: section.range)
        var content = span.indices.map { span[$0] }
        if section.identifier == victim.identifier, !content.isEmpty {
          for _ in 0..<Int.random(in: 1...4, using: &random) {
            content[Int.random(in: 0..<content.count, using: &random)] = [
              0, 1, 127, 128, 255, .random(in: 0...255, using: &random),
            ]
            .randomElement(using: &random)!
          }
        }
        try writer.begin(section.identifier)
        try writer.append(content)
      }
      _ = try writer.commit(formatVersion: SegmentFormat.formatVersion, contentVersion: 1)
      guard let segment = try? Segment(opening: path) else { continue }
      openedCount += 1
      question(segment)
      // Merging checks first; what passes the checks is merged without a trap.
      _ = try? mergeSegments(
        [segment], tombstoned: [BitSet(capacity: segment.fileCount)], to: tree.root.appending("merged.segment"))
    }
    #expect(openedCount > 200)
  }

  @Test func `opening fails in distinct ways`() throws {
    let tree = try TemporaryTree()
    let bytes = try smallSegment(in: tree)
    let path = tree.root.appending("other.segment")
    func code(_ change: (inout [UInt8]) -> Void) throws -> Failure.Code? {
      var changed = bytes
      change(&changed)
      try Data(changed).write(to: URL(fileURLWithPath: path.description))
      do {
        _ = try Segment(opening: path)
        return nil
      } catch {
        #expect(error.path == path)
        return error.code
      }
    }
    #expect(try code { _ in } == nil)
    #expect(try code { $0 = [] } == .damaged)
    #expect(try code { $0.removeFirst($0.count - 20) } == .damaged)
    #expect(try code { $0.removeLast() } == .wrongFormat)
    #expect(try code { $0[$0.count - 1] ^= 1 } == .wrongFormat)
    // The checksum says that it was another number.
    for version: UInt8 in [1, 2, 4] { #expect(try code { $0[$0.count - 16] = version } == .damaged) }
    #expect(try code { $0[$0.count - 20] ^= 1 } == .damaged)
    #expect(try code { $0[$0.count - 40] ^= 1 } == .damaged)
    #expect(throws: Failure.self) { _ = try Segment(opening: tree.root.appending("none")) }
  }
}
