/// How often-repeated measurements are spread: the middle, the slow ends, the extremes.
///
///     print(Spread(of: seconds).p95)
package struct Spread: Hashable, Sendable {
  /// Half of the measurements are at most this; 95 and 99 in a hundred are at most the other two. Each is one of the
  /// measurements (nearest rank), so that none is an interpolation. 0 if there are none.
  package let p50: Double
  package let p95: Double
  package let p99: Double
  package let minimum: Double
  package let maximum: Double
  /// How many measurements there are.
  package let count: Int

  package init(of measurements: [Double]) {
    let sorted = measurements.sorted()
    func rank(_ share: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
    }
    p50 = rank(0.5)
    p95 = rank(0.95)
    p99 = rank(0.99)
    minimum = sorted.first ?? 0
    maximum = sorted.last ?? 0
    count = sorted.count
  }
}
