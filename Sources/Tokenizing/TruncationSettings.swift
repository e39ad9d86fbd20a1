/// How a `tokenizer.json` wants encodings cut that are too long.
package struct TruncationSettings: Hashable, Sendable {
  package enum Strategy: String, Sendable {
    /// From the longer text of a pair, then from both alike.
    case longestFirst = "LongestFirst"
    case onlyFirst = "OnlyFirst"
    case onlySecond = "OnlySecond"
  }

  /// In tokens, special ones included.
  package var maximumLength: Int
  package var strategy: Strategy
  /// Whether the beginning is dropped instead of the end.
  package var cutsLeft: Bool

  package init(maximumLength: Int, strategy: Strategy = .longestFirst, cutsLeft: Bool = false) {
    self.maximumLength = maximumLength
    self.strategy = strategy
    self.cutsLeft = cutsLeft
  }
}
