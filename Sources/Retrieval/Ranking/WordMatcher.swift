import Segments

/// Finds the question's words among the words of a name: in any of their forms, or one beginning with the other. All words
/// weigh the same: a module is often named by the commonest word of its repository.
///
/// Over bytes: a word of a name is compared with the question's words that begin with the same byte, and with no others.
struct WordMatcher {
  /// The question's words, each with its forms, itself first.
  private var forms: [[[UInt8]]] = []
  /// For each byte, the question's words of which a form begins with it.
  private var byFirst = [[Int]](repeating: [], count: 256)
  /// What the forms begin with, and so all that is found.
  private var beginnings = PairFilter()
  /// How well each of the question's words was found in the name at hand.
  private var best: [Float]

  init(_ query: ParsedQuery) {
    var words: [String] = []
    for term in query.contentTerms {
      for word in term.parts.isEmpty ? [term.word] : term.parts where !words.contains(word) {
        words.append(word)
        forms.append(([word] + (term.parts.isEmpty ? term.variants : [])).map { Array($0.utf8) })
      }
    }
    best = [Float](repeating: 0, count: words.count)
    for (i, forms) in forms.enumerated() {
      for first in Set(forms.compactMap(\.first)) { byFirst[Int(first)].append(i) }
      for form in forms { beginnings.insert(form) }
    }
  }

  /// False where `overlap` finds nothing in the words of `name`: of most names, without their being cut.
  func mayFind(in name: Span<UInt8>) -> Bool { beginnings.place(in: name, from: 0) != nil }

  /// How much of the question is in the name whose words `list` holds, how much of the name is in the question, both 0...1.
  mutating func overlap(with list: borrowing WordList) -> (ofQuestion: Float, ofName: Float) {
    if forms.isEmpty || list.words.isEmpty { return (0, 0) }
    for i in best.indices { best[i] = 0 }
    var ofName: Float = 0
    let bytes = list.bytes.span
    for range in list.words {
      var most: Float = 0
      for i in byFirst[Int(bytes[range.lowerBound])] {
        let grade = grade(bytes.extracting(range), i)
        best[i] = max(best[i], grade)
        most = max(most, grade)
      }
      ofName += most
    }
    if ofName == 0 { return (0, 0) }
    return (best.reduce(0, +) / Float(best.count), ofName / Float(list.words.count))
  }

  private func grade(_ word: Span<UInt8>, _ i: Int) -> Float {
    for form in forms[i] where word.equals(form) { return 1 }
    let own = forms[i][0]
    let shorter = min(word.count, own.count)
    guard shorter >= 3, word.extracting(0..<shorter).equals(own.span.extracting(0..<shorter)) else { return 0 }
    return shorter >= 4 ? 0.8 : 0.5
  }
}
