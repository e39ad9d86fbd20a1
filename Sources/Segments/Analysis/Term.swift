/// What a posting list is kept for: a lower-cased word, or a lower-cased symbol name at the places that define it.
package struct Term: Hashable, Sendable, Comparable {
  package enum Field: UInt8, Sendable {
    /// A word of the text, of a symbol, or of the path: whole identifiers and their parts.
    case word = 1
    /// The whole name of a symbol that the chunk defines.
    case definition = 2
  }

  package var field: Field
  /// Lower-cased UTF-8.
  package var bytes: [UInt8]

  package init(field: Field, bytes: [UInt8]) {
    self.field = field
    self.bytes = bytes
  }
  package init(_ text: String, field: Field = .word) { self.init(field: field, bytes: Array(text.utf8)) }

  package static func < (a: Term, b: Term) -> Bool {
    a.field == b.field ? a.bytes.lexicographicallyPrecedes(b.bytes) : a.field.rawValue < b.field.rawValue
  }
}
