import Embedding
import Primitives
import Segments

/// Embeds what the candidates are called (symbols, the names around them, path) and compares it with the question: what a
/// chunk is called says what it is for, where its text says how it does it.
enum NameVectors {
  /// Names beyond these of one chunk are not looked at.
  private static let symbolLimit = 12

  /// Fills in `nameSimilarity`: `vector` is the question's by `embedder`. One call of the embedder for each file; a few
  /// microseconds each with a static model.
  static func compare(
    _ vector: [Float], with pool: inout CandidatePool, embedder: any Embedder
  ) throws(Failure) {
    let dimensions = embedder.identity.dimensions
    guard pool.retrievers == .fused, vector.count == dimensions, vector.contains(where: { $0 != 0 }) else { return }
    var text: [UInt8] = []
    var pieces: [Range<Int>] = []
    // The candidates of a file stand one behind the other.
    var first = 0
    while first < pool.candidates.count {
      let file = pool.candidates[first].file
      var end = first
      text.removeAll(keepingCapacity: true)
      pieces.removeAll(keepingCapacity: true)
      while end < pool.candidates.count, pool.candidates[end].file == file {
        let start = text.count
        appendNames(of: pool.chunks.entries[pool.candidates[end].chunk], in: pool.chunks, to: &text)
        pieces.append(start..<text.count)
        end += 1
      }
      let vectors = try embedder.embed(text.span, pieces: pieces, path: pool.files[file].path)
      for i in first..<end {
        let start = (i - first) * dimensions
        pool.candidates[i].nameSimilarity = dotProduct(
          vectors.span.extracting(start..<(start + dimensions)), vector.span)
      }
      first = end
    }
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
