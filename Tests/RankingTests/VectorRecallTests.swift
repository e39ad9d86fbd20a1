import Disk
import Embedding
import Foundation
import IndexStorage
import Indexing
import Primitives
import Segments
import Testing

/// How much of what an exhaustive scan finds is found when sign bits choose candidates first (recall), on the vectors
/// of real code and for the queries of the ranking test. `CAIRN_RECALL_INDEX` names the directory of another index to
/// look at, such as a large one.
@Suite struct VectorRecallTests {
  @Test func `signs choose nearly all of the best of a real corpus`() async throws {
    let corpus = try await RankingCorpora.shared.corpus("python")
    let recall = try measure(corpus.snapshot, questions: corpus.questions.map(\.text))
    #expect(recall > 0.97)
  }

  private static let largeIndex = ProcessInfo.processInfo.environment["CAIRN_RECALL_INDEX"]

  @Test(.enabled(if: largeIndex != nil))
  func `signs choose nearly all of the best of another index`() async throws {
    let directory = try #require(Self.largeIndex)
    let snapshot = try StoredIndex(directory: FilePath(directory)).snapshot()
    let questions = try RankingCorpus.names.flatMap { name in
      try RankingQuestion.read(RankingCorpus.package.appending("Tests/RankingTests/questions/\(name).tsv")).map(\.text)
    }
    #expect(try measure(snapshot, questions: questions) > 0.95)
  }

  /// The mean share over all queries and segments.
  private func measure(_ snapshot: IndexSnapshot, questions: [String]) throws -> Double {
    let model = try StaticModel.builtIn()
    var shares: [Double] = []
    // Few enough that most rows of a segment of some thousand are no candidates.
    let limit = 25
    for live in snapshot.segments where live.segment.chunkCount > 32 * limit {
      for question in questions {
        let vector = try model.embed(query: question)
        let exact = live.segment.bestByVector(vector, eligible: live.live, limit: limit, isExhaustive: true)
        let found = Set(
          live.segment.bestByVector(vector, eligible: live.live, limit: limit, isExhaustive: false).map(\.chunk))
        #expect(exact.count == limit)
        shares.append(Double(exact.count { found.contains($0.chunk) }) / Double(limit))
      }
    }
    // Where most rows are candidates there is nothing to measure.
    try #require(!shares.isEmpty)
    let mean = shares.reduce(0, +) / Double(shares.count)
    print(String(format: "recall: %d questions, mean %.4f, least %.3f", shares.count, mean, shares.min() ?? 0))
    return mean
  }
}
