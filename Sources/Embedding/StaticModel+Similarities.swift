package import Primitives
import Synchronization

extension StaticModel {
  /// What some chunks are called, in one text.
  package struct Names {
    /// The names of the chunks, contiguous. Those of a chunk end with a byte that is of no word.
    package var text: [UInt8] = []
    /// Where in the text the names of each chunk end.
    package var ends: [Int] = []
    /// The files of the chunks, in their order, and the number of chunks up to the end of each.
    package var files: [(path: FilePath, chunkEnd: Int)] = []
    package init() {}
  }

  /// The dot products of `vector` and the vectors of all chunks' names, in their order: those that
  /// `embed(_:pieces:path:)` gives for each file, but for rounding in the last places. Words that several files use are
  /// looked up once, and no vector is kept.
  package func similarities(of names: Names, to vector: [Float]) throws(Failure) -> [Float] {
    precondition(vector.count == identity.dimensions)
    let storage = storage
    let model = PackedModel(storage.bytes, layout: layout)
    var words = knownWords.withLock { $0.popLast() } ?? WordTable(seed: seed)
    defer {
      words.shrink()
      knownWords.withLock { [words] in $0.append(words) }
    }
    var similarities: [Float] = []
    similarities.reserveCapacity(names.ends.count)
    var ofPath = [Float](repeating: 0, count: identity.dimensions)
    words.beginPieces()
    for file in names.files {
      let path = file.path.bytes.span
      words.removeWeighed()
      var scanner = WordScanner(path, in: file.path.rangeOfWords)
      while let range = scanner.next() { try words.append(Word(path, at: range), in: model) }
      for i in ofPath.indices { ofPath[i] = 0 }
      add(words.weighedRows, words.weights, to: &ofPath, model)
      while similarities.count < file.chunkEnd {
        words.beginPiece()
        try words.countWords(of: names.text.span, upTo: names.ends[similarities.count], model)
        words.weigh()
        similarities.append(similarity(of: words, from: ofPath, to: vector, model))
      }
    }
    try storage.checkWhole()
    return similarities
  }
}
