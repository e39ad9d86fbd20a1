import Primitives
import Segments

/// What the commit that removed some code must be, in a search of the history. An empty list asks for nothing.
package struct CommitFilters: Hashable, Sendable {
  /// A part of the author's name or address, in any case: one of these.
  package private(set) var authors: [String] = []
  /// None of these.
  package private(set) var excludedAuthors: [String] = []
  /// Committed from each of these times on.
  package private(set) var after: [CommitDate] = []
  /// Committed before each of these times.
  package private(set) var before: [CommitDate] = []
  /// As they were typed.
  package private(set) var written: [String] = []

  package init() {}

  package var isEmpty: Bool { written.isEmpty }

  /// The names of filters of commits.
  package static let names: Set<String> = ["author", "after", "since", "before", "until"]

  /// Whether `value` behind `name:` may be meant as a filter. `before:content`, as style sheets have it, names no time
  /// and does not look like one.
  static func mayBeFilter(name: String, value: String) -> Bool {
    if name == "author" || CommitDate(value) != nil || CommitDate.mayBeMeant(by: value) { return true }
    return value.utf8.first?.isASCIIDigit == true
      && value.utf8.allSatisfy { $0.isASCIIWord || "-:./+".utf8.contains($0) }
  }

  /// The words of `text`, outside of quotation marks, that begin as a filter by time and name none that looks like one:
  /// words elsewhere, and hardly in a search of the history.
  package static func unknownTimes(in text: String) -> [String] {
    QueryToken.tokens(of: text).compactMap { token in
      guard case .word(let word) = token else { return nil }
      let body = word.hasPrefix("-") ? word.dropFirst() : Substring(word)
      guard let colon = body.firstIndex(of: ":") else { return nil }
      let (name, value) = (body[..<colon].lowercased(), body[colon...].dropFirst())
      return names.contains(name) && name != "author" && !value.isEmpty && !value.hasPrefix(":") ? word : nil
    }
  }

  /// Takes a filter in; false where its value means nothing.
  mutating func add(name: String, value: String, isNegated: Bool, written text: String) -> Bool {
    if name == "author" {
      let folded = FoldedText.folded(value)
      if folded.isEmpty { return false }
      if isNegated { excludedAuthors.append(folded) } else { authors.append(folded) }
    } else {
      guard let date = CommitDate(value) else { return false }
      // What is not before a time is from it on.
      if (name == "after" || name == "since") != isNegated { after.append(date) } else { before.append(date) }
    }
    written.append(text)
    return true
  }

  /// Whether a commit passes.
  ///
  /// - Parameters:
  ///   - author: the author's name and address, folded (`FoldedText`).
  ///   - seconds: when it was committed, since 1970.
  ///   - now: the time by which `3days` is counted, in the same unit.
  package func passes(author: String, seconds: Int64, now: Int64) -> Bool {
    (authors.isEmpty || authors.contains { author.contains($0) })
      && !excludedAuthors.contains { author.contains($0) }
      && after.allSatisfy { seconds >= $0.seconds(now: now) }
      && before.allSatisfy { seconds < $0.seconds(now: now) }
  }
}
