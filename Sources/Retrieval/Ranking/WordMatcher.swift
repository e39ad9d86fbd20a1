/// Finds the question's words among the words of a name: in any of their forms, or one beginning with the other. All words
/// weigh the same: a module is often named by the commonest word of its repository.
struct WordMatcher {
  private let forms: [Set<String>]
  private let words: [String]
  private var known: [String: [(Int, Float)]] = [:]

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
  }

  /// How much of the question is in `name`, how much of `name` is in the question, both 0...1.
  mutating func overlap(with name: [String]) -> (ofQuestion: Float, ofName: Float) {
    if words.isEmpty || name.isEmpty { return (0, 0) }
    var best = [Float](repeating: 0, count: words.count)
    var ofName: Float = 0
    for word in name {
      var most: Float = 0
      for (i, grade) in grades(of: word) {
        best[i] = max(best[i], grade)
        most = max(most, grade)
      }
      ofName += most
    }
    return (best.reduce(0, +) / Float(words.count), ofName / Float(name.count))
  }

  /// The question's words that `word` stands for, and how well. Names repeat their words, so what is known is kept.
  private mutating func grades(of word: String) -> [(Int, Float)] {
    if let known = known[word] { return known }
    let grades = words.indices.map { ($0, grade(word, $0)) }.filter { $0.1 > 0 }
    known[word] = grades
    return grades
  }

  private func grade(_ word: String, _ i: Int) -> Float {
    if forms[i].contains(word) { return 1 }
    let shorter = min(word.utf8.count, words[i].utf8.count)
    guard shorter >= 3, word.hasPrefix(words[i]) || words[i].hasPrefix(word) else { return 0 }
    return shorter >= 4 ? 0.8 : 0.5
  }
}
