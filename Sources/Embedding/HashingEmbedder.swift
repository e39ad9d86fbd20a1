package import Primitives

/// An embedder for tests: each occurrence of a word adds ±1 to a few components chosen by its hash, and so do the words
/// of the path. No model, the same answer everywhere; texts that share words are near each other, and nothing else is.
package struct HashingEmbedder: Embedder {
  package let identity: ModelIdentity

  /// - Parameter dimensions: of the vectors, at least 1.
  package init(dimensions: Int = 64) {
    precondition(dimensions > 0)
    identity = ModelIdentity(name: "hashing", contentHash: ContentHash(high: 0, low: 1), dimensions: dimensions)
  }

  package func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    var vectors: [Float] = []
    vectors.reserveCapacity(pieces.count * identity.dimensions)
    let ofPath = sum(path.bytes.span, in: path.rangeOfWords, from: [Float](repeating: 0, count: identity.dimensions))
    for piece in pieces { vectors += Self.normalised(sum(source, in: piece, from: ofPath)) }
    return vectors
  }

  package func embed(query: String) throws(Failure) -> [Float] {
    let bytes = Array(query.utf8)
    let zero = [Float](repeating: 0, count: identity.dimensions)
    return Self.normalised(sum(bytes.span, in: bytes.indices, from: zero))
  }

  private func sum(_ text: Span<UInt8>, in range: Range<Int>, from start: [Float]) -> [Float] {
    var sum = start
    var scanner = WordScanner(text, in: range)
    while let range = scanner.next() {
      var random = SeededRandom(seed: Word(text, at: range).hash(seed: 0x5EED))
      for _ in 0..<4 {
        let bits = random.next()
        sum[Int(bits >> 1 % UInt64(sum.count))] += bits & 1 == 0 ? 1 : -1
      }
    }
    return sum
  }

  /// Whole numbers are added up exactly, so that their order does not matter.
  private static func normalised(_ sum: [Float]) -> [Float] {
    let square = sum.reduce(0.0) { $0 + Double($1) * Double($1) }
    let factor = square > 0 ? Float(1 / square.squareRoot()) : 0
    return sum.map { $0 * factor }
  }
}
