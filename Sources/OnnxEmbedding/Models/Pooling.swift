/// How the vectors of a text's tokens become one: as `1_Pooling/config.json` of sentence-transformers says. Several
/// modes concatenate their vectors.
package enum Pooling: String, CaseIterable, Hashable, Sendable {
  // In the order in which several are put together.
  case cls, max, mean
  case meanSquareRootLength = "mean_sqrt_len_tokens"
  case weightedMean = "weightedmean"
  case lastToken = "lasttoken"

  /// Writes the vector of one text to `vector`, from `start` on.
  ///
  /// - Parameters:
  ///   - tokens: the vectors of its tokens, contiguous, `width` each, at `base` of `values`.
  ///   - count: the tokens that count, at least 1; padding stands behind them.
  package func pool(
    _ values: Span<Float>, base: Int, count: Int, width: Int, into vector: inout [Float], at start: Int
  ) {
    switch self {
    case .cls:
      for i in 0..<width { vector[start + i] = values[base + i] }
    case .lastToken:
      for i in 0..<width { vector[start + i] = values[base + (count - 1) * width + i] }
    case .max:
      for i in 0..<width { vector[start + i] = values[base + i] }
      for token in 1..<Swift.max(1, count) {
        for i in 0..<width { vector[start + i] = Swift.max(vector[start + i], values[base + token * width + i]) }
      }
    case .mean, .meanSquareRootLength, .weightedMean:
      var total: Float = 0
      for token in 0..<count {
        let weight: Float = self == .weightedMean ? Float(token + 1) : 1
        total += weight
        for i in 0..<width { vector[start + i] += weight * values[base + token * width + i] }
      }
      let factor = 1 / (self == .meanSquareRootLength ? total.squareRoot() : total)
      for i in 0..<width { vector[start + i] *= factor }
    }
  }
}
