import Chunking
import Embedding

extension PartInput {
  /// The vector of every chunk, by the built-in model.
  func embed() -> Part {
    Part("embed", per: "byte", count: byteCount, byteCount: byteCount) {
      for file in files {
        keep(try model.embed(file.bytes.span, pieces: file.chunks.map(\.bytes), path: file.path).count)
      }
    }
  }
}
