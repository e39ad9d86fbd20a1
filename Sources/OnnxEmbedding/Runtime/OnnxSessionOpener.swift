package import Primitives

/// Opens one model's file through ONNX Runtime.
package struct OnnxSessionOpener: SessionOpener {
  private let library: OnnxLibrary
  private let path: FilePath
  private let threadCount: Int

  /// - Parameters:
  ///   - path: the model's file. It is looked at when it is opened, not now.
  ///   - threadCount: threads that one run uses; 1 runs on the calling thread alone.
  ///
  /// Throws `.runtimeMissing` where no ONNX Runtime is found in `places`, with what was tried.
  package init(_ path: FilePath, _ places: RuntimePlaces, threadCount: Int = 1) throws(Failure) {
    guard let library = OnnxLibrary.search(places).library else { throw RuntimeReport(places).failure }
    self.library = library
    self.path = path
    self.threadCount = threadCount
  }

  package var devices: Set<OnnxDevice> { library.devices }

  package func open(on device: OnnxDevice) throws(Failure) -> any InferenceSession {
    try OnnxSession(library, opening: path, on: device, threadCount: threadCount)
  }
}
