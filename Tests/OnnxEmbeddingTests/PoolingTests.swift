import OnnxEmbedding
import Testing

struct PoolingTests {
  /// Three tokens of two values; a fourth is padding.
  private let values: [Float] = [1, 5, 3, 1, 8, 0, 99, 99]

  private func pool(_ mode: Pooling, count: Int = 3) -> [Float] {
    var vector: [Float] = [0, 0]
    mode.pool(values.span, base: 0, count: count, width: 2, into: &vector, at: 0)
    return vector
  }

  @Test func `Each mode is what sentence-transformers means by it`() {
    #expect(pool(.cls) == [1, 5])
    #expect(pool(.lastToken) == [8, 0])
    #expect(pool(.max) == [8, 5])
    #expect(pool(.mean) == [4, 2])
    // Weights 1, 2, 3: 31 / 6 and 7 / 6.
    #expect(pool(.weightedMean).map { Int($0 * 1000) } == [5166, 1166])
    #expect(pool(.meanSquareRootLength).map { Int($0 * 1000) } == [6928, 3464])
    #expect(Pooling.allCases.allSatisfy { pool($0, count: 1) == [1, 5] })
  }
}
