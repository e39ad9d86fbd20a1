import Disk
import Embedding
import Primitives
import Segments

extension PartInput {
  /// Building a segment of all files and writing it. `byteCount` is that of the segment.
  func build(_ prepared: [PreparedFile]) throws -> Part {
    let path = scratch.appending("built.segment")
    let write = { try Self.write(prepared, to: path, dimensions: model.identity.dimensions) }
    return Part("build", per: "chunk", count: chunkCount, byteCount: try write()) { keep(try write()) }
  }

  /// Writes files, which are in order, as a segment, and gives its size.
  static func write(_ files: some Sequence<PreparedFile>, to path: FilePath, dimensions: Int) throws -> Int {
    var builder = SegmentBuilder(dimensions: dimensions)
    for file in files { _ = builder.add(file) }
    return try builder.write(to: path)
  }
}
