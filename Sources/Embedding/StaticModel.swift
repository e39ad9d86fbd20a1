import Disk
import Kernels
package import Primitives
import Synchronization

/// A static embedding: the vector of a text is a weighted sum of rows of a table. `Models/README.md` has the rules.
///
/// A vector depends on the model, the text and the path alone, to the last bit: it is summed in one order (the path's
/// words as they come, then the text's distinct words in order of first occurrence, each with its pieces from the
/// left), in single precision without fused operations, and its length is taken in double precision. Neither the
/// processor nor the number of threads changes it. Opening costs a few microseconds, whatever the size of the table.
/// Thread-safe: each call has its own working memory, and what is kept of words between calls (`knownWords`) changes no
/// answer.
package final class StaticModel: Embedder {
  package let identity: ModelIdentity
  let storage: ModelBytes
  let layout: PackedModelLayout
  /// For the hash of words; no vector depends on it.
  let seed = UInt64.random(in: .min ... .max)
  private let rowSum = RowSum()
  /// Words that were looked up, for the calls after: texts of one corpus repeat their words. There are never more
  /// tables than threads that worked at once.
  let knownWords = Mutex<[WordTable]>([])

  /// The model that is part of the program.
  ///
  /// - Parameter dimensions: 64 or 128 for vectors that are cut to so many components; nil for all of them.
  package static func builtIn(dimensions: Int? = nil) throws(Failure) -> StaticModel {
    try StaticModel(.builtIn, dimensions: dimensions)
  }

  /// A model in a file of its own, as `Models/pack` writes it. The file must not be changed in place while it is in
  /// use.
  ///
  /// Throws `.wrongFormat` for a file that is something else, `.unsupportedVersion` for a format of another time,
  /// `.damaged` for one that is cut off, `.invalidArgument` for dimensions the model does not have. The checksum is not
  /// looked at: `verify` does that.
  package convenience init(opening path: FilePath, dimensions: Int? = nil) throws(Failure) {
    do {
      try self.init(.file(MappedFile(path)), dimensions: dimensions)
    } catch {
      var failure = error
      failure.path = path
      throw failure
    }
  }

  private init(_ storage: ModelBytes, dimensions: Int?) throws(Failure) {
    self.storage = storage
    layout = try PackedModelLayout(of: storage.bytes)
    let kept = dimensions ?? layout.dimensions
    guard kept == layout.dimensions || (kept < layout.dimensions && (kept == 64 || kept == 128)) else {
      throw Failure(
        .invalidArgument, "the model has \(layout.dimensions) dimensions and can be cut to 128 or 64, not to \(kept)")
    }
    identity = ModelIdentity(
      name: kept == layout.dimensions ? layout.name : "\(layout.name)/\(kept)", contentHash: layout.contentHash,
      dimensions: kept)
  }

  /// Reads the whole model and throws `.damaged` where its checksum is not the one it was packed with.
  package func verify() throws(Failure) {
    let storage = storage
    let bytes = storage.bytes
    guard checksum(bytes.extracting(PackedModelLayout.checkedFrom...)) == layout.checksum else {
      throw Failure(.damaged, "the model is not as it was packed: its checksum differs; copy it again")
    }
  }

  /// - Parameters:
  ///   - pieces: ranges inside `source`; they may overlap. Words do not reach over their ends.
  package func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    let storage = storage
    let model = PackedModel(storage.bytes, layout: layout)
    let ofPath = try sum(path.bytes.span, in: path.rangeOfWords, model) { row in model.documentScale(row) }
    var words = knownWords.withLock { $0.popLast() } ?? WordTable(seed: seed)
    defer {
      words.shrink()
      knownWords.withLock { [words] in $0.append(words) }
    }
    var sum = ofPath
    var vectors = [Float](repeating: 0, count: pieces.count * identity.dimensions)
    for (number, piece) in pieces.enumerated() {
      words.beginPiece()
      try words.countWords(of: source, in: piece, model)
      words.weigh()
      for i in sum.indices { sum[i] = ofPath[i] }
      add(words.weighedRows, words.weights, to: &sum, model)
      rowSum.normalise(sum, to: &vectors, at: number * identity.dimensions)
    }
    try storage.checkWhole()
    return vectors
  }

  package func embed(query: String) throws(Failure) -> [Float] {
    let storage = storage
    let model = PackedModel(storage.bytes, layout: layout)
    let bytes = Array(query.utf8)
    let sum = try sum(bytes.span, in: bytes.indices, model) { row in model.queryScale(row) }
    var vector = [Float](repeating: 0, count: identity.dimensions)
    rowSum.normalise(sum, to: &vector, at: 0)
    try storage.checkWhole()
    return vector
  }

  /// The pieces of the vocabulary that a text is seen as, in order; `##` begins those that continue a word. For
  /// explanations and tests.
  package func pieces(of text: Span<UInt8>) throws(Failure) -> [String] {
    let storage = storage
    let model = PackedModel(storage.bytes, layout: layout)
    var pieces: [String] = []
    var scanner = WordScanner(text, in: text.indices)
    while let range = scanner.next() {
      let word = Word(text, at: range)
      try model.forEachPiece(of: word) { _, range in
        let bytes = (range.lowerBound == 0 ? [] : Array("##".utf8)) + range.map { word[$0] }
        pieces.append(String(decoding: bytes, as: UTF8.self))
      }
    }
    return pieces
  }

  /// The sum over every occurrence of a word, not over distinct words.
  private func sum(
    _ text: Span<UInt8>, in range: Range<Int>, _ model: borrowing PackedModel, weight: (_ row: Int) -> Float
  ) throws(Failure) -> [Float] {
    var sum = [Float](repeating: 0, count: identity.dimensions)
    var rows: [UInt32] = []
    var weights: [Float] = []
    var scanner = WordScanner(text, in: range)
    while let range = scanner.next() {
      try model.forEachPiece(of: Word(text, at: range)) { row, _ in
        rows.append(UInt32(row))
        weights.append(weight(row))
      }
      // In portions, so that a long text needs no memory of its length.
      if rows.count >= 512 {
        add(rows, weights, to: &sum, model)
        rows.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
      }
    }
    add(rows, weights, to: &sum, model)
    return sum
  }

  /// Adds rows, each times its weight, to `sum`. The numbers are rows of the model: `forEachPiece` has checked them.
  @inline(__always)
  func add(_ numbers: [UInt32], _ weights: [Float], to sum: inout [Float], _ model: borrowing PackedModel) {
    rowSum.add(numbers, weights, of: model.rows, stride: model.stride, to: &sum)
  }

  /// The dot product of `vector` and the unit vector of `start` with the weighed rows of `words`.
  @inline(__always)
  func similarity(
    of words: borrowing WordTable, from start: [Float], to vector: [Float], _ model: borrowing PackedModel
  ) -> Float {
    rowSum.similarity(
      words.weighedRows, words.weights, of: model.rows, stride: model.stride, from: start, to: vector)
  }
}
