package import Primitives
import QueryLanguage

/// Something that a query says and no indexed file holds.
package struct Absence: Hashable, Sendable {
  package enum Kind: String, Sendable {
    /// What stood in quotation marks.
    case phrase
    /// A name as code writes it.
    case name
    case word
    /// The path or the name of a file.
    case file
    /// What is neither a word nor a name, and no quotation marks stood around it: signs, options, a token of several
    /// words, and a text of which no word is anywhere.
    case text
  }
  package var kind: Kind
  /// As it was written.
  package var text: String
  /// Names that the index has and that are spelt nearly so, the nearest first, as they are written there; of a file,
  /// paths.
  package var nearNames: [String]
  /// An indexed file that holds it and that the query's filters leave out, wholly or where it stands.
  package var elsewhere: FilePath?
  package var isElsewhere: Bool { elsewhere != nil }

  package init(kind: Kind, text: String, nearNames: [String] = [], elsewhere: FilePath? = nil) {
    self.kind = kind
    self.text = text
    self.nearNames = nearNames
    self.elsewhere = elsewhere
  }
}

extension SignedName {
  /// What it is said to be where it is nowhere.
  var kindOfAbsence: Absence.Kind { kind == .option ? .text : .name }
}

extension ParsedQuery {
  /// What each of `sought` is, as it was typed, where no file holds it.
  var soughtAbsences: [Absence] {
    quotations.map { Absence(kind: isUnquoted ? .text : .phrase, text: $0) }
      + cutTerms.map { Absence(kind: $0.isIdentifier ? .name : .word, text: $0.text) }
      + (signed.map { [Absence(kind: $0.kindOfAbsence, text: $0.text)] } ?? [])
  }
}
