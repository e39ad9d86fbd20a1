/// The scoring of terms: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over weighted
/// term frequencies, which makes it BM25F with the fields' weights put in when a chunk is analysed
/// (`AnalyzerWeights`).
///
/// Scores are sums of whole numbers, so that they do not depend on the order in which clauses are added up: fast and
/// slow evaluation, and a chunk scored in whichever segment, agree bit for bit.
package struct BM25: Sendable {
  /// How soon repetitions of a term stop counting.
  static let k1: Float = 1.2
  /// How strongly scores are normalised by length: 0 not at all, 1 fully.
  static let b: Float = 0.75

  /// The largest sum that any chunk can reach, in units of `unit`: every whole number up to it is a `Float`, so that
  /// different sums are different scores.
  private static let range = Float(sign: .plus, exponent: 24, significand: 1)

  /// The lengths that codes stand for.
  private static let lengths = (0..<256).map { Float(LengthCode.length(of: UInt8($0))) }

  /// What each clause multiplies the saturation with, in units; 0 for a clause that cannot count.
  let weights: [Float]
  /// What a whole number stands for.
  let unit: Float
  /// The saturated frequency, `tf (k1 + 1) / (tf + k1 (1 - b + b length / average))`: by frequency code x 256 + length
  /// code.
  let saturation: [Float]

  /// A clause whose weight is not a positive number, or whose term occurs nowhere, adds nothing.
  package init(_ query: LexicalQuery, statistics: CollectionStatistics) {
    let chunkCount = Float(max(statistics.chunkCount, 1))
    let average = max(Float(statistics.totalLength) / chunkCount, 1)
    let lengths = Self.lengths
    var saturation = [Float](repeating: 0, count: FrequencyCode.count * 256)
    for code in 0..<FrequencyCode.count {
      let frequency = FrequencyCode.frequency(of: UInt8(code))
      for i in 0..<256 {
        saturation[code << 8 | i] = Self.saturated(frequency, length: lengths[i], average: average)
      }
    }
    let real = query.clauses.enumerated().map { i, clause -> Float in
      let documentFrequency = i < statistics.documentFrequencies.count ? statistics.documentFrequencies[i] : 0
      guard clause.weight > 0, clause.weight.isFinite, documentFrequency > 0 else { return 0 }
      return clause.weight * Self.inverseDocumentFrequency(documentFrequency, of: chunkCount)
    }
    // A saturated frequency is below k1 + 1.
    let largest = real.reduce(0, +) * (Self.k1 + 1)
    let isUsable = largest > 0 && largest.isFinite
    // A power of two, so that scaling rounds nothing.
    let exponent = isUsable ? (Self.range / largest).exponent : 0
    let scale = Float(sign: .plus, exponent: max(-100, min(100, Int(exponent))), significand: 1)
    weights = isUsable ? real.map { $0 * scale } : real.map { _ in 0 }
    unit = 1 / scale
    self.saturation = saturation
  }

  /// `tf (k1 + 1) / (tf + k1 (1 - b + b length / average))`.
  static func saturated(_ frequency: UInt8, length: Float, average: Float) -> Float {
    let frequency = Float(frequency)
    return frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * length / average))
  }

  /// `ln(1 + (N - n + 0.5) / (n + 0.5))`: never negative.
  static func inverseDocumentFrequency(_ documentFrequency: Int, of chunkCount: Float) -> Float {
    let n = min(Float(documentFrequency), chunkCount)
    return naturalLogarithm(1 + (chunkCount - n + 0.5) / (n + 0.5))
  }

  /// What a posting adds, in units: as `PostingKernels.addScores` computes it.
  @inline(__always)
  func units(_ code: UInt8, _ length: UInt8, _ weight: Float) -> UInt32 {
    UInt32(saturation[Int(code & FrequencyCode.mask) << 8 | Int(length)] * weight)
  }

  /// The score of a sum of units.
  func score(_ sum: UInt32) -> Float { Float(sum) * unit }
}

/// The natural logarithm of a number of at least 1, to 7 digits, from additions, multiplications and divisions alone:
/// the same on every machine, whatever its C library.
func naturalLogarithm(_ number: Float) -> Float {
  let x = Double(max(number, 1))
  let exponent = Double(x.exponent)
  // ln m = 2 atanh((m - 1) / (m + 1)) for the significand m in 1..<2, where the argument is below 1/3.
  let z = (x.significand - 1) / (x.significand + 1)
  var sum = 0.0
  var power = z
  for k in 0..<16 {
    sum += power / Double(2 * k + 1)
    power *= z * z
  }
  return Float(2 * sum + exponent * 0.693147180559945309)
}

/// What BM25 must know of the whole corpus, so that a chunk scores the same in whichever segment it lies. Live chunks
/// alone count, so that it scores the same whatever was indexed before.
package struct CollectionStatistics: Hashable, Sendable {
  package var chunkCount: Int
  /// The sum of the chunks' lengths in terms.
  package var totalLength: Int
  /// For each clause of the query, the number of chunks that hold its term.
  package var documentFrequencies: [Int]
  package init(chunkCount: Int, totalLength: Int, documentFrequencies: [Int]) {
    self.chunkCount = chunkCount
    self.totalLength = totalLength
    self.documentFrequencies = documentFrequencies
  }
}

/// A weighted term frequency in 2 bits. BM25 saturates: a chunk that says a word five times is hardly less about it
/// than one that says it eight times.
enum FrequencyCode {
  /// The least frequency of each step, and what stands for all of the step.
  private static let least: InlineArray<4, UInt8> = [1, 2, 4, 9]
  private static let typical: InlineArray<4, UInt8> = [1, 2, 5, 14]
  static let count = 4
  /// The bits of a code.
  static let mask: UInt8 = 3

  /// The code of the step that `frequency`, which is at least 1, falls in.
  static func code(of frequency: UInt8) -> UInt8 {
    frequency < least[1] ? 0 : frequency < least[2] ? 1 : frequency < least[3] ? 2 : 3
  }
  static func frequency(of code: UInt8) -> UInt8 { typical[Int(code & mask)] }
}

/// The length of a chunk in 8 bits: exact below 32, then 16 steps for each doubling (at most 6 % off).
package enum LengthCode {
  package static func code(of length: Int) -> UInt8 {
    if length < 32 { return UInt8(max(0, length)) }
    let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount - 4
    let code = 32 + (exponent - 1) * 16 + (length >> exponent) - 16
    return UInt8(min(code, 255))
  }

  /// What no length exceeds that stands for a code.
  static let longest = length(of: 255)

  /// The smallest length with this code.
  package static func length(of code: UInt8) -> Int {
    if code < 32 { return Int(code) }
    let exponent = (Int(code) - 32) / 16 + 1
    return (16 + (Int(code) - 32) % 16) << exponent
  }
}
