/// Finds the question's words among the words of a name: in any of their forms, or one beginning with the other.
struct WordMatcher {
  private let forms: [Set<String>]
  private let words: [String]
  private let weights: [Float]

  init(_ pool: CandidatePool) {
    var forms: [Set<String>] = []
    var words: [String] = []
    for term in pool.query.contentTerms {
      for word in term.parts.isEmpty ? [term.word] : term.parts where !words.contains(word) {
        words.append(word)
        forms.append(Set([word] + (term.parts.isEmpty ? term.variants : [])))
      }
    }
    self.words = words
    self.forms = forms
    // Rarity matters less for a name than for a text: a module is often named by the commonest word of its repository.
    weights = words.map { _ in words.isEmpty ? 0 : 1 / Float(words.count) }
  }

  /// How much of the question is in `name`, how much of `name` is in the question, both 0...1.
  func overlap(with name: [String]) -> (ofQuestion: Float, ofName: Float) {
    if words.isEmpty || name.isEmpty { return (0, 0) }
    var ofQuestion: Float = 0
    var matched = [Float](repeating: 0, count: name.count)
    for i in words.indices {
      var best: Float = 0
      for (k, word) in name.enumerated() {
        let grade = grade(word, i)
        if grade > 0 { matched[k] = max(matched[k], grade) }
        best = max(best, grade)
      }
      ofQuestion += weights[i] * best
    }
    return (ofQuestion, matched.reduce(0, +) / Float(name.count))
  }

  private func grade(_ word: String, _ i: Int) -> Float {
    if forms[i].contains(word) { return 1 }
    let shorter = min(word.utf8.count, words[i].utf8.count)
    guard shorter >= 3, word.hasPrefix(words[i]) || words[i].hasPrefix(word) else { return 0 }
    return shorter >= 4 ? 0.8 : 0.5
  }
}
