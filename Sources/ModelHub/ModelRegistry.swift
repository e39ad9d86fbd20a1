/// The models that `cairn model pull` knows by name.
///
/// Sizes and hashes are those that several public projects pin for the same commit; where none was found, the field is
/// empty, and what the hub itself says of the file is checked instead.
package enum ModelRegistry {
  package static let all = [allMiniLM, bgeSmall, codeRank, jinaCode, nomicText, msMarco]

  /// The model called `name`, or the one that has it for a shorter name; letters of any case.
  package static func model(named name: String) -> RegisteredModel? {
    let wanted = name.lowercased()
    return all.first { $0.name.lowercased() == wanted || $0.aliases.contains(wanted) }
  }

  private typealias File = RegisteredModel.File

  private static func weights(
    _ source: String, _ precision: RegisteredModel.Precision, _ byteCount: Int?, _ sha256: String?
  ) -> File {
    let target =
      switch precision {
      case .fp32: "onnx/model.onnx"
      case .fp16: "onnx/model_fp16.onnx"
      case .int8: "onnx/model_int8.onnx"
      }
    return File(source: source, target: target, byteCount: byteCount, sha256: sha256, precision: precision)
  }

  private static func file(_ name: String, _ byteCount: Int?, _ sha256: String?) -> File {
    File(source: name, target: name, byteCount: byteCount, sha256: sha256)
  }

  /// The vocabulary of BERT in English, lower-cased, which many models share to the byte.
  private static let bertTokenizer = file(
    "tokenizer.json", 711_396, "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66")

  private static let allMiniLM = RegisteredModel(
    name: "all-MiniLM-L6-v2", aliases: ["minilm", "all-minilm"], kind: .embedding,
    repository: "sentence-transformers/all-MiniLM-L6-v2", revision: "1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
    dimensions: 384, tokenLimit: 256, pooling: .mean, queryPrefix: "", documentPrefix: "", licence: "Apache-2.0",
    summary: "The smallest: English text, 22 million parameters.",
    files: [
      weights(
        "onnx/model.onnx", .fp32, 90_405_214, "6fd5d72fe4589f189f8ebc006442dbb529bb7ce38f8082112682524616046452"),
      weights(
        "onnx/model_qint8_avx512.onnx", .int8, 23_026_053,
        "4278337fd0ff3c68bfb6291042cad8ab363e1d9fbc43dcb499fe91c871902474"),
      file("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
      file("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    ])

  private static let bgeSmall = RegisteredModel(
    name: "bge-small-en-v1.5", aliases: ["bge-small", "bge"], kind: .embedding, repository: "BAAI/bge-small-en-v1.5",
    revision: "5c38ec7c405ec4b44b94cc5a9bb96e735b38267a", dimensions: 384, tokenLimit: 512, pooling: .cls,
    queryPrefix: "Represent this sentence for searching relevant passages: ", documentPrefix: "", licence: "MIT",
    summary: "Small and made for retrieval: English text, 33 million parameters.",
    files: [
      weights(
        "onnx/model.onnx", .fp32, 133_093_490, "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35"),
      bertTokenizer, file("config.json", nil, nil),
    ])

  private static let codeRank = RegisteredModel(
    name: "CodeRankEmbed", aliases: ["coderank"], kind: .embedding, repository: "mrsladoje/CodeRankEmbed-onnx-int8",
    revision: "e74f446dc6e67e29fcee77213472c142f73a6bbb", dimensions: 768, tokenLimit: 512, pooling: .cls,
    queryPrefix: "Represent this query for searching relevant code: ", documentPrefix: "", licence: "MIT",
    summary: "Made for finding code: 137 million parameters, in int8 alone (exported by a third party).",
    files: [
      weights(
        "onnx/model.onnx", .int8, nil, "4eae31d09b1843103a1ebd5e2b2e24b5a5cad441a33906b35b12b1e2ed91d1db"),
      File(
        source: "tokenizer.json", target: "tokenizer.json", byteCount: nil,
        sha256: "91f1def9b9391fdabe028cd3f3fcc4efd34e5d1f08c3bf2de513ebb5911a1854", precision: nil,
        repository: "nomic-ai/CodeRankEmbed", revision: "3c4b60807d71f79b43f3c4363786d9493691f8b1"),
      file("config.json", nil, nil),
    ])

  private static let jinaCode = RegisteredModel(
    name: "jina-embeddings-v2-base-code", aliases: ["jina-code", "jina"], kind: .embedding,
    repository: "jinaai/jina-embeddings-v2-base-code", revision: "516f4baf13dec4ddddda8631e019b5737c8bc250",
    dimensions: 768, tokenLimit: 8192, pooling: .mean, queryPrefix: "", documentPrefix: "", licence: "Apache-2.0",
    summary: "English and 30 programming languages, long texts: 161 million parameters.",
    files: [
      weights(
        "onnx/model.onnx", .fp32, 641_517_466, "63363fc178428b74620c6f3780cbc7191883fa5c7f84c0945c45eb5c4256733b"),
      weights(
        "onnx/model_fp16.onnx", .fp16, nil, "1aafc4fcd63d2e6899e88402ff731e7c646c2e435048294a3cbc908a40d45d7c"),
      weights(
        "onnx/model_quantized.onnx", .int8, nil, "ed45870251c9f0cf656e78aab0d37a23489066df8a222bb1c8caf8a45f2cb16d"),
      file("tokenizer.json", 2_561_316, "b01c78a902aa4facb2f47f95449f48e2f7bbfea5d2472ee2f6ce92323c6f86e5"),
      file("config.json", nil, "e426aa684c7f9a95c5f020aa855faf93a24f065f5fad0c9e17b124670cabdea6"),
    ])

  private static let nomicText = RegisteredModel(
    name: "nomic-embed-text-v1.5", aliases: ["nomic", "nomic-text"], kind: .embedding,
    repository: "nomic-ai/nomic-embed-text-v1.5", revision: "e9b6763023c676ca8431644204f50c2b100d9aab",
    dimensions: 768, tokenLimit: 2048, pooling: .mean, queryPrefix: "search_query: ",
    documentPrefix: "search_document: ", licence: "Apache-2.0",
    summary: "English text, long texts: 137 million parameters.",
    files: [
      weights(
        "onnx/model.onnx", .fp32, 547_310_275, "147d5aa88c2101237358e17796cf3a227cead1ec304ec34b465bb08e9d952965"),
      weights(
        "onnx/model_int8.onnx", .int8, 137_296_292, "b4342336debaea79de872370664b0aaeb67dea4605513d00ee236ea871a81f27"),
      bertTokenizer, file("config.json", nil, nil),
    ])

  private static let msMarco = RegisteredModel(
    name: "ms-marco-MiniLM-L6-v2", aliases: ["ms-marco", "minilm-reranker"], kind: .reranker,
    repository: "cross-encoder/ms-marco-MiniLM-L6-v2", revision: "c5ee24cb16019beea0893ab7796b1df96625c6b8",
    dimensions: 1, tokenLimit: 512, pooling: .cls, queryPrefix: "", documentPrefix: "", licence: "Apache-2.0",
    summary: "A reranker (rerank_model): reads query and passage together, English text, 22 million parameters.",
    files: [
      weights(
        "onnx/model.onnx", .fp32, 91_011_230, "5d3e70fd0c9ff14b9b5169a51e957b7a9c74897afd0a35ce4bd318150c1d4d4a"),
      bertTokenizer, file("config.json", nil, nil),
    ])
}
