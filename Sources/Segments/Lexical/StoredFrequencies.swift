/// What the codes of a chunk's stored terms say of BM25, for an engine that keeps postings elsewhere than in a segment.
package enum StoredFrequencies {
  /// The length in words that a code (`LengthCode`) stands for.
  package static func length(ofCode code: UInt8) -> Int { LengthCode.length(of: code) }

  /// What a term adds to a chunk's score before the weight of its clause and its rarity: the saturated frequency of
  /// `BM25`.
  ///
  /// - Parameters:
  ///   - code: of the frequency (`FrequencyCode`).
  ///   - averageLength: of a chunk of the collection, in words.
  package static func saturation(ofCode code: UInt8, length: Int, averageLength: Float) -> Float {
    let frequency = Float(FrequencyCode.frequency(of: code))
    let norm = BM25.k1 * (1 - BM25.b + BM25.b * Float(length) / max(averageLength, 1))
    return frequency * (BM25.k1 + 1) / (frequency + norm)
  }

  /// How rare a term is that stands in `frequency` of `chunkCount` chunks: `ln(1 + (N - n + 0.5) / (n + 0.5))`.
  package static func inverseDocumentFrequency(_ frequency: Int, of chunkCount: Int) -> Float {
    let (n, count) = (Float(min(frequency, chunkCount)), Float(chunkCount))
    return naturalLogarithm(1 + (count - n + 0.5) / (n + 0.5))
  }
}
