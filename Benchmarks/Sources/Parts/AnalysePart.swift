import Segments

extension PartInput {
  /// The terms of every chunk.
  func analyse() -> Part {
    Part("analyse", per: "byte", count: byteCount, byteCount: byteCount) {
      for file in files {
        for chunk in file.chunks { keep(analyzer.terms(of: chunk, in: file.bytes.span, path: file.path).length) }
      }
    }
  }
}
