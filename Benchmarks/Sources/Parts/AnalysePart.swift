import Segments

extension PartInput {
  /// The terms of every chunk.
  func analyse() -> Part {
    Part("analyse", per: "byte", count: byteCount, byteCount: byteCount) {
      for file in files {
        keep(analyzer.terms(of: file.chunks, in: file.bytes.span, path: file.path).chunkCount)
      }
    }
  }
}
