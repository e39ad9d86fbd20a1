package import Primitives

/// Where a model can run, best first.
package enum OnnxDevice: String, CaseIterable, Hashable, Sendable {
  case cuda, migraphx, rocm, coreml, openvino, cpu

  /// What people call it.
  package var title: String {
    switch self {
    case .cuda: "CUDA"
    case .migraphx: "MIGraphX"
    case .rocm: "ROCm"
    case .coreml: "CoreML"
    case .openvino: "OpenVINO"
    case .cpu: "CPU"
    }
  }

  /// What ONNX Runtime calls its part for it.
  package var providerName: String {
    switch self {
    case .cuda: "CUDAExecutionProvider"
    case .migraphx: "MIGraphXExecutionProvider"
    case .rocm: "ROCMExecutionProvider"
    case .coreml: "CoreMLExecutionProvider"
    case .openvino: "OpenVINOExecutionProvider"
    case .cpu: "CPUExecutionProvider"
    }
  }

  /// Whether batches should be as large as its memory allows.
  package var isAccelerator: Bool { self == .cuda || self == .migraphx || self == .rocm }

  /// The devices tried for the setting `device`, in order: all of them for `auto`, else the named one and then the CPU
  /// (`rocm` stands for both ways to an AMD device). Throws `.invalidArgument` for a name that is none.
  package static func order(named setting: String) throws(Failure) -> [OnnxDevice] {
    if setting == "auto" { return allCases }
    guard let device = OnnxDevice(rawValue: setting) else {
      throw Failure(
        .invalidArgument, "there is no device \(setting): name auto, cpu, cuda, rocm, coreml or openvino")
    }
    return (device == .rocm ? [.migraphx, .rocm] : [device]) + (device == .cpu ? [] : [.cpu])
  }
}
