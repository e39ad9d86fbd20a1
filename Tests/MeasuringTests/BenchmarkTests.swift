import Cairn
import Measuring
import Primitives
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

  @Test func `questions on several lines have several answers`() throws {
    let text = "# comment\n\nfirst thing\ta/b.c:12\r\nsecond\tnotes:x.md\nfirst thing\tc.py\n"
    let questions = try BenchmarkQuestion.parse(Array(text.utf8), of: "q.tsv")
    #expect(questions.map(\.text) == ["first thing", "second"])
    #expect(questions[0].expected == [.init(path: "a/b.c", line: 12), .init(path: "c.py")])
    #expect(questions[1].expected == [.init(path: "notes:x.md")])
  }

  @Test(arguments: ["no tab", "\tpath", "question\t", ""])
  func `what is no question is refused`(_ text: String) {
    #expect(throws: CairnError.self) { try BenchmarkQuestion.parse(Array(text.utf8), of: "q.tsv") }
  }

  @Test func `quality is that of the definitions`() {
    let place = BenchmarkQuestion.Place.init(path:line:)
    let results: [(path: Path, lines: ClosedRange<Int>)] = [("a", 1...5), ("b", 1...9), ("a", 6...9), ("c", 1...1)]
    #expect(RankingQuality.ranks(of: [place("a", 7), place("c", nil)], in: results) == [3, 4])
    #expect(RankingQuality.ranks(of: [place("a", nil)], in: results) == [1])
    #expect(RankingQuality.ranks(of: [place("a", 10)], in: results) == [])

    let quality = RankingQuality([(ranks: [1], expected: 1), (ranks: [3, 6], expected: 2), (ranks: [], expected: 1)])
    #expect(quality.questionCount == 3)
    #expect(abs(quality.meanReciprocalRank - (1 + 1.0 / 3) / 3) < 1e-12)
    #expect(quality.recallAt1 == 1.0 / 3 && quality.recallAt5 == 0.5 && abs(quality.recallAt10 - 2.0 / 3) < 1e-12)
    // 1/log2(4) + 1/log2(7) over 1 + 1/log2(3).
    #expect(abs(quality.ndcgAt10 - (1 + (0.5 + 0.3562071871) / 1.6309297536) / 3) < 1e-9)
  }
}
