import Chunking

extension PartInput {
  /// Parsing every file and cutting it into chunks.
  func chunk() -> Part {
    Part("chunk", per: "byte", count: byteCount, byteCount: byteCount) {
      for file in files { keep(chunker.chunks(of: file.bytes.span, in: file.language).count) }
    }
  }
}
