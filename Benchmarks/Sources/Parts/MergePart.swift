import Disk
import Embedding
import Primitives
import Segments

extension PartInput {
  /// Merging four segments, each with every fourth file. `byteCount` is that of the result.
  func merge(_ prepared: [PreparedFile]) throws -> Part {
    let sources = try (0..<4).map { part in
      let path = scratch.appending("part\(part).segment")
      let files = prepared.indices.filter { $0 % 4 == part }.map { prepared[$0] }
      _ = try Self.write(files, to: path, dimensions: model.identity.dimensions)
      return try Segment(opening: path)
    }
    let tombstoned = sources.map { BitSet(capacity: $0.fileCount) }
    let path = scratch.appending("merged.segment")
    let merge = { try mergeSegments(sources, tombstoned: tombstoned, to: path).byteCount }
    return Part("merge", per: "chunk", count: chunkCount, byteCount: try merge()) { keep(try merge()) }
  }
}
