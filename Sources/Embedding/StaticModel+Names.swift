import CKernels
package import Primitives
import Synchronization

extension StaticModel {
  /// The names of one file's chunks, in one text with those of other files.
  package struct NamesOfFile {
    package var path: FilePath
    /// Ranges of the text, one for each chunk.
    package var pieces: [Range<Int>]
    package init(path: FilePath, pieces: [Range<Int>]) {
      self.path = path
      self.pieces = pieces
    }
  }

  /// The dot products of `vector` and the vectors of all pieces, in their order: those that `embed(_:pieces:path:)` gives for each
  /// file, but for rounding in the last places. Words that several files use are looked up once, and no vector is kept.
  package func similarities(
    of files: [NamesOfFile], in text: Span<UInt8>, to vector: [Float]
  ) throws(Failure) -> [Float] {
    precondition(vector.count == identity.dimensions)
    let storage = storage
    let model = PackedModel(storage.bytes, layout: layout)
    var words = knownWords.withLock { $0.popLast() } ?? WordTable(seed: seed)
    defer { knownWords.withLock { [words] in $0.append(words) } }
    var similarities: [Float] = []
    var ofPath = [Float](repeating: 0, count: identity.dimensions)
    var sum = ofPath
    var unit = ofPath
    for file in files {
      let path = file.path.bytes.span
      words.removeWeighed()
      var scanner = WordScanner(path, in: file.path.rangeOfWords)
      while let range = scanner.next() { try words.append(Word(path, at: range), in: model) }
      for i in ofPath.indices { ofPath[i] = 0 }
      add(words.weighedRows, words.weights, to: &ofPath, model)
      for piece in file.pieces {
        words.beginPiece()
        try words.countWords(of: text, in: piece, model)
        words.weigh()
        for i in sum.indices { sum[i] = ofPath[i] }
        add(words.weighedRows, words.weights, to: &sum, model)
        unsafe ck_embed_normalise(&unit, sum, sum.count)
        similarities.append(unsafe ck_dot_f32(unit, vector, unit.count))
      }
    }
    return similarities
  }
}
