package import Primitives
import Synchronization

extension StaticModel {
  /// Words that several groups use are looked up once, and no vector is kept. A microsecond a piece.
  package func similarities(of pieces: PieceGroups, to vector: [Float]) throws(Failure) -> [Float] {
    precondition(vector.count == identity.dimensions)
    let storage = storage
    let model = PackedModel(storage.bytes, layout: layout)
    var words = knownWords.withLock { $0.popLast() } ?? WordTable(seed: seed)
    defer {
      words.shrink()
      knownWords.withLock { [words] in $0.append(words) }
    }
    var similarities: [Float] = []
    similarities.reserveCapacity(pieces.ends.count)
    var ofPath = [Float](repeating: 0, count: identity.dimensions)
    words.beginPieces()
    for group in pieces.groups {
      let path = group.path.bytes.span
      words.removeWeighed()
      var scanner = WordScanner(path, in: group.path.rangeOfWords)
      while let range = scanner.next() { try words.append(Word(path, at: range), in: model) }
      for i in ofPath.indices { ofPath[i] = 0 }
      add(words.weighedRows, words.weights, to: &ofPath, model)
      while similarities.count < group.pieceEnd {
        words.beginPiece()
        try words.countWords(of: pieces.text.span, upTo: pieces.ends[similarities.count], model)
        words.weigh()
        similarities.append(similarity(of: words, from: ofPath, to: vector, model))
      }
    }
    try storage.checkWhole()
    return similarities
  }
}
