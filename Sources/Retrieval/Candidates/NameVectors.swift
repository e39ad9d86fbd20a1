import Embedding
import Primitives
import Segments

/// Embeds what the candidates are called (symbols, the names around them, path) and compares it with the query: what a
/// chunk is called says what it is for, where its text says how it does it.
enum NameVectors {
  /// Fills in `nameSimilarity`: `vector` is the query's by `embedder`. A microsecond for each candidate with a static model; one
  /// call for each file with any other.
  static func compare(
    _ vector: [Float], with pool: inout CandidatePool, embedder: any Embedder
  ) throws(Failure) {
    let dimensions = embedder.identity.dimensions
    guard vector.count == dimensions, vector.contains(where: { $0 != 0 }) else { return }
    var names = StaticModel.Names()
    names.ends.reserveCapacity(pool.candidates.count)
    names.files.reserveCapacity(pool.files.count)
    // The candidates of a file stand one behind the other.
    for (i, candidate) in pool.candidates.enumerated() {
      if i == 0 || candidate.file != pool.candidates[i - 1].file {
        names.files.append((pool.files[candidate.file].path, i))
      }
      appendNames(
        of: pool.chunks.entries[candidate.chunk], in: pool.chunks, limit: pool.weights.namedSymbolCount, to: &names.text
      )
      names.ends.append(names.text.count)
      names.files[names.files.count - 1].chunkEnd = i + 1
    }
    let similarities: [Float]
    if let model = embedder as? StaticModel {
      similarities = try model.similarities(of: names, to: vector)
    } else {
      similarities = try self.similarities(of: names, to: vector, embedder: embedder)
    }
    for i in pool.candidates.indices { pool.candidates[i].nameSimilarity = similarities[i] }
  }

  private static func similarities(
    of names: StaticModel.Names, to vector: [Float], embedder: any Embedder
  ) throws(Failure) -> [Float] {
    var similarities: [Float] = []
    for file in names.files {
      let pieces = (similarities.count..<file.chunkEnd).map { ($0 == 0 ? 0 : names.ends[$0 - 1])..<names.ends[$0] }
      let vectors = try embedder.embed(names.text.span, pieces: pieces, path: file.path)
      for k in pieces.indices {
        let piece = vectors.span.extracting(k * vector.count..<(k + 1) * vector.count)
        similarities.append(dotProduct(piece, vector.span))
      }
    }
    return similarities
  }

  /// The names of a chunk, the first `limit`, each followed by a space.
  private static func appendNames(
    of entry: ChunkList.Entry, in chunks: borrowing ChunkList, limit: Int, to text: inout [UInt8]
  ) {
    if let context = entry.context {
      chunks.appendQualifiedName(of: context, to: &text)
      text.append(UInt8(ascii: " "))
    }
    for symbol in entry.symbols.prefix(limit) {
      chunks.appendQualifiedName(of: symbol, to: &text)
      text.append(UInt8(ascii: " "))
    }
  }
}
