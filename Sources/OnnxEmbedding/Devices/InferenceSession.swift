package import Primitives

/// A model opened on one device. Several threads may run it at once.
package protocol InferenceSession: Sendable {
  var inputs: [TensorDescription] { get }
  var outputs: [TensorDescription] { get }

  /// The output of that name for a batch. Throws `.outOfMemory` where the batch was too large for the device,
  /// `.deviceFailed` for everything else.
  func run(_ batch: TokenBatch, output: String) throws(Failure) -> ModelOutput
}

/// Opens a model on a device: ONNX Runtime, or what stands in for a device that fails in a test.
package protocol SessionOpener: Sendable {
  /// The devices that this runtime has parts for.
  var devices: Set<OnnxDevice> { get }

  /// Throws where the device is not there, its drivers cannot be loaded or the model cannot be opened on it.
  func open(on device: OnnxDevice) throws(Failure) -> any InferenceSession
}

/// An input or output of a model, as the model's file says.
package struct TensorDescription: Hashable, Sendable {
  package enum Element: Hashable, Sendable { case float32, float16, int64, int32, other }
  package var name: String
  package var element: Element
  /// Empty where it is unknown; -1 for a size that may be any.
  package var shape: [Int]

  package init(name: String, element: Element, shape: [Int] = []) {
    self.name = name
    self.element = element
    self.shape = shape
  }
}

extension Failure.Code {
  /// A device had too little memory for what it was to do.
  package static let outOfMemory = Self(rawValue: "out-of-memory")
  /// A device, or the part of the runtime for it, does not work.
  package static let deviceFailed = Self(rawValue: "device-failed")
}

/// A tensor that a model gave, in single precision.
package struct ModelOutput: Sendable {
  /// Two sizes (rows, values) or three (rows, tokens, values).
  package var shape: [Int]
  package var values: [Float]

  package init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }
}
