import Primitives

extension RegisteredModel {
  /// Where repositories keep their weights, the usual place first.
  private static let weightNames: [Precision: [String]] = [
    .fp32: ["onnx/model.onnx", "model.onnx"],
    .fp16: ["onnx/model_fp16.onnx", "model_fp16.onnx"],
    .int8: [
      "onnx/model_quantized.onnx", "onnx/model_int8.onnx", "onnx/model_qint8_avx512_vnni.onnx",
      "onnx/model_qint8_avx512.onnx", "model_quantized.onnx",
    ],
  ]
  /// What stands beside the weights; of these only the tokenizer must be there.
  private static let companions = [
    "tokenizer.json", "config.json", "tokenizer_config.json", "special_tokens_map.json", "modules.json",
    "1_Pooling/config.json", "sentence_bert_config.json", "config_sentence_transformers.json",
  ]

  /// A repository's model as its list of files has it. Only files of known names are taken, whatever else the list
  /// says.
  init(
    repository: String, commit: String, name: String, listed: [Hub.ListedFile], _ precision: Precision
  ) throws(Failure) {
    func listedFile(_ path: String) -> Hub.ListedFile? { listed.first { $0.path == path } }
    guard let weights = Self.weightNames[precision]?.lazy.compactMap(listedFile).first else {
      let others = Precision.allCases.filter { other in
        Self.weightNames[other]?.contains { listedFile($0) != nil } ?? false
      }
      throw Failure(
        .notFound,
        others.isEmpty
          ? "\(repository) has no weights in ONNX form: export it first"
          : "\(repository) has no weights in \(precision.rawValue)",
        remedy: others.isEmpty
          ? Remedy(.addModel) : Remedy(.choosePrecision, others.map(\.rawValue).joined(separator: " or ")))
    }
    guard listedFile("tokenizer.json") != nil else {
      throw Failure(.notFound, "\(repository) has no tokenizer.json, without which texts cannot be read")
    }
    let target =
      switch precision {
      case .fp32: "onnx/model.onnx"
      case .fp16: "onnx/model_fp16.onnx"
      case .int8: "onnx/model_int8.onnx"
      }
    var files = [
      File(
        source: weights.path, target: target, byteCount: weights.byteCount, sha256: weights.sha256,
        precision: precision)
    ]
    // Weights of more than 2 GB stand in a file beside the graph, which names it.
    if let data = listedFile(weights.path + "_data") {
      let folder = target.prefix(through: target.lastIndex(of: "/") ?? target.startIndex)
      let file = data.path.split(separator: "/").last.map(String.init) ?? data.path
      files.append(
        File(
          source: data.path, target: folder + file, byteCount: data.byteCount, sha256: data.sha256,
          precision: precision))
    }
    for companion in Self.companions.compactMap(listedFile) {
      files.append(
        File(
          source: companion.path, target: companion.path, byteCount: companion.byteCount, sha256: companion.sha256))
    }
    self.init(
      name: name, aliases: [], kind: .embedding, repository: repository, revision: commit, dimensions: 0, tokenLimit: 0,
      pooling: .mean, queryPrefix: "", documentPrefix: "", licence: "", summary: "", files: files)
  }
}
