package import Cairn
import Inspection
import QueryLanguage
import ResultNotes
import Retrieval
import Searching

// What doors ask of the words that a person types, and say of what is found.

extension SearchRequest {
  /// The languages that can be filtered by, without their other names, sorted.
  package static let languageNames = Language.all.map(\.name)

  /// Whether `word` of a query is a filter, or the opposite of one, which begins with a dash.
  package static func isFilter(_ word: String) -> Bool { QueryToken.isFilter(word) }

  /// What to say of `name` where it is that of no language, nor one that a language has besides; nil where it is.
  package static func languageMistake(_ name: String) -> String? {
    Language.named(name) == nil ? FilterProblem.unknownLanguageText(name) : nil
  }
}

extension CairnError {
  /// The kind of symbol that `name` was probably meant to be, or all there are.
  package static func nearKinds(to name: String) -> String { FilterProblem.nearKinds(to: name) }
}

extension SearchHit {
  /// More consecutive blank lines than these in a notebook replace what its file has between two cells.
  package static let mostBlankLinesInCell = SourceText.mostBlankLinesInCell
}

extension History {
  /// The day of a commit, in UTC: `2026-01-31`.
  package static func day(_ date: Int64) -> String { CommitDay(date).description }
}
