import Chunking
import Embedding
import Primitives
import Segments

/// Embeds what the candidates are called (symbols, the names around them, path) and compares it with the question: what a
/// chunk is called says what it is for, where its text says how it does it.
enum NameVectors {
  /// Names beyond these of one chunk are not looked at.
  private static let symbolLimit = 12

  /// Fills in `nameSimilarity`. One call of the embedder for each file; a few microseconds each with a static model.
  static func compare(
    _ vector: [Float], with pool: inout CandidatePool, embedder: any Embedder
  ) throws(Failure) {
    let dimensions = embedder.identity.dimensions
    guard pool.retrievers == .fused, vector.count == dimensions, vector.contains(where: { $0 != 0 }) else { return }
    var members = [[Int]](repeating: [], count: pool.files.count)
    for i in pool.candidates.indices { members[pool.candidates[i].file].append(i) }
    for (file, candidates) in members.enumerated() {
      var text: [UInt8] = []
      var pieces: [Range<Int>] = []
      for i in candidates {
        let start = text.count
        let chunk = pool.candidates[i].stored.chunk
        if let context = chunk.context { text += Array(context.qualifiedName.utf8) + [UInt8(ascii: " ")] }
        for symbol in chunk.symbols.prefix(symbolLimit) {
          text += Array(symbol.qualifiedName.utf8)
          text.append(UInt8(ascii: " "))
        }
        pieces.append(start..<text.count)
      }
      let vectors = try embedder.embed(text.span, pieces: pieces, path: pool.files[file].path)
      for (k, i) in candidates.enumerated() {
        var sum: Float = 0
        for d in 0..<dimensions { sum += vectors[k * dimensions + d] * vector[d] }
        pool.candidates[i].nameSimilarity = sum
      }
    }
  }
}
