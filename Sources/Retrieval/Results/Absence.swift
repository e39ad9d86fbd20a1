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
  }
  package var kind: Kind
  /// As it was written.
  package var text: String
  /// Names that the index has and that are spelt nearly so, the nearest first, as they are written there; of a file, paths.
  package var nearNames: [String]
  /// Whether an indexed file holds it that the question's filters leave out.
  package var isElsewhere = false

  package init(kind: Kind, text: String, nearNames: [String], isElsewhere: Bool = false) {
    self.kind = kind
    self.text = text
    self.nearNames = nearNames
    self.isElsewhere = isElsewhere
  }
}

extension SignedName {
  /// What it is said to be where it is nowhere.
  var kindOfAbsence: Absence.Kind { kind == .option ? .word : .name }
}
