import Disk
import Foundation
import Primitives
import Segments
import TestSupport
import Testing

/// The n-grams of a segment damaged, forged or of another layout: the files that are left are right, or there is no
/// word of them.
@Suite struct DamagedGramTests {
  private static let magic = Array("CAIRNSEG".utf8)
  private static let corpus = GramCorpus(seed: 12, fileCount: 1200, byteCount: 200...800)
  private let tree: TemporaryTree
  private let path: FilePath
  private let sections: [(identifier: UInt32, range: Range<Int>, bytes: [UInt8])]

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    path = tree.root.appending("sound.segment")
    _ = try Self.corpus.write(Self.corpus.texts.indices, to: path)
    let file = try SectionFile(path, magic: Self.magic, versions: 3...3)
    sections = file.sections.map { section in
      let span = file.bytes(in: section.range)
      return (section.identifier, section.range, span.indices.map { span[$0] })
    }
  }

  private func section(_ identifier: UInt32) -> (identifier: UInt32, range: Range<Int>, bytes: [UInt8]) {
    sections.first { $0.identifier == identifier }!
  }

  private func queries() -> [GramQuery] {
    var random = SeededRandom(seed: 8)
    return (0..<40).map { _ in Self.corpus.query(&random) }
  }

  @Test func `a changed byte gives the same files or none`() throws {
    let queries = queries()
    let sound = try Segment(opening: path)
    let expected = queries.map { sound.candidateFiles(for: $0) }
    let bytes = try readFile(path).bytes
    let handle = try #require(FileHandle(forUpdatingAtPath: path.description))
    let lists = section(13).range
    // Pieces that hold nothing but lists: what is in one with something else is damage of the segment.
    let own = (lists.lowerBound / 65_536 + 1) * 65_536..<lists.upperBound / 65_536 * 65_536
    try #require(own.count >= 65_536)
    var random = SeededRandom(seed: 2)
    var absentCount = 0
    for _ in 0..<500 {
      let place = Int.random(in: own, using: &random)
      func put(_ byte: UInt8) throws {
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [byte])
      }
      try put(bytes[place] ^ 1 << UInt8.random(in: 0..<8, using: &random))
      defer { try? put(bytes[place]) }
      let segment = try Segment(opening: path)
      for (query, files) in zip(queries, expected) {
        let found = segment.candidateFiles(for: query)
        if found == nil { absentCount += 1 } else { #expect(found == files) }
        #expect(found != nil || segment.gramAbsence == .damaged)
      }
      // Everything else answers.
      #expect(segment.damage == nil && segment.file(3).path == sound.file(3).path)
      #expect(throws: Failure.self) { try segment.verify() }
    }
    #expect(absentCount > 0)
  }

  /// The segment with other bytes in some sections, under checksums that are right.
  private func forged(_ replaced: [UInt32: [UInt8]], without: Set<UInt32> = []) throws -> Segment {
    let path = tree.root.appending("forged.segment")
    var writer = try SectionWriter(path, magic: Self.magic)
    for section in sections where !without.contains(section.identifier) {
      try writer.begin(section.identifier)
      try writer.append(replaced[section.identifier] ?? section.bytes)
    }
    _ = try writer.commit(formatVersion: SegmentFormat.formatVersion, contentVersion: SegmentFormat.contentVersion)
    return try Segment(opening: path)
  }

  @Test func `another layout is told from damage, and a segment without grams from both`() throws {
    var index = section(14).bytes
    index[0] = 9
    let other = try forged([14: index])
    #expect(other.candidateFiles(for: .everything) == nil && other.gramAbsence == .otherVersion)
    try other.verify()
    let without = try forged([:], without: [13, 14])
    #expect(without.candidateFiles(for: .everything) == nil && without.gramAbsence == .notStored)
    try without.verify()
    let half = try forged([:], without: [13])
    #expect(half.gramAbsence == .notStored)
  }

  @Test func `forged lists end, and name no file that there is not`() throws {
    let queries = queries()
    var random = SeededRandom(seed: 6)
    for round in 0..<120 {
      var replaced = [UInt32(13): section(13).bytes, 14: section(14).bytes]
      for identifier: UInt32 in [13, 14] where round % 3 != Int(identifier) - 13 {
        var bytes = replaced[identifier]!
        for _ in 0..<Int.random(in: 1...200, using: &random) {
          // Not the layout version.
          bytes[Int.random(in: 4..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        if round % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count - 4, using: &random)) }
        replaced[identifier] = bytes
      }
      let segment = try forged(replaced)
      for query in queries {
        if let files = segment.candidateFiles(for: query) { #expect(files.capacity == segment.fileCount) }
      }
      _ = try? segment.verify()
      _ = try? mergeSegments(
        [segment], tombstoned: [BitSet(capacity: segment.fileCount)], to: tree.root.appending("merged.segment"))
    }
  }

  @Test func `files of which the grams say nothing are not forgotten where their list makes no sense`() throws {
    var index = section(14).bytes
    index[index.count - 1] = 0xFF
    let segment = try forged([14: index])
    try #require(segment.gramAbsence == nil && segment.fileCountWithoutGrams > 0)
    #expect(throws: Failure.self) {
      try mergeSegments(
        [segment], tombstoned: [BitSet(capacity: segment.fileCount)], to: tree.root.appending("merged.segment"))
    }
    #expect(segment.candidateFiles(for: .literal(Array("none".utf8))) == nil && segment.gramAbsence == .damaged)
  }

  @Test func `damaged grams are not merged`() throws {
    var bytes = try readFile(path).bytes
    let lists = section(13).range
    bytes[(lists.lowerBound + lists.upperBound) / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path.description))
    let segment = try Segment(opening: path)
    #expect(throws: Failure.self) {
      try mergeSegments(
        [segment], tombstoned: [BitSet(capacity: segment.fileCount)], to: tree.root.appending("merged.segment"))
    }
  }
}
