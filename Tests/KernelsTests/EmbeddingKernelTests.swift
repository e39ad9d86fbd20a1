import CKernels
import Primitives
import Testing

/// The kernels of the static embedding against their scalar twin.
@Suite struct EmbeddingKernelTests {
  @Test(arguments: [CK_EMBED_BASELINE, CK_EMBED_AVX2, CK_EMBED_AVX512])
  func `every variant adds rows to the same bits as the scalar one`(variant: ck_embed_variant) {
    guard ck_embed_supports(variant) else { return }
    var random = SeededRandom(seed: 6)
    for dimensions in [64, 128, 192, 256, 320, 1024] {
      for count in [0, 1, 2, 5, 6, 7, 31, 200] {
        let stride = dimensions + 64 * Int.random(in: 0...2, using: &random)
        let rows = (0..<(50 * stride)).map { _ in Int8.random(in: .min ... .max, using: &random) }
        let numbers = (0..<count).map { _ in UInt32.random(in: 0..<50, using: &random) }
        let weights = (0..<count).map { _ in Float.random(in: -0.07...0.07, using: &random) }
        let start = (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) }
        var fast = start
        var slow = start
        unsafe ck_embed_accumulate(variant, &fast, dimensions, rows, stride, numbers, weights, count)
        unsafe ck_embed_accumulate(CK_EMBED_SCALAR, &slow, dimensions, rows, stride, numbers, weights, count)
        #expect(fast.map(\.bitPattern) == slow.map(\.bitPattern), "\(dimensions) components, \(count) rows")
      }
    }
  }

  @Test(arguments: [CK_EMBED_BASELINE, CK_EMBED_AVX2, CK_EMBED_AVX512])
  func `every variant compares a sum to the same bits as the scalar one, and as its vector does`(
    variant: ck_embed_variant
  ) {
    guard ck_embed_supports(variant) else { return }
    var random = SeededRandom(seed: 61)
    for dimensions in [64, 128, 192, 256] {
      for count in [0, 1, 2, 7, 40] {
        let rows = (0..<(50 * dimensions)).map { _ in Int8.random(in: .min ... .max, using: &random) }
        let numbers = (0..<count).map { _ in UInt32.random(in: 0..<50, using: &random) }
        let weights = (0..<count).map { _ in Float.random(in: -0.07...0.07, using: &random) }
        let start = (0..<dimensions).map { _ in count == 0 ? 0 : Float.random(in: -1...1, using: &random) }
        let query = (0..<dimensions).map { _ in Float.random(in: -0.1...0.1, using: &random) }
        let fast = unsafe ck_embed_similarity(
          variant, start, dimensions, rows, dimensions, numbers, weights, count, query)
        let slow = unsafe ck_embed_similarity(
          CK_EMBED_SCALAR, start, dimensions, rows, dimensions, numbers, weights, count, query)
        #expect(fast.bitPattern == slow.bitPattern, "\(dimensions) components, \(count) rows")
        var sum = start
        unsafe ck_embed_accumulate(CK_EMBED_SCALAR, &sum, dimensions, rows, dimensions, numbers, weights, count)
        let length = sum.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let dot = zip(sum, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(Double(slow) - (length > 0 ? dot / length : 0)) < 1e-5)
      }
    }
  }

  @Test func `words begin and end where the scalar twin says, at every count`() {
    var random = SeededRandom(seed: 32)
    let alphabet = Array("abYZ09_ /:@[`{".utf8) + [0, 0x7F, 0x80, 0xC3, 0xFF]
    for count in Array(0..<140) + [2048] {
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
      var (starts, ends) = ([UInt32](repeating: 7, count: count), [UInt32](repeating: 7, count: count))
      var (slowStarts, slowEnds) = (starts, ends)
      let n = unsafe ck_embed_words(bytes, count, &starts, &ends)
      let m = unsafe ck_embed_words_scalar(bytes, count, &slowStarts, &slowEnds)
      #expect(n == m && starts[..<n] == slowStarts[..<m] && ends[..<n] == slowEnds[..<m])
    }
  }

  @Test func `the widest variant is one that the processor has`() { #expect(ck_embed_supports(ck_embed_widest())) }

  @Test func `a normalised sum has length one, and zeros stay zeros`() {
    var random = SeededRandom(seed: 7)
    for scale in [Float(1e-6), 1, 1e6] {
      let sum = (0..<256).map { _ in Float.random(in: -scale...scale, using: &random) }
      var unit = [Float](repeating: 9, count: 256)
      unsafe ck_embed_normalise(&unit, sum, 256)
      let length = sum.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(zip(unit, sum).allSatisfy { abs(Double($0) - Double($1) / length) < 1e-7 })
    }
    var unit = [Float](repeating: 9, count: 64)
    unsafe ck_embed_normalise(&unit, [Float](repeating: 0, count: 64), 64)
    #expect(unit.allSatisfy { $0 == 0 })
  }
}
