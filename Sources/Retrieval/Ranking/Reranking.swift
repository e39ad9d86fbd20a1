package import Embedding
import Primitives
import QueryLanguage
import Segments

/// Lets a reranker read the best few candidates together with the query, and orders these few by what it says and by
/// what the ranking said before.
///
/// Both are min-max normalised over the few (the least of them 0, the greatest 1) and mixed,
/// `RankingWeights.rerankerShare` of it the reranker's; the mixture is stretched over the scores that the few had, so
/// that they stay above all others and scores stay comparable. What that changes is the part of the signal `reranking`.
/// How many are reread does not depend on how many are shown, so that a page of 5 stays the beginning of the page of
/// 50.
package struct Reranking: Sendable {
  private let reranker: any Reranker
  private let count: Int
  /// - Parameter count: how many of the best are reread.
  package init(_ reranker: any Reranker, count: Int = 20) {
    self.reranker = reranker
    self.count = max(0, count)
  }

  /// Candidates are in the order of results before and after. Throws what the reranker throws, or `.badScores` where it
  /// does not give a number for each passage, or `.cancelled` and `.timedOut`; the order is then as it was.
  func apply(to ranked: inout RankedCandidates, reader: inout SourceReader, context: SearchContext) throws(Failure) {
    guard let query = ranked.pools.first?.ranking.query else { return }
    var few: [RankedCandidates.Position] = []
    var passages: [String] = []
    for position in ranked.order where few.count < count {
      try context.check()
      // What has left its file is not shown.
      guard let passage = passage(of: position, in: ranked, reader: &reader) else { continue }
      few.append(position)
      passages.append(passage)
    }
    if few.count < 2 { return }
    let scores: [Float]
    do throws(Failure) {
      scores = try reranker.scores(of: passages, for: query.embeddedText, context: context)
    } catch {
      throw Failure(
        error.code, "the results are not reranked by \(reranker.name): \(error.message)", path: error.path,
        cause: error.cause, remedy: error.remedy)
    }
    guard scores.count == few.count, scores.allSatisfy(\.isFinite) else {
      throw Failure(
        .badScores,
        "the results are not reranked: \(reranker.name) gave no score for each of them; choose another reranker")
    }
    let low = few.reduce(Float.greatestFiniteMagnitude) { min($0, ranked[$1].score) }
    let high = few.reduce(-Float.greatestFiniteMagnitude) { max($0, ranked[$1].score) }
    let least = scores.min() ?? 0
    let spread = (scores.max() ?? 0) - least
    ranked.rerankerName = reranker.name
    let share = ranked.pools.first?.ranking.weights.rerankerShare ?? 0
    for (position, score) in zip(few, scores) {
      let before = high > low ? (ranked[position].score - low) / (high - low) : 0
      let judged = spread > 0 ? (score - least) / spread : 0
      let mixed = (1 - share) * before + share * judged
      ranked[position].rerankerScore = score
      let change = low + (high - low) * mixed - ranked[position].score
      ranked[position].parts.add(change, for: .reranking)
    }
    ranked.sort()
  }

  /// The file's path and the chunk's text as it is now.
  private func passage(
    of position: RankedCandidates.Position, in ranked: RankedCandidates, reader: inout SourceReader
  ) -> String? {
    let path = ranked.file(of: position).source
    let entry = ranked.pools[position.pool].chunks.entries[ranked[position].chunk]
    guard let found = ChunkLocator.text(of: entry, at: path, context: 0, reader: &reader) else { return nil }
    let text = found.text
    let range = text.start(ofLine: found.lines.lowerBound)..<text.start(ofLine: found.lines.upperBound + 1)
    return path.path.description + "\n" + String(decoding: text.bytes[range], as: UTF8.self)
  }
}

extension Failure.Code {
  /// A reranker gave too few or too many scores, or some that are not numbers.
  static let badScores = Self(rawValue: "bad-scores")
}
