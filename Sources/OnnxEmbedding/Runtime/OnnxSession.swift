import COnnxRuntime
package import Primitives

/// A model opened by ONNX Runtime.
// `@unchecked Sendable`: the runtime lets several threads run one session at once, and the pointer never changes.
@safe final class OnnxSession: InferenceSession, @unchecked Sendable {
  let inputs: [TensorDescription]
  let outputs: [TensorDescription]
  private let handle: OpaquePointer
  private let library: OnnxLibrary

  /// Opens the model at `path` on `device`, to run on `threadCount` threads.
  init(_ library: OnnxLibrary, opening path: FilePath, on device: OnnxDevice, threadCount: Int) throws(Failure) {
    var error = cor_error()
    let opened = unsafe device.withOptions(threadCount: threadCount) { options in
      unsafe path.description.withCString { name in unsafe cor_open(library.handle, name, options, &error) }
    }
    guard let opened = unsafe opened else { throw Failure(opening: path, on: device, error) }
    unsafe handle = opened
    self.library = library
    inputs = unsafe (0..<cor_input_count(opened)).map { i in
      unsafe TensorDescription(
        name: String(cString: cor_input_name(opened, i)), element: .init(cor_input_type(opened, i)))
    }
    outputs = unsafe (0..<cor_output_count(opened)).map { i in
      var shape = [Int64](repeating: 0, count: 8)
      let rank = unsafe cor_output_shape(opened, i, &shape, shape.count)
      return unsafe TensorDescription(
        name: String(cString: cor_output_name(opened, i)), element: .init(cor_output_type(opened, i)),
        shape: shape.prefix(rank).map { Int($0) })
    }
  }

  deinit { unsafe cor_close(handle) }

  func run(_ batch: TokenBatch, output: String) throws(Failure) -> ModelOutput {
    var error = cor_error()
    var ran: OpaquePointer?
    var failure: Failure?
    let columns: [(TensorDescription, [Int64])] = try inputs.map { (input) throws(Failure) in
      (input, try batch.values(for: input))
    }
    unsafe Self.withInputs(columns[...], []) { described in
      unsafe ran = output.withCString { name in
        unsafe described.withUnsafeBufferPointer { list in
          unsafe cor_run(
            handle, list.baseAddress, list.count, Int64(batch.rowCount), Int64(batch.columnCount), name, &error)
        }
      }
    }
    guard let result = unsafe ran else { throw Failure(running: error, rowCount: batch.rowCount) }
    defer { unsafe cor_outputs_release(result) }
    var shape = [Int64](repeating: 0, count: 8)
    let rank = unsafe cor_outputs_shape(result, &shape, shape.count)
    let sizes = shape.prefix(rank).map { Int($0) }
    let count = sizes.reduce(1, *)
    let data = unsafe cor_outputs_data(result)
    let element = unsafe TensorDescription.Element(cor_outputs_type(result))
    let values = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let data = unsafe data else { return }
      switch element {
      case .float32: unsafe buffer.baseAddress!.update(from: data.assumingMemoryBound(to: Float.self), count: count)
      case .float16: unsafe cor_widen(data.assumingMemoryBound(to: UInt16.self), buffer.baseAddress, count)
      default: failure = Failure(.unsupportedModel, "its output \(output) is neither single nor half precision")
      }
      filled = failure == nil ? count : 0
    }
    if let failure { throw failure }
    guard values.count == count else { throw Failure(.deviceFailed, "the device gave no values") }
    return ModelOutput(shape: sizes, values: values)
  }

  /// Calls `body` with the descriptions of all columns while their memory stays where it is.
  private static func withInputs(
    _ columns: ArraySlice<(TensorDescription, [Int64])>, _ described: [cor_input], _ body: ([cor_input]) -> Void
  ) {
    guard let (input, values) = columns.first else { return unsafe body(described) }
    let narrow = input.element == .int32 ? values.map { Int32(truncatingIfNeeded: $0) } : []
    unsafe input.name.withCString { name in
      func goOn(_ bytes: UnsafeRawBufferPointer, _ type: Int32) {
        let one = unsafe cor_input(name: name, type: type, data: bytes.baseAddress, byte_count: bytes.count)
        unsafe withInputs(columns.dropFirst(), described + [one], body)
      }
      if input.element == .int32 {
        unsafe narrow.withUnsafeBytes { unsafe goOn($0, Int32(COR_INT32)) }
      } else {
        unsafe values.withUnsafeBytes { unsafe goOn($0, Int32(COR_INT64)) }
      }
    }
  }
}

extension TokenBatch {
  /// What the input of that name is given.
  fileprivate func values(for input: TensorDescription) throws(Failure) -> [Int64] {
    switch input.name {
    case "input_ids": ids
    case "attention_mask": mask
    case "token_type_ids": typeIDs
    case "position_ids": positions
    default: throw Failure(.unsupportedModel, "it wants an input \(input.name), which Cairn does not know")
    }
  }
}

extension TensorDescription.Element {
  fileprivate init(_ type: Int32) {
    switch Int(type) {
    case Int(COR_FLOAT32): self = .float32
    case Int(COR_FLOAT16): self = .float16
    case Int(COR_INT32): self = .int32
    case Int(COR_INT64): self = .int64
    default: self = .other
    }
  }
}

extension OnnxDevice {
  /// Calls `body` with what the runtime is told about this device.
  fileprivate func withOptions(
    threadCount: Int, _ body: (UnsafePointer<cor_session_options>) -> OpaquePointer?
  ) -> OpaquePointer? {
    let (provider, name, option): (cor_provider, StaticString, (key: StaticString, value: StaticString)?) =
      switch self {
      case .cpu: (COR_CPU, "", nil)
      // As much as is asked for, not the next power of two: a batch that does not fit shows that earlier.
      case .cuda: (COR_CUDA, "", ("arena_extend_strategy", "kSameAsRequested"))
      case .rocm: (COR_ROCM, "", ("arena_extend_strategy", "kSameAsRequested"))
      case .migraphx: (COR_MIGRAPHX, "", nil)
      case .coreml: (COR_BY_NAME, "CoreML", nil)
      case .openvino: (COR_BY_NAME, "OpenVINO", nil)
      }
    func pointer(_ text: StaticString) -> UnsafePointer<CChar> {
      unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
    var keys: [UnsafePointer<CChar>?] = unsafe []
    var values: [UnsafePointer<CChar>?] = unsafe []
    if let option {
      unsafe keys = [pointer(option.key)]
      unsafe values = [pointer(option.value)]
    }
    return unsafe keys.withUnsafeBufferPointer { keys in
      unsafe values.withUnsafeBufferPointer { values in
        var options = unsafe cor_session_options(
          threads: Int32(threadCount), provider: provider, name: pointer(name), keys: keys.baseAddress,
          values: values.baseAddress, option_count: keys.count, keeps_memory: true)
        return unsafe body(&options)
      }
    }
  }
}

/// Opens one model's file through ONNX Runtime.
package struct OnnxSessionOpener: SessionOpener {
  private let library: OnnxLibrary
  private let path: FilePath
  private let threadCount: Int

  /// - Parameters:
  ///   - path: the model's file. It is read when it is opened, not now.
  ///   - threadCount: threads that one run uses; 1 runs on the calling thread alone.
  ///
  /// Throws `.runtimeMissing` where no ONNX Runtime is found in `places`, with what was tried.
  package init(_ path: FilePath, _ places: RuntimeSearchPath, threadCount: Int = 1) throws(Failure) {
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
