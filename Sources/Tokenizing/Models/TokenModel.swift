import JSON
import Primitives

/// What makes tokens of a piece of text.
enum TokenModel: Sendable {
  case wordPiece(WordPieceModel)
  case bytePair(BytePairModel)
  case unigram(UnigramModel)

  /// Reads `model`.
  ///
  /// - Parameter takesBytes: whether the model shall take bytes where it says characters that stand for them.
  init(_ part: TokenizerNode, _ vocabulary: Vocabulary, takesBytes: Bool) throws(Failure) {
    switch Self.type(of: part) {
    case "WordPiece": self = .wordPiece(try WordPieceModel(part, vocabulary))
    case "BPE": self = .bytePair(try BytePairModel(part, vocabulary, takesBytes: takesBytes))
    case "Unigram": self = .unigram(try UnigramModel(part, vocabulary))
    case let other: throw part.unsupported("a model of type \(other ?? "without a name")")
    }
  }

  static func canTakeBytes(_ part: TokenizerNode) -> Bool {
    type(of: part) == "BPE" && BytePairModel.canTakeBytes(part)
  }

  /// Appends the tokens of the piece at `range`, which is not empty.
  @inline(__always)
  func encode(
    _ text: Span<UInt8>, _ range: Range<Int>, into ids: inout [Int32], _ scratch: inout ModelScratch
  ) throws(Failure) {
    switch self {
    case .wordPiece(let model): try model.encode(text, range, into: &ids)
    case .bytePair(let model): try model.encode(text, range, into: &ids, &scratch)
    case .unigram(let model): try model.encode(text, range, into: &ids, &scratch)
    }
  }

  /// A file of old has no `type`: then the members tell.
  private static func type(of part: TokenizerNode) -> String? {
    if let type = part.type { return type }
    if part["merges"] != nil { return "BPE" }
    if part["vocab"]?.value.array != nil { return "Unigram" }
    if part["max_input_chars_per_word"] != nil { return "WordPiece" }
    return nil
  }
}

/// The working memory of models.
struct ModelScratch {
  /// BPE: the tokens of a word, and for each the rank of its merge with the next.
  var symbols: [Int32] = []
  var ranks: [UInt32] = []
  /// BPE, long words: neighbours, and merges by rank and place.
  var previous: [Int32] = []
  var next: [Int32] = []
  var queue = MinimumHeap()
  var bytes: [UInt8] = []
  /// Unigram: for each place the best path that ends there.
  var paths: [UnigramModel.Path] = []
  var tokens: [Int32] = []
}
