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
    BM25.saturated(FrequencyCode.frequency(of: code), length: Float(length), average: max(averageLength, 1))
  }

  /// How rare a term is that stands in `frequency` of `chunkCount` chunks: `ln(1 + (N - n + 0.5) / (n + 0.5))`.
  package static func inverseDocumentFrequency(_ frequency: Int, of chunkCount: Int) -> Float {
    BM25.inverseDocumentFrequency(frequency, of: Float(chunkCount))
  }
}
