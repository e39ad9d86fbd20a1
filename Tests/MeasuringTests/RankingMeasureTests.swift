import Cairn
import Measuring
import Testing

/// Tables computed by hand.
@Suite struct RankingMeasureTests {
  private func measure(
    _ results: [RankingMeasure.Result], _ places: [JudgedQuery.Place], _ unit: RankingMeasure.Unit
  ) -> RankingMeasure {
    RankingMeasure(of: results, places: places, by: unit)
  }
  private func ranked(_ paths: [String]) -> [RankingMeasure.Result] { paths.map { (Path($0), 1...1) } }
  private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-9 }

  private let results: [RankingMeasure.Result] = [("a", 1...5), ("b", 1...9), ("a", 6...9), ("c", 1...1)]

  @Test func `by lines a result answers one place at most, by file the first of a file counts`() {
    // Places at ranks 3 and 4: (1/log2(4) + 1/log2(5)) / (1 + 1/log2(3)).
    let places: [JudgedQuery.Place] = [.init(path: "a", lines: 7...7), .init(path: "c")]
    let byLines = measure(results, places, .lines)
    #expect(byLines.rank == 3 && isNear(byLines.reciprocalRank, 1.0 / 3))
    #expect(isNear(byLines.ndcgAt10, (0.5 + 0.43067655807339306) / 1.6309297535714573))
    #expect(byLines.recallAt1 == 0 && byLines.recallAt5 == 1 && byLines.recallAt10 == 1)
    // Files a, b, c: ranks 1 and 3, (1 + 1/log2(4)) / (1 + 1/log2(3)).
    let byFile = measure(results, places, .file)
    #expect(byFile.rank == 1 && isNear(byFile.ndcgAt10, 1.5 / 1.6309297535714573) && byFile.recallAt1 == 0.5)
    // A line that no result holds.
    let missed = measure(results, [.init(path: "a", lines: 10...12)], .lines)
    #expect(missed.rank == nil && missed.ndcgAt10 == 0 && missed.reciprocalRank == 0 && missed.recallAt10 == 0)
    // One place is not found twice.
    #expect(measure(results, [.init(path: "a")], .lines).ndcgAt10 == 1)
  }

  @Test func `a better grade gains more, and rank and recall are of the best grade`() {
    // Gains 3 for b and 1 for a and c: (1 + 3/log2(3) + 1/log2(4)) / (3 + 1/log2(3) + 1/log2(4)).
    let places: [JudgedQuery.Place] = [
      .init(path: "a"), .init(path: "b", grade: 2), .init(path: "c"), .init(path: "a", lines: 1...2),
    ]
    let found = measure(results, places, .file)
    #expect(isNear(found.ndcgAt10, (1 + 3 * 0.6309297535714575 + 0.5) / (3 + 0.6309297535714575 + 0.5)))
    #expect(found.rank == 2 && found.recallAt1 == 0 && found.recallAt5 == 1)
  }

  @Test func `of places that one result holds it answers the best`() {
    let places: [JudgedQuery.Place] = [.init(path: "a", lines: 1...9), .init(path: "a", lines: 2...3, grade: 3)]
    let found = measure([("a", 1...9)], places, .lines)
    // 7 of 7 + 1/log2(3).
    #expect(found.rank == 1 && isNear(found.ndcgAt10, 7 / 7.630929753571458))
  }

  @Test func `no more than ten are ideal, and what comes behind ten gains nothing`() {
    let places = (0..<12).map { JudgedQuery.Place(path: Path("f\($0)")) }
    let found = measure(ranked(places.map(\.path.description)), places, .file)
    #expect(isNear(found.ndcgAt10, 1) && isNear(found.recallAt10, 10.0 / 12))
    let late = measure(ranked((0..<10).map { "x\($0)" } + ["f0"]), [places[0]], .file)
    #expect(late.ndcgAt10 == 0 && late.rank == 11 && late.recallAt10 == 0)
  }

  @Test func `quality is the mean of the queries`() {
    let place = JudgedQuery.Place(path: "a")
    let first = measure(ranked(["a"]), [place], .lines)
    // Ranks 3 and 6 of two places: (1/log2(4) + 1/log2(7)) / (1 + 1/log2(3)).
    let later = measure(ranked(["x", "x", "a", "x", "x", "b"]), [place, .init(path: "b")], .lines)
    let none = measure(ranked(["x", "y"]), [place], .lines)
    let quality = RankingQuality([first, later, none])
    #expect(quality.queryCount == 3)
    #expect(isNear(quality.meanReciprocalRank, (1 + 1.0 / 3) / 3))
    #expect(isNear(quality.recallAt1, 1.0 / 3) && isNear(quality.recallAt5, 0.5) && isNear(quality.recallAt10, 2.0 / 3))
    #expect(isNear(quality.ndcgAt10, (1 + (0.5 + 0.3562071871080222) / 1.6309297535714573) / 3))
    #expect(RankingQuality([]).ndcgAt10 == 0)
  }
}
