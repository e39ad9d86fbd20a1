/// One signal's part in a score.
package struct ExplanationPart: Hashable, Sendable {
  /// `words`, `meaning`, `definition`, `path words`, `test file`, ...
  package var signal: String
  package var value: Float
  /// In words, for a person.
  package var note: String
  package init(signal: String, value: Float, note: String) {
    self.signal = signal
    self.value = value
    self.note = note
  }
}
