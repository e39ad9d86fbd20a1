import Primitives

/// A language as the chunker and the filters know it, by a lower-case name such as `python` or `csharp`: the name of
/// its grammar where there is one.
package struct Language: Hashable, Sendable {
  /// What kind of text it is; ranking treats a query about code differently from one about prose.
  package enum Kind: UInt8, Sendable {
    case code, markup, data, prose
    /// Of any of them, but written by a program. No language is: files are.
    case generated
  }

  package let name: String
  package let kind: Kind

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// The same language in a file that a program wrote.
  package var generated: Language { Language(name: name, kind: .generated) }

  /// Text in no language that we know.
  package static let plainText = Language(name: "text", kind: .prose)

  /// Code in no language that we know.
  package static let unknownCode = Language(name: "text", kind: .code)

  /// Every language that can be recognised, in the order of their names.
  package static var all: [Language] { LanguageTable.languages }

  /// The language that a person calls `name`: its own name or a common other one (`js`, `c++`, `golang`), in any case.
  /// Returns nil if none has that name.
  package static func named(_ name: String) -> Language? {
    LanguageTable.aliases[Array(name.utf8).asciiLowercased.span].map { LanguageTable.languages[$0] }
  }
}
