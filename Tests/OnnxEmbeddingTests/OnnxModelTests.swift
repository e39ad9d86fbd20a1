import Disk
import Embedding
import OnnxEmbedding
import Primitives
import TestSupport
import Testing

@Suite(.enabled(if: Installed.hasRuntime, Comment(rawValue: Installed.runtimeAdvice)))
struct OnnxModelTests {
  private let tiny = Installed.fixture("tiny-embedder")

  /// A vector scaled to length one.
  private func unit(_ x: Float, _ y: Float, _ z: Float, _ w: Float) -> [Float] {
    let length = (x * x + y * y + z * z + w * w).squareRoot()
    return [x / length, y / length, z / length, w / length]
  }

  private func near(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 }
  }

  @Test func `A vector is the normalised mean over the tokens, padding left out`() throws {
    let model = try OnnxModel(tiny, Installed.options())
    #expect(model.identity.dimensions == 4)
    #expect(model.identity.name == "tiny-embedder")
    let vectors = try model.embed(documents: [DocumentText("red"), DocumentText("red green green")])
    #expect(near(Array(vectors[..<4]), [1, 0, 0, 0]))
    #expect(near(Array(vectors[4...]), unit(1, 2, 0, 0)))
  }

  @Test func `A question gets its prompt and a document does not`() throws {
    let model = try OnnxModel(tiny, Installed.options())
    // "find: " adds a row (0, 0, 0, 4).
    #expect(
      near(try model.embed(query: "red"), unit(1, 0, 0, 4)))
    let plain = try OnnxModel(tiny, Installed.options { $0.queryPrefix = "" })
    #expect(near(try plain.embed(query: "red"), [1, 0, 0, 0]))
  }

  @Test func `An empty text is zeros, and no texts are no vectors`() throws {
    let model = try OnnxModel(tiny, Installed.options())
    #expect(try model.embed(documents: []).isEmpty)
    let vectors = try model.embed(documents: [DocumentText(""), DocumentText("blue")])
    #expect(near(vectors, [0, 0, 0, 0, 0, 0, 1, 0]))
  }

  @Test func `What is longer than the model's own limit is cut`() throws {
    let model = try OnnxModel(tiny, Installed.options())
    #expect(model.maximumLength == 8)
    let long = "red red red red red red green green green"
    #expect(near(try model.embed(documents: [DocumentText(long)]), [1, 0, 0, 0]))
  }

  @Test func `Order and company do not change a vector, whatever the batches`() throws {
    let words = ["red", "green", "blue", "code", "find"]
    var random = SeededRandom(seed: 5)
    let texts = (0..<150).map { _ in
      DocumentText((0...Int(random.next() % 6)).map { _ in words[Int(random.next() % 5)] }.joined(separator: " "))
    }
    let alone = try texts.flatMap { try OnnxModel(tiny, Installed.options()).embed(documents: [$0]) }
    for batchSize in [0, 1, 7, 64] {
      let model = try OnnxModel(tiny, Installed.options { $0.batchSize = batchSize })
      #expect(near(try model.embed(documents: texts), alone))
    }
  }

  @Test func `Half precision and 32-bit inputs give the same vectors`() throws {
    let exact = try OnnxModel(tiny, Installed.options())
    let half = try OnnxModel(tiny, Installed.options { $0.precision = .fp16 })
    #expect(half.identity.name == "tiny-embedder/fp16")
    #expect(half.identity != exact.identity)
    let texts = [DocumentText("red code blue"), DocumentText("find green")]
    #expect(near(try half.embed(documents: texts), try exact.embed(documents: texts)))
  }

  @Test func `A model that pools by itself is taken at its word, wherever its file lies`() throws {
    let model = try OnnxModel(Installed.fixture("tiny-pooled"), Installed.options())
    #expect(model.identity.name == "tiny-pooled/int8")
    #expect(
      near(try model.embed(documents: [DocumentText("red blue")]), unit(1, 0, 1, 0)))
  }

  @Test func `Vectors can be cut, and are of unit length again`() throws {
    let model = try OnnxModel(tiny, Installed.options { $0.dimensions = 2 })
    #expect(model.identity.dimensions == 2)
    #expect(model.identity.name == "tiny-embedder/2")
    #expect(near(try model.embed(documents: [DocumentText("green find")]), [0, 1]))
    let failure = #expect(throws: Failure.self) { try OnnxModel(tiny, Installed.options { $0.dimensions = 5 }) }
    #expect(failure?.code == .invalidArgument)
  }

  @Test func `The CPU's line says why not the others`() throws {
    let model = try OnnxModel(tiny, Installed.options { $0.device = "coreml" })
    #expect(model.device == .cpu)
    #expect(model.deviceLine == "on CPU (not on CoreML: not in this build of ONNX Runtime)")
    let failure = #expect(throws: Failure.self) { try OnnxModel(tiny, Installed.options { $0.device = "abacus" }) }
    #expect(failure?.code == .invalidArgument)
  }

  @Test func `What is missing or damaged is said by its name`() throws {
    func failure(without left: Set<String>, and files: [String: String] = [:]) throws -> Failure? {
      let tree = try TemporaryTree()
      try copyModel("tiny-embedder", into: { try tree.write($0, $1) }, without: left)
      for (path, content) in files { try tree.write(FilePath(path), content) }
      return #expect(throws: Failure.self) { try OnnxModel(tree.root, Installed.options()) }
    }
    let weights: Set = ["onnx/model.onnx", "onnx/model_fp16.onnx"]
    #expect(try failure(without: weights)?.code == .notFound)
    #expect(try failure(without: weights)?.message.contains("onnx/model.onnx") == true)
    #expect(try failure(without: ["tokenizer.json"])?.message.contains("tokenizer.json") == true)
    #expect(try failure(without: weights, and: ["onnx/model.onnx": "not a model"])?.code == .damaged)
    #expect(try failure(without: [], and: ["tokenizer.json": "{"])?.code == .wrongFormat)
    #expect(try failure(without: [], and: ["config.json": "["])?.code == .wrongFormat)
    #expect(
      try failure(without: [], and: ["1_Pooling/config.json": #"{"pooling_mode": "dreams"}"#])?.code
        == .unsupportedModel)
    let dense = #"[{"idx": 2, "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]"#
    #expect(try failure(without: [], and: ["modules.json": dense])?.message.contains("Dense") == true)
    let nowhere = #expect(throws: Failure.self) { try OnnxModel("/nowhere", Installed.options()) }
    #expect(nowhere?.code == .notFound)
  }

  @Test func `The hash of the weights is remembered, and made anew when they change`() throws {
    let tree = try TemporaryTree()
    try copyModel("tiny-embedder", into: { try tree.write($0, $1) })
    let first = try OnnxModel(tree.root, Installed.options()).identity
    #expect(fileExists(tree.root.appending(".cairn-hash")))
    #expect(try OnnxModel(tree.root, Installed.options()).identity.contentHash == first.contentHash)
    try tree.write("onnx/model.onnx", try readFile(Installed.fixture("tiny-pooled/model_quantized.onnx")).bytes)
    #expect(try OnnxModel(tree.root, Installed.options()).identity.contentHash != first.contentHash)
  }
}
