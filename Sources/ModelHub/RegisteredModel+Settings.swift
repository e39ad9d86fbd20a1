import JSON

extension RegisteredModel {
  /// The files that say how the model is asked, in the form that exported models bring them in: pooling, normalisation,
  /// length and prefixes. The registry writes them itself, so that every repository reads alike, whatever its own files
  /// leave out.
  var settings: [(target: String, content: JSONValue)] {
    if kind == .reranker { return [] }
    let module = { (index: Int, path: String, type: String) -> JSONValue in
      .object([
        .init("idx", .integer(index)), .init("name", .string("\(index)")), .init("path", .string(path)),
        .init("type", .string("sentence_transformers.models.\(type)")),
      ])
    }
    var settings: [(target: String, content: JSONValue)] = [
      (
        "modules.json",
        .array([module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling"), module(2, "2_Normalize", "Normalize")])
      ),
      (
        "1_Pooling/config.json",
        .object([
          .init("word_embedding_dimension", .integer(dimensions)),
          .init("pooling_mode_cls_token", .boolean(pooling == .cls)),
          .init("pooling_mode_mean_tokens", .boolean(pooling == .mean)),
        ])
      ),
      ("sentence_bert_config.json", .object([.init("max_seq_length", .integer(tokenLimit))])),
    ]
    if !queryPrefix.isEmpty || !documentPrefix.isEmpty {
      settings.append(
        (
          "config_sentence_transformers.json",
          .object([
            .init(
              "prompts",
              .object([.init("query", .string(queryPrefix)), .init("document", .string(documentPrefix))]))
          ])
        ))
    }
    return settings
  }
}
