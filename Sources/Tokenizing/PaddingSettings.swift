/// How a `tokenizer.json` wants encodings of different lengths made equal. `Tokenizer` never pads: whoever makes a batch
/// does.
package struct PaddingSettings: Hashable, Sendable {
  package var id: Int32
  package var typeID: Int32
  package var token: String
  /// Whether the padding stands before the tokens.
  package var padsLeft: Bool
  /// The length to pad to; nothing for that of the longest of a batch.
  package var fixedLength: Int?
  package var multiple: Int?
}
