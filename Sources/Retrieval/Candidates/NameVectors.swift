import Embedding
import Primitives
import Segments

/// Embeds what the candidates are called (symbols, the names around them, path) and compares it with the question: what a
/// chunk is called says what it is for, where its text says how it does it.
enum NameVectors {
  /// Names beyond these of one chunk are not looked at.
  private static let symbolLimit = 12

  /// Fills in `nameSimilarity`: `vector` is the question's by `embedder`. A microsecond for each candidate with a static model; one
  /// call for each file with any other.
  static func compare(
    _ vector: [Float], with pool: inout CandidatePool, embedder: any Embedder
  ) throws(Failure) {
    let dimensions = embedder.identity.dimensions
    guard vector.count == dimensions, vector.contains(where: { $0 != 0 }) else { return }
    var text: [UInt8] = []
    var files: [StaticModel.NamesOfFile] = []
    // The candidates of a file stand one behind the other.
    for (i, candidate) in pool.candidates.enumerated() {
      if i == 0 || candidate.file != pool.candidates[i - 1].file {
        files.append(StaticModel.NamesOfFile(path: pool.files[candidate.file].path, pieces: []))
      }
      let start = text.count
      appendNames(of: pool.chunks.entries[candidate.chunk], in: pool.chunks, to: &text)
      files[files.count - 1].pieces.append(start..<text.count)
    }
    let similarities: [Float]
    if let model = embedder as? StaticModel {
      similarities = try model.similarities(of: files, in: text.span, to: vector)
    } else {
      similarities = try self.similarities(of: files, in: text.span, to: vector, embedder: embedder)
    }
    for i in pool.candidates.indices { pool.candidates[i].nameSimilarity = similarities[i] }
  }

  private static func similarities(
    of files: [StaticModel.NamesOfFile], in text: Span<UInt8>, to vector: [Float], embedder: any Embedder
  ) throws(Failure) -> [Float] {
    var similarities: [Float] = []
    for file in files {
      let vectors = try embedder.embed(text, pieces: file.pieces, path: file.path)
      for k in file.pieces.indices {
        let piece = vectors.span.extracting(k * vector.count..<(k + 1) * vector.count)
        similarities.append(dotProduct(piece, vector.span))
      }
    }
    return similarities
  }

  /// The names of a chunk, each followed by a space.
  private static func appendNames(of entry: ChunkList.Entry, in chunks: borrowing ChunkList, to text: inout [UInt8]) {
    if let context = entry.context {
      chunks.appendQualifiedName(of: context, to: &text)
      text.append(UInt8(ascii: " "))
    }
    for symbol in entry.symbols.prefix(symbolLimit) {
      chunks.appendQualifiedName(of: symbol, to: &text)
      text.append(UInt8(ascii: " "))
    }
  }
}
