import Primitives

/// Which output of a model is read, and as what.
struct ModelSignature: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    /// A vector for each token.
    case tokens
    /// A vector for each text, pooled inside the model.
    case texts
  }
  var output: String
  var form: Form

  /// What an embedding model gives. A pooled output goes before token vectors: whatever stands behind the pooling is in
  /// it. Throws `.unsupportedModel` where an input is wanted that Cairn does not know, or no output fits.
  init(embeddingsOf session: any InferenceSession) throws(Failure) {
    try Self.check(session.inputs)
    let tensors = session.outputs.filter { $0.element == .float32 || $0.element == .float16 }
    let pooledNames = ["sentence_embedding", "sentence_embeddings", "text_embeds", "embeddings", "dense_vecs"]
    if let pooled = tensors.first(where: { $0.shape.count == 2 && pooledNames.contains($0.name) }) {
      self.init(output: pooled.name, form: .texts)
    } else if let tokens = tensors.first(where: { $0.name == "last_hidden_state" || $0.name == "token_embeddings" })
      ?? tensors.first(where: { $0.shape.count == 3 })
    {
      self.init(output: tokens.name, form: .tokens)
    } else if let pooled = tensors.first(where: { $0.shape.count == 2 }) {
      self.init(output: pooled.name, form: .texts)
    } else {
      throw Failure(.unsupportedModel, "none of its outputs is an embedding: \(Self.list(session.outputs))")
    }
  }

  /// What a cross-encoder gives: a row of logits for each pair.
  init(logitsOf session: any InferenceSession) throws(Failure) {
    try Self.check(session.inputs)
    let tensors = session.outputs.filter { $0.element == .float32 || $0.element == .float16 }
    guard let logits = tensors.first(where: { $0.name == "logits" }) ?? tensors.first(where: { $0.shape.count <= 2 })
    else { throw Failure(.unsupportedModel, "none of its outputs is a score: \(Self.list(session.outputs))") }
    self.init(output: logits.name, form: .texts)
  }

  private init(output: String, form: Form) {
    self.output = output
    self.form = form
  }

  private static func check(_ inputs: [TensorDescription]) throws(Failure) {
    let known = ["input_ids", "attention_mask", "token_type_ids", "position_ids"]
    for input in inputs {
      guard known.contains(input.name), input.element == .int64 || input.element == .int32 else {
        throw Failure(
          .unsupportedModel,
          "the model wants an input \(input.name), which Cairn does not know: export it as an encoder of texts")
      }
    }
    guard inputs.contains(where: { $0.name == "input_ids" }) else {
      throw Failure(.unsupportedModel, "the model has no input input_ids: it is no encoder of texts")
    }
  }

  private static func list(_ tensors: [TensorDescription]) -> String {
    tensors.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
  }
}
