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
