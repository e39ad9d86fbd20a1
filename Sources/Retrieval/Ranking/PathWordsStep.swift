/// Prefers files whose names, and less so whose directories, share words with the question.
package enum PathWordsStep: RankingStep {
  package static let signal = Signal.pathWords

  package static func apply(to pool: inout CandidatePool) {
    var matcher = WordMatcher(pool)
    let values = pool.files.map { file -> Float in
      let stem = matcher.overlap(with: nameWords(file.stemWords))
      let directory = matcher.overlap(with: file.directoryWords)
      return pool.weights.fileName * stem.ofQuestion * (0.5 + 0.5 * stem.ofName)
        + pool.weights.directoryName * directory.ofQuestion
    }
    for i in pool.candidates.indices where values[pool.candidates[i].file] > 0 {
      pool.candidates[i].parts.add(values[pool.candidates[i].file], for: signal)
    }
  }
}
