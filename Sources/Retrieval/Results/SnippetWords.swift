import Segments

/// The question's words in all their forms with what each is worth, ready to be looked for in lines of bytes.
package struct SnippetWords: Sendable {
  /// Sorted, so that sums over them are the same on every run.
  private let forms: [[UInt8]]
  let weights: [Float]
  /// For each byte, the forms that begin with it.
  private var byFirst = [[UInt16]](repeating: [], count: 256)
  /// A bit for each pair of bytes, small letters for capitals: set where a form begins with it. A line without such a pair
  /// holds no form.
  private var pairs = [UInt64](repeating: 0, count: 1024)
  /// Whether all forms are of ASCII: a letter beyond it may be written as a capital that is other bytes.
  private var isPlain = true

  package init(_ words: [String: Float]) {
    let sorted = words.map { (Array($0.key.utf8), $0.value) }.sorted { $0.0.span.lexicographicallyPrecedes($1.0.span) }
    forms = sorted.map(\.0)
    weights = sorted.map(\.1)
    for (i, form) in forms.prefix(Int(UInt16.max)).enumerated() where form.count > 1 {
      byFirst[Int(form[0])].append(UInt16(i))
      if form[0] >= 0x80 || form[1] >= 0x80 {
        for k in pairs.indices { pairs[k] = .max }
      }
      if form.contains(where: { $0 >= 0x80 }) { isPlain = false }
      let pair = Self.pair(form[0], form[1])
      pairs[pair >> 6] |= 1 << UInt64(pair & 63)
    }
  }

  package var isEmpty: Bool { forms.isEmpty }

  /// The forms in a line of `text`, each once, ascending; `list` is room to work in.
  func found(in line: Span<UInt8>, _ list: inout WordList) -> [UInt16] {
    guard mayHoldForm(line) else { return [] }
    list.removeAll()
    list.append(wordsOf: line)
    var found: [UInt16] = []
    let bytes = list.bytes.span
    for range in list.words {
      for i in byFirst[Int(bytes[range.lowerBound])] where bytes.extracting(range).equals(forms[Int(i)]) {
        if !found.contains(i) { found.append(i) }
      }
    }
    found.sort()
    return found
  }

  /// False where no form stands in the line, be it inside of a word.
  private func mayHoldForm(_ line: Span<UInt8>) -> Bool {
    if line.isEmpty { return false }
    let pairs = pairs.span
    var previous = line[0]
    for i in 1..<line.count {
      let pair = Self.pair(previous, line[i])
      if pairs[pair >> 6] >> UInt64(pair & 63) & 1 != 0 {
        if !isPlain { return true }
        for form in byFirst[Int(lowercased(previous))] {
          if line.holds(forms[Int(form)], at: i - 1) { return true }
        }
      }
      previous = line[i]
    }
    return false
  }

  /// Letters lose their case; that other bytes fall together only lets a line through.
  @inline(__always)
  private static func pair(_ a: UInt8, _ b: UInt8) -> Int { Int(a | 0x20) << 8 | Int(b | 0x20) }
}

extension Span<UInt8> {
  fileprivate func lexicographicallyPrecedes(_ other: Span<UInt8>) -> Bool {
    for i in 0..<Swift.min(count, other.count) where self[i] != other[i] { return self[i] < other[i] }
    return count < other.count
  }
}
