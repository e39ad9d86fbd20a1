import Kernels
import Primitives
import QueryLanguage
import Segments

/// Finds the query's words among the words of a name: in any of their forms, or one beginning with the other. All words
/// weigh the same: a module is often named by the commonest word of its repository. Built once for a query, and a value
/// that threads may share.
///
/// Over bytes: a word of a name is compared with the query's words that begin with the same byte, and with no others.
struct WordMatcher: Sendable {
  /// The scratch of one thread that matches names.
  struct Scratch {
    var words = WordList()
    /// How well each of the query's words was found in the current name.
    fileprivate var best: [Float] = []
  }

  /// The forms' bytes, contiguous.
  private var bytes: [UInt8] = []
  /// Where each form begins in `bytes`, and where the last one ends.
  private var bounds: [Int] = [0]
  /// The forms of each of the query's words, itself first.
  private var forms: [Range<Int>] = []
  /// The query's words of which a form begins with a byte: for each byte a range of `members`.
  private var byFirst = [UInt16](repeating: 0, count: 257)
  private var members: [UInt16] = []
  /// What the forms begin with, and so all that is found.
  private var beginnings = TrigramPrefilter()

  init(_ query: ParsedQuery) {
    var words: [String] = []
    // The class of what went wrong names no place; its message's words may.
    let terms = query.contentTerms
    for term in terms where !term.isMessageHead || terms.allSatisfy(\.isMessageHead) {
      if term.parts.isEmpty {
        insert(term.word, variants: term.variants, &words)
      } else {
        for part in term.parts { insert(part, variants: [], &words) }
      }
    }
    // A byte and a query's word of which a form begins with it.
    var pairs: [UInt32] = []
    for (word, forms) in forms.enumerated() {
      for form in forms where bounds[form] < bounds[form + 1] {
        let pair = UInt32(bytes[bounds[form]]) << 16 | UInt32(word)
        if !pairs.contains(pair) { pairs.append(pair) }
      }
    }
    pairs.sort()
    for pair in pairs {
      byFirst[Int(pair >> 16) + 1] += 1
      members.append(UInt16(truncatingIfNeeded: pair))
    }
    for first in 1..<byFirst.count { byFirst[first] += byFirst[first - 1] }
  }

  private mutating func insert(_ word: String, variants: [String], _ words: inout [String]) {
    if words.contains(word) || words.count >= Int(UInt16.max) { return }
    words.append(word)
    let first = bounds.count - 1
    insert(form: word)
    for variant in variants { insert(form: variant) }
    forms.append(first..<(bounds.count - 1))
  }

  private mutating func insert(form: String) {
    let start = bytes.count
    bytes.append(contentsOf: form.utf8)
    bounds.append(bytes.count)
    // A word of one byte is not searched for.
    if bytes.count - start > 1 { beginnings.insert(form) }
  }

  /// False if `overlap` finds nothing in the words of `name`: of most names, without their being cut.
  /// Letters beyond ASCII may be spellings of any.
  func mayFind(in name: Span<UInt8>) -> Bool {
    beginnings.mayBegin(in: name) || (name.holdsScripts && !beginnings.isEmpty)
  }

  /// How much of the query is in the name whose words are in `scratch`, how much of the name is in the query, both
  /// 0...1.
  func overlap(_ scratch: inout Scratch) -> (ofQuery: Float, ofName: Float) { overlap(scratch.words, &scratch.best) }

  private func overlap(_ name: borrowing WordList, _ best: inout [Float]) -> (ofQuery: Float, ofName: Float) {
    if forms.isEmpty || name.words.isEmpty { return (0, 0) }
    best.removeAll(keepingCapacity: true)
    best.append(contentsOf: repeatElement(0, count: forms.count))
    var ofName: Float = 0
    let names = name.bytes.span
    for range in name.words {
      var most: Float = 0
      let word = names.extracting(range)
      let first = Int(word[0])
      for member in byFirst[first]..<byFirst[first + 1] {
        let number = Int(members[Int(member)])
        let grade = grade(word, number)
        best[number] = max(best[number], grade)
        most = max(most, grade)
      }
      ofName += most
    }
    if ofName == 0 { return (0, 0) }
    return (best.reduce(0, +) / Float(forms.count), ofName / Float(name.words.count))
  }

  private func grade(_ word: Span<UInt8>, _ number: Int) -> Float {
    let known = bytes.span
    for form in forms[number] where word.isEqual(to: known.extracting(bounds[form]..<bounds[form + 1])) { return 1 }
    let first = forms[number].lowerBound
    let own = known.extracting(bounds[first]..<bounds[first + 1])
    let shorter = min(word.count, own.count)
    guard shorter >= 3, word.extracting(0..<shorter).isEqual(to: own.extracting(0..<shorter)) else { return 0 }
    return shorter >= 4 ? 0.8 : 0.5
  }
}
