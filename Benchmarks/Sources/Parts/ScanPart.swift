import CMeasuring
import Chunking
import Disk
import Inspection
import Primitives
import Segments

extension PartInput {
  /// Vectors of 256 components from a seed, a million of them, or 60,000 where it must be quick. `scan-rows` is an
  /// exhaustive scan for the top 100; `scan-signs` chooses candidates by their sign bits; `best-by-signs` rescores
  /// these on 4-bit vectors for the top 100. Beside each the memory-bandwidth baseline: a read of the bit planes of all
  /// vectors, or of their sign bits.
  func scans() throws -> [Part] {
    let rowCount = isQuick ? 60_000 : 1_000_000
    let dimensions = 256
    let path = scratch.appending("vectors.segment")
    try Self.writeVectors(rowCount, dimensions: dimensions, to: path)
    let segment = try Segment(opening: path)
    var random = SeededRandom(seed: 6)
    let queries = (0..<4).map { _ in Self.vector(dimensions, &random) }
    func search(_ query: [Float], isExhaustive: Bool) -> VectorSearch {
      let search = VectorSearch(query, in: [(segment, nil)], kinds: nil, limit: 100, isExhaustive: isExhaustive)
      for piece in search.pieces { search.scan(piece) }
      return search
    }
    return [
      try scan("scan-rows", segment, queries, sections: [11, 12]) {
        keep(search($0, isExhaustive: true).best().count)
      },
      try scan("scan-signs", segment, queries, sections: [12]) { keep(search($0, isExhaustive: false)) },
      try scan("best-by-signs", segment, queries, sections: [12]) {
        keep(search($0, isExhaustive: false).best().count)
      },
    ]
  }

  /// - Parameter sections: those that are read, by their numbers in `Docs/FORMAT.md`.
  private func scan(
    _ name: String, _ segment: Segment, _ queries: [[Float]], sections: [UInt32], run: @escaping ([Float]) -> Void
  ) throws -> Part {
    let version = SegmentFormat.formatVersion
    let file = try SectionFile(segment.path, magic: Array("CAIRNSEG".utf8), versions: version...version)
    let ranges = sections.compactMap { file.range(of: $0) }
    precondition(ranges.count == sections.count, "a segment has its vectors in these sections")
    return Part(
      name, per: "row", count: segment.chunkCount * queries.count,
      byteCount: ranges.reduce(0) { $0 + $1.count } * queries.count,
      floor: {
        for _ in queries { for range in ranges { keep(Self.sum(file.bytes(in: range))) } }
      },
      run: { for query in queries { run(query) } })
  }

  private static func sum(_ bytes: Span<UInt8>) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe cm_sum($0.baseAddress, $0.count / 8) }
  }

  private static func writeVectors(_ count: Int, dimensions: Int, to path: FilePath) throws {
    var random = SeededRandom(seed: 5)
    var builder = SegmentBuilder(dimensions: dimensions)
    // Several files, so that no more than one is held beside the builder.
    for (number, start) in stride(from: 0, to: count, by: 1000).enumerated() {
      let digits = String(number)
      _ = builder.add(
        PreparedFile(
          path: FilePath(String(repeating: "0", count: 6 - digits.count) + digits), language: .plainText,
          contentHash: ContentHash(high: 0, low: UInt64(number)),
          chunks: (0..<min(1000, count - start)).map { row in
            PreparedChunk(
              chunk: Chunk(bytes: row..<row + 1, lines: row + 1...row + 1), contentHash: ContentHash(high: 1, low: 1),
              vector: rowVector(dimensions, &random))
          }, terms: FileTerms((0..<min(1000, count - start)).map { _ in (terms: [], length: 0) })))
    }
    _ = try builder.write(to: path)
  }

  private static func rowVector(_ dimensions: Int, _ random: inout SeededRandom) -> QuantisedVector {
    var components: [Float] = []
    components.reserveCapacity(dimensions)
    for _ in 0..<dimensions / 8 {
      let bits = random.next()
      for shift in 0..<8 { components.append(Float(Int8(truncatingIfNeeded: bits >> UInt64(8 * shift)))) }
    }
    return QuantisedVector(components[...])
  }

  private static func vector(_ dimensions: Int, _ random: inout SeededRandom) -> [Float] {
    let raw = (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) }
    let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return raw.map { $0 / norm }
  }
}
