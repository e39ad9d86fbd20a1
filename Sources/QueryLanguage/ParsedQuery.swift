import Segments

/// A query as the searcher understands it.
package struct ParsedQuery: Hashable, Sendable {
  /// The query without its filters and quotation marks: what the embedder reads.
  package var text: String
  package var shape: QueryShape
  package var terms: [QueryTerm]
  /// What stood in quotation marks, or signs that are all of the query, folded (`FoldedText`).
  package var phrases: [String]
  /// The same as they were typed.
  package var quotations: [String] = []
  /// Whether no quotation marks stood around them.
  package var isUnquoted = false
  /// Runs of three or more letters of scripts without spaces, folded: what was written side by side had better stand
  /// so.
  package var runs: [String]
  /// The name with signs that is all of the query. Where no file holds one that may be a word with a sign behind it,
  /// there is none.
  package var signed: SignedName?
  /// Tokens that look like paths or file names, lower-cased.
  package var pathFragments: [String]
  /// The module that all of it may be the name of.
  package var module: ModuleName?
  /// Files with lines that it names, the likeliest first.
  package var places: [PlaceReference]
  /// The directory that is asked from, relative to the root and lower-cased: a file of it comes before its namesakes.
  package var directory: String = ""
  /// Whether it is more than anybody types: a log, a traceback, the text of an issue. Its terms are those that may
  /// count, until the rarest of them are chosen.
  package var isPasted: Bool
  /// Whether it reads as a line of code or as what a program printed (`CopiedText`), and so is searched for as it is
  /// written.
  package var isCopied: Bool
  /// As it was typed, but for filters and white space, where it is copied: with its signs, which `text` may lack.
  package var copied: String = ""
  /// Of a copied text the message that stands in the source: without places and the class of what went wrong
  /// (`PrintedMessage`).
  package var message: String = ""
  /// The name of that class, without what it lies in; empty if there is none.
  package var head: String = ""
  /// Whether all of it is one place whose path has blanks.
  var hasBlanksInPlace = false
  /// Whether it was asked with places that stand beside `text`.
  package var hasPlaceBeside = false
  /// `text` with the places that stand beside it.
  package var written: String
  /// Files that it names with a line and that are not there, as they are written: what is asked for is the rest of it.
  package var absentFiles: [String] = []
  /// What every result passes.
  package var filters: QueryFilters
  /// What a result must satisfy besides; nil if the query has neither operators nor patterns.
  package var condition: QueryNode?
  /// What has the form of a pattern and was taken as words, since it is none that can be matched.
  package var patternMistakes: [PatternMistake] = []
  /// As they were typed: what is a path, since a file or a directory is called so, and else would be a pattern.
  package var patternsTakenForPaths: [String] = []
  /// Why its operators were taken as words; nil if they were not.
  package var brokenOperators: String?
  /// Filters that were not understood, as written; they were taken as words.
  package var misunderstood: [String]
  /// Filters, or values of one, that do not count since there are too many.
  package var cutFilterCount = 0
  /// What is syntax of other tools and none here.
  package var foreign: [ForeignSyntax] = []

  package init(
    text: String, shape: QueryShape, terms: [QueryTerm], phrases: [String] = [], runs: [String] = [],
    pathFragments: [String] = [], places: [PlaceReference] = [], isPasted: Bool = false, isCopied: Bool = false,
    filters: QueryFilters = QueryFilters(), misunderstood: [String] = []
  ) {
    self.text = text
    written = text
    self.shape = shape
    self.terms = terms
    self.phrases = phrases
    self.runs = runs
    self.pathFragments = pathFragments
    self.places = places
    self.isPasted = isPasted
    self.isCopied = isCopied
    self.filters = filters
    self.misunderstood = misunderstood
  }

  /// What is searched for word by word in the order in which it is written.
  package var ordered: String { isCopied && !message.isEmpty ? message : text }

  /// What is searched for in the files as it is written: quoted phrases, words of which the index has only the
  /// beginning, and last the name with signs. Folded.
  package var sought: [String] {
    let words = phrases + cutTerms.map { FoldedText.folded($0.text) }
    return signed.map { words + [$0.sought] } ?? words
  }

  /// Words of which the index has only the beginning: whether the whole is there the files tell.
  package var cutTerms: [QueryTerm] {
    isPasted ? [] : terms.filter(\.isCut)
  }

  /// Whether it is one word in quotation marks with signs around it (`"'callback',"`): a text, and no name.
  package var quotesSigns: Bool {
    isOneQuotation && terms.count == 1 && quotations[0].utf8.contains { $0 < 0x80 && !WordBytes.isOfWord($0) }
  }

  /// Whether one text in quotation marks is all of it.
  package var isOneQuotation: Bool {
    quotations.count == 1 && !isUnquoted
      && quotations[0].split(whereSeparator: \.isWhitespace).joined(separator: " ") == text
  }

  /// Whether texts in quotation marks are all of it, or signs that need none.
  package var isOfQuotations: Bool {
    if quotations.isEmpty || isPasted && !isOneQuotation { return false }
    let quoted = quotations.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    return isUnquoted || quoted.joined(separator: " ") == text
  }

  /// Whether it is two words; what is written without a space is one thing.
  package var isOfTwoWords: Bool { terms.count == 2 && text.utf8.contains(UInt8(ascii: " ")) }

  /// Whether it is a file with a line and nothing else.
  package var isOnlyPlace: Bool {
    places.count == 1 && !isPasted && !hasPlaceBeside && (hasBlanksInPlace || PlaceReference.isAll(of: text))
  }

  /// The patterns of which lines of the results hold matches.
  package var patterns: [TextPattern] { condition?.patterns ?? [] }

  /// Whether nothing in it is a word, a place or a text, and it has a pattern.
  package var isOfPatterns: Bool { terms.isEmpty && sought.isEmpty && places.isEmpty && !patterns.isEmpty }

  /// Whether no word stands in it that the index could have, and its signs are searched for in the files (`->`, `C++`,
  /// `→`).
  package var isOfSigns: Bool { !phrases.isEmpty && terms.allSatisfy { $0.word.utf8.count < 2 } }

  /// What of the text a model is given: all of it, or of a long one the beginning and the end.
  package var embeddedText: String {
    let limit = 4096
    if text.utf8.count <= 2 * limit { return text }
    return String(decoding: text.utf8.prefix(limit), as: UTF8.self) + " "
      + String(decoding: text.utf8.suffix(limit), as: UTF8.self)
  }

  /// The terms that carry meaning; all of them where none does.
  package var contentTerms: [QueryTerm] {
    let content = terms.filter { !$0.isStopWord }
    return content.isEmpty ? terms : content
  }

  /// The words of the query as a set, with their other forms: what a step looks into to see what was asked for.
  var vocabulary: Set<String> { Set(terms.flatMap { [$0.word] + $0.parts + $0.variants }) }
}
