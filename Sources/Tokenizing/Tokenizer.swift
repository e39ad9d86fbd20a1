import Disk
package import JSON
package import Primitives

/// Text to the numbers a model takes, as a `tokenizer.json` says: the same numbers that the reference, the Python
/// package `tokenizers`, gives for the same file. `Docs/TOKENIZERS.md` says which parts of such files are known and
/// what was compared.
///
/// Thread-safe: threads share one tokenizer, each call has its own scratch. Time is linear in the text, but for the
/// logarithm where merges of a long word are ordered; memory is some ten times the text, and a cache of words of at
/// most a few megabytes for each thread that encodes at the same time as others.
package final class Tokenizer: Sendable {
  /// What the file says of texts that are too long. Applied where a call names no length.
  package let truncation: TruncationSettings?
  /// What the file says of padding. Never applied here.
  package let padding: PaddingSettings?
  /// One more than the highest number of a token.
  package let vocabularySize: Int

  private let normalizer: TextNormalizer?
  private let preTokenizer: PreTokenizer?
  private let model: TokenModel
  private let vocabulary: Vocabulary
  private let added: AddedTokens
  private let postProcessor: PostProcessor?
  private let pool = ScratchPool()

  /// The tokenizer that the file `path` holds. Throws as `init(parsing:)`, and where the file cannot be read.
  package convenience init(opening path: FilePath) throws(Failure) {
    do {
      try self.init(parsing: JSONValue(parsing: readFile(path, limit: Self.largestFile).bytes))
    } catch {
      var failure = error
      failure.path = path
      throw failure
    }
  }

  /// The largest vocabularies in use take 40 MB.
  private static let largestFile = 1 << 28

  /// The tokenizer of a parsed `tokenizer.json`.
  ///
  /// Throws `.wrongFormat` for a document that is none, `.unsupportedTokenizer` for one with a part that is not known:
  /// it is named. `decoder` is for turning numbers into text again and is not looked at.
  package init(parsing document: JSONValue) throws(Failure) {
    let file = TokenizerNode(document, path: "")
    try file.allow([
      "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder",
      "model",
    ])
    if let version = file["version"], version.value.string != "1.0" {
      throw version.unsupported("another version than 1.0")
    }
    let modelPart = try file.required("model")
    vocabulary = try Vocabulary(model: modelPart)
    normalizer = if let part = file["normalizer"] { try TextNormalizer(part) } else { nil }
    let cuts = if let part = file["pre_tokenizer"] { try PreTokenizer(part) } else { PreTokenizer?.none }
    let withBytes = TokenModel.canTakeBytes(modelPart) ? cuts?.leavingBytes : nil
    preTokenizer = withBytes ?? cuts
    model = try TokenModel(modelPart, vocabulary, takesBytes: withBytes != nil)
    added = try AddedTokens(file["added_tokens"], vocabulary, normalizer)
    postProcessor = if let part = file["post_processor"] { try PostProcessor(part) } else { nil }
    truncation = if let part = file["truncation"] { try TruncationSettings(part) } else { nil }
    padding = if let part = file["padding"] { try PaddingSettings(part) } else { nil }
    vocabularySize = 1 + Int(max(vocabulary.highestID, added.highestID))
  }

  /// The number of a token, if there is such a token.
  package func id(of token: String) -> Int32? { added.id(of: token) ?? vocabulary.id(of: token) }

  /// What shorter encodings of a batch are filled up with: as the file says, or the number of the token that is called
  /// so in the common families, or 0.
  package var padID: Int32 {
    if let padding { return padding.id }
    for token in ["[PAD]", "<pad>", "<|endoftext|>", "</s>"] {
      if let id = id(of: token) { return id }
    }
    return 0
  }

  /// - Parameters:
  ///   - text: may hold anything; special tokens that are spelt out in it are recognised, as by the reference.
  ///   - pair: a second text, which follows the first.
  ///   - maximumLength: in tokens, special ones included; nil for the file's own limit, `Int.max` for none. Cut on the
  ///     side and by the strategy that the file names, else on the right, the longer text first.
  ///   - addSpecialTokens: whether the model's own tokens, such as `[CLS]`, are added.
  ///
  /// Throws `.invalidArgument` where `maximumLength` leaves no room for special tokens, and `.wrongFormat` where the
  /// vocabulary has no token for what is unknown and the text needs one.
  package func encode(
    _ text: String, pair: String? = nil, maximumLength: Int? = nil, addSpecialTokens: Bool = true
  ) throws(Failure) -> Encoding {
    let first = Array(text.utf8)
    return try encode(
      wellFormed: [first] + (pair.map { [Array($0.utf8)] } ?? []), maximumLength: maximumLength,
      addSpecialTokens: addSpecialTokens)
  }

  /// The same for bytes. What is not UTF-8 counts as U+FFFD, as where Swift decodes it.
  package func encode(
    _ text: Span<UInt8>, maximumLength: Int? = nil, addSpecialTokens: Bool = true
  ) throws(Failure) -> Encoding {
    let bytes = unsafe text.withUnsafeBufferPointer { bytes in
      unsafe String(validating: bytes, as: UTF8.self) == nil
        ? Array(String(decoding: bytes, as: UTF8.self).utf8) : unsafe Array(bytes)
    }
    return try encode(wellFormed: [bytes], maximumLength: maximumLength, addSpecialTokens: addSpecialTokens)
  }

  private func encode(
    wellFormed texts: [[UInt8]], maximumLength: Int?, addSpecialTokens: Bool
  ) throws(Failure) -> Encoding {
    var encodings = try pool.borrow { (scratch) throws(Failure) in
      var encodings: [Encoding] = []
      for (number, text) in texts.enumerated() {
        var ids: [Int32] = []
        ids.reserveCapacity(text.count / 3)
        try encode(text, into: &ids, scratch)
        encodings.append(Encoding(ids: ids, typeIDs: Array(repeating: Int32(number), count: ids.count)))
      }
      return encodings
    }
    try truncate(&encodings, to: maximumLength, addSpecialTokens: addSpecialTokens)
    if let postProcessor { encodings = postProcessor.apply(encodings, addSpecialTokens: addSpecialTokens) }
    if encodings.count == 1 { return encodings[0] }
    return Encoding(ids: encodings.flatMap(\.ids), typeIDs: encodings.flatMap(\.typeIDs))
  }

  private func encode(_ text: [UInt8], into ids: inout [Int32], _ scratch: TokenizerScratch) throws(Failure) {
    scratch.text.removeAll(keepingCapacity: true)
    scratch.pieces.removeAll(keepingCapacity: true)
    added.split(text.span, normalized: false) { range, token in
      if token >= 0 {
        scratch.pieces.append(Pretoken(start: 0, end: 0, token: token))
      } else {
        addNormalized(text[range], beginsText: range.lowerBound == 0, scratch)
      }
    }
    preTokenizer?.apply(scratch)
    let text = scratch.text
    for piece in scratch.pieces {
      if piece.isText {
        try encode(text.span, piece.range, into: &ids, scratch)
      } else {
        ids.append(piece.token)
      }
    }
  }

  private func addNormalized(_ stretch: ArraySlice<UInt8>, beginsText: Bool, _ scratch: TokenizerScratch) {
    scratch.normalizing.text.removeAll(keepingCapacity: true)
    scratch.normalizing.text += stretch
    scratch.normalizing.beginsText = beginsText
    normalizer?.apply(&scratch.normalizing)
    let base = scratch.text.count
    let begins = scratch.normalizing.beginsText
    let text = scratch.normalizing.text
    scratch.text += text
    added.split(text.span, normalized: true) { range, token in
      scratch.pieces.append(
        Pretoken(
          start: base + range.lowerBound, end: base + range.upperBound, token: token,
          beginsText: begins && range.lowerBound == 0))
    }
  }

  @inline(__always)
  private func encode(
    _ text: Span<UInt8>, _ range: Range<Int>, into ids: inout [Int32], _ scratch: TokenizerScratch
  ) throws(Failure) {
    guard range.count <= WordCache.longestWord else {
      return try model.encode(text, range, into: &ids, &scratch.model)
    }
    let hash = scratch.words.hash(of: text.extracting(range))
    if scratch.words.append(text.extracting(range), hash: hash, to: &ids) { return }
    let before = ids.count
    try model.encode(text, range, into: &ids, &scratch.model)
    scratch.words.insert(text.extracting(range), hash: hash, ids[before...])
  }

  private func truncate(_ texts: inout [Encoding], to length: Int?, addSpecialTokens: Bool) throws(Failure) {
    guard let limit = length ?? truncation?.maximumLength else { return }
    let addedCount = addSpecialTokens ? postProcessor?.addedCount(isPair: texts.count == 2) ?? 0 : 0
    guard limit >= addedCount else {
      throw Failure(
        .invalidArgument, "\(limit) tokens do not suffice: the model's special tokens alone are \(addedCount)")
    }
    var settings = truncation ?? TruncationSettings(maximumLength: limit)
    settings.maximumLength = limit - addedCount
    try settings.apply(to: &texts)
  }
}

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
