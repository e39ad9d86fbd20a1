import Primitives

/// Opens one model's file through ONNX Runtime.
struct OnnxSessionOpener: SessionOpener {
  let library: OnnxLibrary
  let path: FilePath
  /// Threads that one run uses.
  let threadCount: Int

  var devices: Set<OnnxDevice> { library.devices }

  func open(on device: OnnxDevice) throws(Failure) -> any InferenceSession {
    try OnnxSession(library, opening: path, on: device, threadCount: threadCount)
  }
}
