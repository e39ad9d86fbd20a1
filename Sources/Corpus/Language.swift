import Primitives

/// A language as the chunker and the filters know it, by a lower-case name such as `python` or `c-sharp`.
package struct Language: Hashable, Sendable {
  /// What kind of text it is; ranking treats a question about code differently from one about prose.
  package enum Kind: UInt8, Sendable { case code, markup, data, prose }

  package let name: String
  package let kind: Kind

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// Text in no language that we know.
  package static let plainText = Language(name: "text", kind: .prose)
}
