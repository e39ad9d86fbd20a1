import Disk
import OnnxEmbedding
import Primitives
import TestSupport

/// What the tests need that is not in the repository, and the small models that are.
enum Installed {
  /// Places where the runtime is looked for: those of every program, and `.deps` of this repository.
  static let places: RuntimeSearchPath = {
    var places = RuntimeSearchPath.ofThisProcess()
    if processEnvironment()["CAIRN_ONNXRUNTIME"] == nil {
      places.places.insert(
        .init(title: "this repository", path: repository.appending(".deps/onnxruntime")), at: 0)
    }
    return places
  }()

  static let hasRuntime = RuntimeReport(places).version != nil
  static let minilm = repository.appending(".deps/models/all-MiniLM-L6-v2")
  static let hasMiniLM = hasRuntime && fileExists(minilm.appending("onnx/model.onnx"))

  static let runtimeAdvice = "ONNX Runtime is not installed: run Scripts/setup --onnx"
  static let modelAdvice = "all-MiniLM-L6-v2 is not there: run Scripts/setup --onnx and Models/export-minilm"

  /// `tiny-embedder`, `tiny-pooled`, `tiny-judge`: see `Tests/Fixtures/onnx/make`.
  static func fixture(_ name: String) -> FilePath { repository.appending("Tests/Fixtures/onnx/\(name)") }

  static func options(_ change: (inout OnnxOptions) -> Void = { _ in }) -> OnnxOptions {
    var options = OnnxOptions()
    options.places = places
    options.threadCount = 2
    change(&options)
    return options
  }
}

/// Copies a model's files into a tree of the test's own, without those named.
func copyModel(_ name: String, into tree: (FilePath, [UInt8]) throws -> Void, without left: Set<String> = []) throws {
  let source = Installed.fixture(name)
  func copy(_ path: FilePath) throws {
    for entry in try listDirectory(source.appending(path)) {
      let inside = path.appending(entry.name)
      if left.contains(inside.description) { continue }
      if try FileStatus(of: source.appending(inside)).kind == .directory {
        try copy(inside)
      } else {
        try tree(inside, try readFile(source.appending(inside)).bytes)
      }
    }
  }
  try copy("")
}
