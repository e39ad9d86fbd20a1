import Embedding
import Primitives
import Segments

/// Embeds what the candidates are called (symbols, the names around them, path) and compares it with the query: what a
/// chunk is called says what it is for, where its text says how it does it.
enum NameVectors {
  /// Fills in `nameSimilarity`: `vector` is the query's by `embedder`. A microsecond for each candidate with a static
  /// model; one call for each file with any other.
  static func compare(
    _ vector: [Float], with pool: inout CandidatePool, embedder: any Embedder
  ) throws(Failure) {
    let dimensions = embedder.identity.dimensions
    guard vector.count == dimensions, vector.contains(where: { $0 != 0 }) else { return }
    var names = PieceGroups()
    names.ends.reserveCapacity(pool.candidates.count)
    names.groups.reserveCapacity(pool.files.count)
    // The candidates of a file are contiguous.
    for (i, candidate) in pool.candidates.enumerated() {
      if i == 0 || candidate.file != pool.candidates[i - 1].file {
        names.groups.append((pool.files[candidate.file].path, i))
      }
      appendNames(
        of: pool.chunks.entries[candidate.chunk], in: pool.chunks, limit: pool.ranking.weights.namedSymbolCount,
        to: &names.text
      )
      names.ends.append(names.text.count)
      names.groups[names.groups.count - 1].pieceEnd = i + 1
    }
    let similarities = try embedder.similarities(of: names, to: vector)
    for i in pool.candidates.indices { pool.candidates[i].nameSimilarity = similarities[i] }
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
