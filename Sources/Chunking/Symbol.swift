/// A named thing that a chunk defines.
package struct Symbol: Hashable, Sendable {
  /// What is defined. The raw values are written to segments: never change the meaning of one.
  package enum Kind: UInt8, CaseIterable, Sendable {
    case function = 1
    case method, type, interface, enumeration, module, constant, variable, property, macro, section, table, rule, other
  }

  package var kind: Kind
  package var name: String
  /// The names around it, outermost first: `["Parser", "Options"]`.
  package var enclosing: [String]
  /// The line, from 1, on which its name stands.
  package var line: Int

  package init(kind: Kind, name: String, enclosing: [String] = [], line: Int) {
    self.kind = kind
    self.name = name
    self.enclosing = enclosing
    self.line = line
  }

  /// `Parser.Options.limit`
  package var qualifiedName: String { (enclosing + [name]).joined(separator: ".") }
}
