/// How a model is opened. What is left out follows from the model's files and the machine.
package struct OnnxOptions: Sendable {
  /// What the model is called in the identity of its vectors; nil for the name of its directory.
  package var name: String?
  /// The setting `device`: `auto`, or the device to try before the CPU.
  package var device = "auto"
  /// Nil for the most exact weights that are there.
  package var precision: ModelPrecision?
  /// Threads that compute; 0 for one a core.
  package var threadCount = 0
  /// Texts in one run; 0 follows lengths, device, model and memory.
  package var batchSize = 0
  /// Dimensions that are kept of each vector, for models made to be cut; nil for all.
  package var dimensions: Int?
  /// Bytes that batches may take on the CPU; nil for what is free when the model is opened.
  package var memoryByteCount: Int?
  /// What the registry knows of a model whose files do not say it.
  package var pooling: Pooling?
  package var queryPrefix: String?
  package var documentPrefix: String?
  package var maximumLength: Int?
  /// Where ONNX Runtime is searched for.
  package var places = RuntimeSearchPath.ofThisProcess()
  /// Told in one line on which device a model runs and why not on the better ones: once it is open, and again if that
  /// changes. May be called on any thread.
  package var report: @Sendable (String) -> Void = { _ in }

  package init() {}
}

/// The numbers that a model's weights are kept in.
package enum ModelPrecision: String, CaseIterable, Hashable, Sendable {
  case fp32, fp16, int8

  /// What a weights file of this precision may be called, the usual names first.
  var fileNames: [String] {
    switch self {
    case .fp32: ["model"]
    case .fp16: ["model_fp16", "model_float16"]
    case .int8: ["model_int8", "model_quantized", "model_qint8_avx512_vnni", "model_qint8_avx512", "model_uint8"]
    }
  }
}
