import Primitives
import Segments

/// Prefers files whose names, and less so whose directories, share words with the query.
enum PathWordsStep: RankingStep {
  static let signal = Signal.pathWords

  static func apply(to pool: inout CandidatePool) {
    let (matcher, weights) = (pool.ranking.words.matcher, pool.ranking.weights)
    var scratch = WordMatcher.Scratch()
    var values: [Float] = []
    values.reserveCapacity(pool.files.count)
    for file in pool.files {
      values.append(value(of: file, matcher, weights, &scratch))
    }
    for i in pool.candidates.indices where values[pool.candidates[i].file] > 0 {
      pool.candidates[i].parts.add(values[pool.candidates[i].file], for: signal)
    }
  }

  private static func value(
    of file: CandidateFile, _ matcher: WordMatcher, _ weights: RankingWeights, _ scratch: inout WordMatcher.Scratch
  ) -> Float {
    let bytes = file.path.bytes.span
    let (stem, directories) = (bytes.extracting(file.stem), bytes.extracting(file.directories))
    // What cannot be found in a part of the path adds nothing.
    var value: Float = 0
    if matcher.mayFind(in: stem) {
      scratch.words.removeAll()
      scratch.words.append(partsOfName: stem)
      let overlap = matcher.overlap(&scratch)
      value = weights.fileName * overlap.ofQuery * (0.5 + 0.5 * overlap.ofName)
    }
    if matcher.mayFind(in: directories) {
      scratch.words.removeAll()
      scratch.words.append(wordsOf: directories)
      value += weights.directoryName * matcher.overlap(&scratch).ofQuery
    }
    return value
  }
}
