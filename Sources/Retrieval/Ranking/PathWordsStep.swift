import Primitives
import Segments

/// Prefers files whose names, and less so whose directories, share words with the question.
package enum PathWordsStep: RankingStep {
  package static let signal = Signal.pathWords

  package static func apply(to pool: inout CandidatePool) {
    var matcher = pool.question.wordMatcher
    var words = WordList()
    let values = pool.files.map { file -> Float in
      let bytes = file.path.bytes.span
      if !matcher.mayFind(in: bytes) { return 0 }
      words.removeAll()
      words.append(partsOfName: bytes.extracting(file.stem))
      let stem = matcher.overlap(with: words)
      words.removeAll()
      words.append(wordsOf: bytes.extracting(file.directories))
      let directory = matcher.overlap(with: words)
      return pool.weights.fileName * stem.ofQuestion * (0.5 + 0.5 * stem.ofName)
        + pool.weights.directoryName * directory.ofQuestion
    }
    for i in pool.candidates.indices where values[pool.candidates[i].file] > 0 {
      pool.candidates[i].parts.add(values[pool.candidates[i].file], for: signal)
    }
  }
}
