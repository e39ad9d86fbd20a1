package import Patterns

/// A pattern of a query, `/sleep\([0-9]+\)/`, of which a line of a chunk holds a match.
package struct TextPattern: Hashable, Sendable {
  /// As it was typed, with its slashes.
  package let typed: String
  package let compiled: CompiledPattern

  package static func == (a: TextPattern, b: TextPattern) -> Bool { a.typed == b.typed }
  package func hash(into hasher: inout Hasher) { hasher.combine(typed) }
}

/// What has the form of a pattern and is none that can be matched.
package struct PatternMistake: Hashable, Sendable {
  /// As it was typed.
  package var typed: String
  package var reason: String
  /// Whether it is all of the query, so that nothing else can have been meant.
  package var isWhole: Bool
}
