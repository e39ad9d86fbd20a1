import Embedding
import OnnxEmbedding
import Primitives
import Synchronization
import Testing

/// Devices that are not on the machine are stood in for by sessions that fail in the ways those do; the CPU below them
/// is the real one.
@Suite(.enabled(if: Installed.hasRuntime, Comment(rawValue: Installed.runtimeAdvice)))
struct DeviceFallbackTests {
  enum Fault: Sendable, Equatable {
    case doesNotOpen
    /// The probe already gives values that are no numbers.
    case givesNoNumbers
    /// The first runs work: the probes at opening and so many batches; then it gives no numbers.
    case givesNoNumbersAfter(Int)
    case breaksAfter(Int)
    /// Batches of more texts than this do not fit.
    case fits(Int)
  }

  struct FaultyOpener: SessionOpener {
    let real: OnnxSessionOpener
    let faults: [OnnxDevice: Fault]
    let log = Log()
    var devices: Set<OnnxDevice> { Set(faults.keys).union([.cpu]) }

    func open(on device: OnnxDevice) throws(Failure) -> any InferenceSession {
      log.add("open \(device.title)")
      let session = try real.open(on: .cpu)
      guard let fault = faults[device] else { return session }
      if fault == .doesNotOpen { throw Failure(.deviceFailed, "it cannot be opened", cause: "no driver") }
      return FaultySession(session, fault, device, log)
    }
  }

  final class Log: Sendable {
    private let entries = Mutex<[String]>([])
    func add(_ entry: String) { entries.withLock { $0.append(entry) } }
    var all: [String] { entries.withLock { $0 } }
  }

  final class FaultySession: InferenceSession {
    let real: any InferenceSession
    let fault: Fault
    let device: OnnxDevice
    let log: Log
    private let runs = Atomic<Int>(0)
    var inputs: [TensorDescription] { real.inputs }
    var outputs: [TensorDescription] { real.outputs }

    init(_ real: any InferenceSession, _ fault: Fault, _ device: OnnxDevice, _ log: Log) {
      (self.real, self.fault, self.device, self.log) = (real, fault, device, log)
    }

    func run(_ batch: TokenBatch, output: String) throws(Failure) -> ModelOutput {
      let earlier = runs.add(1, ordering: .relaxed).oldValue
      var result = try real.run(batch, output: output)
      switch fault {
      case .givesNoNumbers: result.values[0] = .nan
      // Two runs of one text open a model.
      case .givesNoNumbersAfter(let count) where earlier >= count + 2: result.values[0] = .infinity
      case .breaksAfter(let count) where earlier >= count + 2:
        throw Failure(.deviceFailed, "the model could not be run", cause: "device lost")
      case .fits(let count) where batch.rowCount > count:
        log.add("\(device.title) refused \(batch.rowCount)")
        throw Failure(.outOfMemory, "there is too little memory", cause: "out of memory")
      default: break
      }
      return result
    }
  }

  private let files: ModelFiles
  private let texts: [DocumentText]

  init() throws {
    files = try ModelFiles(Installed.fixture("tiny-embedder"))
    let words = ["red", "green", "blue", "code"]
    texts = (0..<64).map { i in DocumentText((0...(i % 5)).map { words[($0 + i) % 4] }.joined(separator: " ")) }
  }

  private func opener(_ faults: [OnnxDevice: Fault]) throws -> FaultyOpener {
    FaultyOpener(real: try OnnxSessionOpener(files.weights, Installed.places), faults: faults)
  }

  private func expected() throws -> [Float] {
    try OnnxModel(files.directory, Installed.options()).embed(documents: texts)
  }

  @Test func `Devices are tried best first, and the line says why not the better ones`() throws {
    let lines = Log()
    let opener = try opener([.cuda: .doesNotOpen, .rocm: .givesNoNumbers, .openvino: .fits(1000)])
    let model = try OnnxModel(files, Installed.options { $0.report = { lines.add($0) } }, opener: opener)
    #expect(opener.log.all == ["open CUDA", "open ROCm", "open OpenVINO"])
    #expect(model.device == .openvino)
    let line =
      "on OpenVINO (not on CUDA: no driver; MIGraphX, CoreML: not in this build of ONNX Runtime; "
      + "ROCm: it gave values that are no numbers)"
    #expect(lines.all == [line])
    #expect(try model.embed(documents: texts) == expected())
  }

  @Test(arguments: [Fault.givesNoNumbersAfter(2), .breaksAfter(2), .breaksAfter(0)])
  func `A device that fails in the middle of a run is given up, and no text is lost`(_ fault: Fault) throws {
    let lines = Log()
    let opener = try opener([.cuda: fault])
    let model = try OnnxModel(
      files,
      Installed.options {
        $0.batchSize = 8
        $0.report = { lines.add($0) }
      }, opener: opener)
    #expect(model.device == .cuda)
    #expect(try model.embed(documents: texts) == expected())
    #expect(model.device == .cpu)
    #expect(lines.all.count == 2)
    #expect(lines.all.last?.hasPrefix("on CPU (not on CUDA: ") == true)
    #expect(opener.log.all == ["open CUDA", "open CPU"])
  }

  @Test func `Batches are halved when memory runs out, and stay small`() throws {
    let opener = try opener([.cuda: .fits(5)])
    let model = try OnnxModel(files, Installed.options { $0.batchSize = 64 }, opener: opener)
    #expect(try model.embed(documents: texts) == expected())
    #expect(model.device == .cuda)
    let refused = opener.log.all.filter { $0.hasPrefix("CUDA refused") }
    #expect((1...5).contains(refused.count))
    _ = try model.embed(documents: texts)
    #expect(opener.log.all.filter { $0.hasPrefix("CUDA refused") } == refused)
  }

  @Test func `A device without memory for one text is given up for the CPU`() throws {
    let opener = try opener([.cuda: .fits(0), .rocm: .fits(0)])
    let model = try OnnxModel(files, Installed.options(), opener: opener)
    #expect(model.device == .cpu)
    #expect(model.declinedDevices.contains(DeclinedDevice(device: .cuda, reason: "out of memory")))
    #expect(try model.embed(documents: texts) == expected())
  }

  @Test func `When the CPU fails too the run ends with its failure`() throws {
    let opener = try opener([.cuda: .breaksAfter(1), .cpu: .breaksAfter(1)])
    let model = try OnnxModel(files, Installed.options { $0.batchSize = 4 }, opener: opener)
    let failure = #expect(throws: Failure.self) { try model.embed(documents: texts) }
    #expect(failure?.code == .deviceFailed)
    #expect(failure?.cause == "device lost")
    #expect(throws: Failure.self) { try model.embed(query: "red") }
  }
}
