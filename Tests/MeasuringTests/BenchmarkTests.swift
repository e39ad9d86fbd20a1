import Measuring
import Testing

@Suite struct BenchmarkTests {
  @Test func `percentiles are measurements, by nearest rank`() {
    let spread = Spread(of: (1...200).map(Double.init).shuffled())
    #expect(spread.p50 == 100 && spread.p95 == 190 && spread.p99 == 198)
    #expect(spread.minimum == 1 && spread.maximum == 200 && spread.count == 200)
    let one = Spread(of: [3])
    #expect(one.p50 == 3 && one.p99 == 3 && one.minimum == 3)
    #expect(Spread(of: []).p99 == 0)
  }
}
