/// A text, or a pair of texts, as the numbers a model takes. Nothing is padded: every token is to be attended to.
package struct Encoding: Hashable, Sendable {
  /// Numbers of tokens in the model's vocabulary.
  package var ids: [Int32]
  /// For each token, which of the two texts it belongs to, as the file says for special tokens.
  package var typeIDs: [Int32]

  package init(ids: [Int32], typeIDs: [Int32]) {
    self.ids = ids
    self.typeIDs = typeIDs
  }
}
