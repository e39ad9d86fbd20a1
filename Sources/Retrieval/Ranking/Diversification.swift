/// Orders the candidates so that different files come first: each chunk of a file counts less for every better chunk
/// of it that stands above.
package enum Diversification {
  package static func apply(to pool: inout CandidatePool) {
    pool.sort()
    guard pool.retrievers == .fused, !pool.weights.disabled.contains(.repetition) else { return }
    var seen = [Int](repeating: 0, count: pool.files.count)
    for i in pool.candidates.indices {
      let file = pool.candidates[i].file
      if seen[file] > 0 {
        pool.candidates[i].repetitions = seen[file]
        var factor: Float = 1
        for _ in 0..<min(seen[file], 16) { factor *= pool.weights.repetition }
        pool.candidates[i].parts.scale(by: factor, for: .repetition)
      }
      seen[file] += 1
    }
    pool.sort()
  }
}
