import CMeasuring
import Chunking
import Corpus
import Disk
import Primitives
import Segments

extension PartInput {
  /// The best hundred of all vectors, every row looked at; and the same by signs first. Rows of 256 components from a seed:
  /// a million, or 60,000 where it must be quick. Beside each a plain read of as many bytes: 4 bits a component for whole
  /// rows, 1 for signs.
  func scans() throws -> [Part] {
    let rowCount = isQuick ? 60_000 : 1_000_000
    let dimensions = 256
    let path = scratch.appending("vectors.segment")
    try Self.writeVectors(rowCount, dimensions: dimensions, to: path)
    let segment = try Segment(opening: path)
    var random = SeededRandom(seed: 6)
    let queries = (0..<4).map { _ in Self.vector(dimensions, &random) }
    return [
      scan("scan-rows", segment, queries, bytesOfRow: dimensions / 2, isExhaustive: true),
      scan("scan-signs", segment, queries, bytesOfRow: dimensions / 8, isExhaustive: false),
    ]
  }

  private func scan(
    _ name: String, _ segment: Segment, _ queries: [[Float]], bytesOfRow: Int, isExhaustive: Bool
  ) -> Part {
    let byteCount = segment.chunkCount * bytesOfRow
    let words = [UInt64](repeating: 1, count: byteCount / 8)
    return Part(
      name, per: "row", count: segment.chunkCount * queries.count, byteCount: byteCount * queries.count,
      floor: {
        for _ in queries { keep(unsafe words.withUnsafeBytes { unsafe cm_sum($0.baseAddress, words.count) }) }
      },
      run: {
        for query in queries {
          keep(segment.bestByVector(query, eligible: nil, limit: 100, isExhaustive: isExhaustive).count)
        }
      })
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
