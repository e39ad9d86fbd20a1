import COnnxRuntime
package import Primitives

extension Failure {
  /// Why a model could not be opened on a device.
  init(opening path: FilePath, on device: OnnxDevice, _ error: cor_error) {
    let cause = Self.text(of: error)
    switch error.code {
    case Code.protobuf, Code.model, Code.graph:
      self.init(
        .damaged, "it is no ONNX model, or a damaged one: get it again", path: path, cause: cause)
    case Code.noFile:
      self.init(.notFound, "there is no such model file", path: path, cause: cause)
    case Int32(COR_NO_MEMORY):
      self.init(.outOfMemory, "there is too little memory to open the model", path: path, cause: cause)
    default:
      self.init(
        Self.speaksOfMemory(cause) ? .outOfMemory : .deviceFailed, "the model cannot be opened on \(device.title)",
        path: path, cause: cause)
    }
  }

  /// Why a batch could not be run.
  init(running error: cor_error, rowCount: Int) {
    let cause = Self.text(of: error)
    if error.code == Int32(COR_NO_MEMORY) || Self.speaksOfMemory(cause) {
      self.init(.outOfMemory, "there is too little memory for \(rowCount) texts at once", cause: cause)
    } else {
      self.init(.deviceFailed, "the model could not be run", cause: cause)
    }
  }

  /// Whether the runtime's words are about memory. It has no code for that: every provider passes on what its own
  /// library says (the CPU's and CUDA's arenas, the C++ allocator, CUDA, cuBLAS, HIP).
  static func speaksOfMemory(_ text: String) -> Bool {
    let lower = text.lowercased()
    return [
      "failed to allocate memory", "out of memory", "out_of_memory", "outofmemory", "bad_alloc", "alloc_failed",
      "memory allocation failed", "available memory of", "cannot allocate memory",
    ].contains { lower.contains($0) }
  }

  /// The runtime's own codes (`OrtErrorCode`).
  private enum Code {
    static let noFile: Int32 = 3
    static let model: Int32 = 4
    static let protobuf: Int32 = 7
    static let graph: Int32 = 10
  }
}

extension Failure.Code {
  /// A model has a form that Cairn cannot use.
  package static let unsupportedModel = Self(rawValue: "unsupported-model")
}
