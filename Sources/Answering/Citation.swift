import Primitives

/// A place that an answer names as its ground: `[path:first-last]`.
package struct Citation: Hashable, Sendable {
  package var path: String
  package var firstLine: Int
  package var lastLine: Int

  package init(path: String, firstLine: Int, lastLine: Int) {
    self.path = path
    self.firstLine = firstLine
    self.lastLine = lastLine
  }

  package var place: String { firstLine == lastLine ? "\(path):\(firstLine)" : "\(path):\(firstLine)-\(lastLine)" }
}

/// Finds the citations in an answer.
package struct CitationScanner {
  /// Brackets with more in them are prose or code.
  private static let longestBracket = 400
  private let knownPaths: Set<String>

  /// - Parameter knownPaths: what was retrieved. Another path counts as one where it looks like one, so that an
  ///   invented place is found out and a subscript such as `[i:10]` is left alone.
  package init(knownPaths: some Sequence<String>) { self.knownPaths = Set(knownPaths) }

  /// Each citation once, in the order in which they first appear.
  package func citations(in answer: String) -> [Citation] {
    var citations: [Citation] = []
    var seen: Set<Citation> = []
    let characters = Array(answer)
    for start in characters.indices where characters[start] == "[" {
      var end = start + 1
      while end < characters.count, end - start <= Self.longestBracket, !"[]\n".contains(characters[end]) { end += 1 }
      guard end < characters.count, characters[end] == "]" else { continue }
      for citation in self.citations(inBracket: String(characters[(start + 1)..<end]))
      where seen.insert(citation).inserted {
        citations.append(citation)
      }
    }
    return citations
  }

  /// `a.c:1-5`, `a.c:1-5, 9-12`, `a.c:1-5; b.c:7`, each also with quotes or an L before the numbers.
  private func citations(inBracket text: String) -> [Citation] {
    // A path may hold a comma; such a one is known, and then the whole is one place.
    if let whole = citation(in: text, after: nil), knownPaths.contains(whole.path) { return [whole] }
    var citations: [Citation] = []
    for part in text.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      guard let citation = citation(in: String(part), after: citations.last?.path) else { continue }
      citations.append(citation)
    }
    return citations
  }

  private func citation(in text: String, after earlier: String?) -> Citation? {
    let plain = text.filter { !"`*\"'".contains($0) }.split(separator: " ").joined(separator: " ")
    let colon = plain.lastIndex(of: ":")
    let numbers = colon.map { plain[plain.index(after: $0)...] } ?? plain[...]
    var path = colon.map { String(plain[..<$0]) } ?? earlier ?? ""
    if path.hasPrefix("./"), !knownPaths.contains(path) { path.removeFirst(2) }
    guard !path.isEmpty, let (first, last) = lines(numbers), knownPaths.contains(path) || Self.looksLikePath(path)
    else { return nil }
    return Citation(path: path, firstLine: first, lastLine: last)
  }

  private func lines(_ text: Substring) -> (Int, Int)? {
    let parts = text.split(omittingEmptySubsequences: false) { "-–—".contains($0) }.map { part in
      part.filter { $0 != " " }.drop { $0 == "L" || $0 == "l" }
    }
    guard (1...2).contains(parts.count),
      parts.allSatisfy({ !$0.isEmpty && $0.count <= 9 && $0.allSatisfy { "0"..."9" ~= $0 } }),
      let first = Int(parts[0]), let last = Int(parts[parts.count - 1])
    else { return nil }
    return (first, last)
  }

  /// A name with an extension or with directories, and nothing that a path seldom has.
  private static func looksLikePath(_ path: String) -> Bool {
    guard !path.contains(where: { " ()<>{}=+".contains($0) }), !path.contains("://") else { return false }
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return path.contains("/") }
    let suffix = name[name.index(after: dot)...]
    return path.contains("/") || ((1...8).contains(suffix.count) && suffix.allSatisfy { $0.isLetter || $0.isNumber })
  }
}
