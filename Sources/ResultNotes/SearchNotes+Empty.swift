import Primitives
import QueryLanguage
import Retrieval
import Segments

extension SearchNotes {
  /// Why there are no hits; nil if that was said already, or if files could not be read or no longer hold what was
  /// found.
  func emptyNote(
    _ parsed: ParsedQuery, _ results: SearchResults,
    isExplained: Bool
  ) -> Failure? {
    if !snapshot.segments.contains(where: { $0.liveChunkCount > 0 }) { return nothingIndexedNote() }
    if isExplained || !results.absences.isEmpty || !results.filterProblems.isEmpty { return nil }
    if results.vanishedCount + results.unreadableCount > 0 || !results.unreadable.isEmpty { return nil }
    if parsed.terms.isEmpty, parsed.places.isEmpty, !text.allSatisfy(\.isWhitespace) {
      return Failure(
        .noAnswer,
        parsed.phrases.isEmpty
          ? "the query has no word to look for; ask for a word, a name or a path"
          : "signs alone are not in the index, and the files that were looked through for them do not hold them; add a "
            + "word that stands beside them"
      )
    }
    var count = 0
    snapshot.forEachPath { _ in count += 1 }
    return Failure(.noAnswer, "nothing in the \(count == 1 ? "1 file" : "\(count) files") of the index is like this")
  }

  private func nothingIndexedNote() -> Failure {
    let counts = (try? source.counts()) ?? [:]
    let count = counts.values.reduce(0, +)
    if count == 0 { return Failure(.noAnswer, "there is no file here to search", path: root) }
    let reasons = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
    return Failure(
      .noAnswer,
      "no file here is indexed: \(count) \(count == 1 ? "is" : "are") left out (\(reasons.joined(separator: ", ")))",
      path: root, remedy: .listLeftOut)
  }
}
