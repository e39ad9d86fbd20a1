/// What a citation is worth.
package enum CitationVerdict: String, Hashable, Sendable {
  /// The lines were retrieved, and they stand in the file now as they were shown to the model.
  case valid
  /// The file was retrieved, but not all of these lines: the model saw only a part of them.
  case beyondRetrieved = "beyond-retrieved"
  /// Nothing of this file was retrieved: the model knows it from elsewhere or made it up.
  case notRetrieved = "not-retrieved"
  /// Retrieved, but the file holds other lines there by now.
  case changed
}

/// Holds the citations of an answer against what was retrieved.
package struct CitationCheck {
  private let passages: [String: [Passage]]
  private let currentLines: (String) -> [String]?

  /// - Parameter currentLines: the lines of a file as it is now; nil if it is gone.
  package init(_ passages: [Passage], currentLines: @escaping (String) -> [String]?) {
    self.passages = Dictionary(grouping: passages, by: \.path)
    self.currentLines = currentLines
  }

  package func verdict(on citation: Citation) -> CitationVerdict {
    guard let passages = passages[citation.path] else { return .notRetrieved }
    guard citation.firstLine >= 1, citation.firstLine <= citation.lastLine else { return .beyondRetrieved }
    // Of a range that a model made up only the ends need checking; it may be as long as the number of lines there are.
    guard citation.lastLine <= passages.map(\.lineRange.upperBound).max() ?? 0 else { return .beyondRetrieved }
    let current = currentLines(citation.path)
    var verdict = CitationVerdict.valid
    for number in citation.firstLine...citation.lastLine {
      guard let passage = passages.first(where: { $0.lineRange.contains(number) }) else { return .beyondRetrieved }
      let shown = passage.lines[number - passage.firstLine]
      guard let current, number <= current.count, Self.isSame(shown, current[number - 1]) else {
        verdict = .changed
        continue
      }
    }
    return verdict
  }

  /// A line that was too long was shown in part, with an ellipsis where the rest is.
  private static func isSame(_ shown: String, _ line: String) -> Bool {
    if shown == line { return true }
    let isCutBefore = shown.hasPrefix("… ")
    let isCutBehind = shown.hasSuffix(" …")
    let part = shown.dropFirst(isCutBefore ? 2 : 0).dropLast(isCutBehind ? 2 : 0)
    switch (isCutBefore, isCutBehind) {
    case (false, false): return false
    case (false, true): return line.hasPrefix(part)
    case (true, false): return line.hasSuffix(part)
    case (true, true):
      let (wanted, bytes) = (Array(part.utf8), Array(line.utf8))
      return wanted.count <= bytes.count
        && (0...(bytes.count - wanted.count)).contains { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
  }
}
