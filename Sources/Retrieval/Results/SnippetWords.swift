import Segments

/// The question's words in all their forms with what each is worth, ready to be looked for in lines of bytes.
package struct SnippetWords: Sendable {
  /// Sorted, so that sums over them are the same on every run.
  private let forms: [[UInt8]]
  let weights: [Float]
  /// For each byte, the forms that begin with it.
  private var byFirst = [[UInt16]](repeating: [], count: 256)
  private var beginnings = PairFilter()
  /// Whether all forms are of ASCII: a letter beyond it may be written as a capital that is other bytes.
  private var isPlain = true

  package init(_ words: [String: Float]) {
    let sorted = words.map { (Array($0.key.utf8), $0.value) }.sorted { $0.0.span.lexicographicallyPrecedes($1.0.span) }
    forms = sorted.map(\.0)
    weights = sorted.map(\.1)
    for (i, form) in forms.prefix(Int(UInt16.max)).enumerated() where form.count > 1 {
      byFirst[Int(form[0])].append(UInt16(i))
      beginnings.insert(form)
      if form.contains(where: { $0 >= 0x80 }) { isPlain = false }
    }
  }

  package var isEmpty: Bool { forms.isEmpty }

  /// The forms in a line of `text`, each once, ascending; `list` is room to work in. Only the runs of letters, digits and `_` in
  /// which a form stands, be it inside of a word, are cut into words.
  func found(in line: Span<UInt8>, _ list: inout WordList) -> [UInt16] {
    var found: [UInt16] = []
    var start = 0
    while let place = beginnings.place(in: line, from: start) {
      if !isPlain {
        add(wordsOf: line, to: &found, &list)
        break
      }
      start = place + 1
      guard holdsForm(line, at: place) else { continue }
      var first = place
      while first > 0, Self.isOfWord(line[first - 1]) { first -= 1 }
      while start < line.count, Self.isOfWord(line[start]) { start += 1 }
      add(wordsOf: line.extracting(first..<start), to: &found, &list)
    }
    found.sort()
    return found
  }

  private func add(wordsOf text: Span<UInt8>, to found: inout [UInt16], _ list: inout WordList) {
    list.removeAll()
    list.append(wordsOf: text)
    let bytes = list.bytes.span
    for range in list.words {
      for i in byFirst[Int(bytes[range.lowerBound])] where bytes.extracting(range).equals(forms[Int(i)]) {
        if !found.contains(i) { found.append(i) }
      }
    }
  }

  private func holdsForm(_ line: Span<UInt8>, at place: Int) -> Bool {
    for form in byFirst[Int(lowercased(line[place]))] where line.holds(forms[Int(form)], at: place) { return true }
    return false
  }

  /// Whether a byte may be part of a word; what stands between two that may not is cut by itself.
  private static func isOfWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
      || byte >= 0x80
  }
}

extension Span<UInt8> {
  fileprivate func lexicographicallyPrecedes(_ other: Span<UInt8>) -> Bool {
    for i in 0..<Swift.min(count, other.count) where self[i] != other[i] { return self[i] < other[i] }
    return count < other.count
  }
}
