import Segments

extension QueryParser {
  /// The terms of a token with letters beyond ASCII: of each word one, of a run of a script without spaces one for each
  /// pair of its letters.
  /// - Parameter runs: gets the runs that are more than one pair, whose letters a result had better hold side by side.
  func scriptTerms(of token: String, runs: inout [String]) -> [QueryTerm] {
    var terms: [QueryTerm] = []
    for word in analyzer.scriptWords(of: token) {
      if word.isRun {
        for pair in word.parts { terms.append(QueryTerm(text: pair, word: pair)) }
        if word.parts.count > 1 {
          runs.append(word.text)
          // A symbol may be called what the whole run is.
          terms[terms.count - word.parts.count].variants = [word.text]
        }
      } else if !word.parts.isEmpty {
        let parts = (word.plain.map { [$0] } ?? []) + word.parts
        terms.append(QueryTerm(text: word.text, word: word.text, parts: parts, isIdentifier: true))
      } else if word.text.utf8.allSatisfy({ $0 < 0x80 }) {
        terms.append(Self.wordTerm(word.text, lower: word.text))
      } else {
        terms.append(QueryTerm(text: word.text, word: word.text, variants: word.plain.map { [$0] } ?? []))
      }
    }
    return terms
  }
}
