package import Embedding
package import Primitives
import Tokenizing

/// A transformer that embeds texts, through ONNX Runtime, from a directory in the layout of the Hugging Face hub and
/// sentence-transformers. Pooling, prompts and the longest text come from the model's own files; `Docs/MODELS.md` says
/// which.
///
/// Opening costs what the runtime needs to load and optimise the graph (0.2 s for 90 MB), and one run of a few tokens,
/// which shows that the device works. Thread-safe: calls share the session; one caller at a time keeps all cores busy.
package final class OnnxModel: BatchEmbedder {
  package let identity: ModelIdentity
  /// Tokens of the longest text that is read whole; the rest of a longer one is not seen.
  package let maximumLength: Int
  package let gatheredTextCount: Int

  private let tokenizer: Tokenizer
  private let runner: BatchRunner
  private let description: ModelDescription
  private let threadCount: Int
  /// Values in a row of the model's own output.
  private let width: Int

  /// Opens the model in `directory`.
  ///
  /// Throws `.notFound` where a file of it is missing, `.damaged` for weights that cannot be read, `.runtimeMissing`
  /// without ONNX Runtime, `.unsupportedModel` and `.unsupportedTokenizer` for what Cairn does not know,
  /// `.deviceFailed` where no device works, the CPU included.
  package convenience init(_ directory: FilePath, _ options: OnnxOptions = OnnxOptions()) throws(Failure) {
    let files = try ModelFiles(directory, precision: options.precision)
    try self.init(files, options, opener: OnnxSessionOpener(files.weights, options.places))
  }

  /// The same with sessions from `opener`.
  package init(_ files: ModelFiles, _ options: OnnxOptions, opener: any SessionOpener) throws(Failure) {
    var read = try ModelDescription(files)
    read.size.byteCount = try weightsByteCount(of: files)
    if let pooling = options.pooling { read.pooling = [pooling] }
    if let prefix = options.queryPrefix { read.queryPrompt = prefix }
    if let prefix = options.documentPrefix { read.documentPrompt = prefix }
    if let length = options.maximumLength { read.maximumLength = min(length, read.maximumLength) }
    let description = read
    let tokenizer = try Tokenizer(opening: files.tokenizer)
    let sample = try tokenizer.encode("find the code", maximumLength: description.maximumLength)
    let batch = TokenBatch([sample], padding: 0)
    let ladder = try DeviceLadder(
      OnnxDevice.order(named: options.device), opener: opener, report: options.report
    ) { (session) throws(Failure) in
      let signature = try ModelSignature(embeddingsOf: session)
      let row = try Self.rows(session.run(batch, output: signature.output), batch, signature, description)
      guard row.allSatisfy(\.isFinite) else { throw Failure(.deviceFailed, "it gave values that are no numbers") }
    }
    let footing = try ladder.footing()
    let signature = try ModelSignature(embeddingsOf: footing.session)
    if signature.form == .tokens, let module = description.unknownModule {
      throw Failure(
        .unsupportedModel,
        "the model has a layer \(module) behind its pooling, which is not in its ONNX file: export it with that "
          + "layer inside",
        path: files.directory)
    }
    width = try Self.rows(footing.session.run(batch, output: signature.output), batch, signature, description).count
    let dimensions = options.dimensions ?? width
    guard dimensions > 0, dimensions <= width else {
      throw Failure(
        .invalidArgument, "the model has \(width) dimensions: it cannot be cut to \(dimensions)", path: files.directory)
    }
    var name = options.name ?? files.directory.lastComponent.description
    if files.precision != .fp32 { name += "/\(files.precision.rawValue)" }
    if dimensions < width { name += "/\(dimensions)" }
    identity = ModelIdentity(name: name, contentHash: try weightsHash(of: files), dimensions: dimensions)
    threadCount = options.threadCount > 0 ? options.threadCount : coreCount
    maximumLength = description.maximumLength
    gatheredTextCount = footing.device.isAccelerator ? 4096 : 256
    self.tokenizer = tokenizer
    self.description = description
    runner = BatchRunner(
      ladder, output: signature.output, padding: Int64(tokenizer.padID), size: description.size,
      batchSize: options.batchSize, memoryByteCount: options.memoryByteCount, threadCount: threadCount
    ) { (output, batch) throws(Failure) in try Self.rows(output, batch, signature, description) }
  }

  /// Where it runs, and why not on the better devices: "on CPU (not on CUDA: ...)".
  package var deviceLine: String { runner.ladder.line }
  /// The device in use, and those that are not, with the reasons.
  package var device: OnnxDevice? { runner.ladder.outcome.device }
  package var declinedDevices: [DeclinedDevice] { runner.ladder.outcome.declined }

  package func embed(documents: [DocumentText]) throws(Failure) -> [Float] {
    try vectors(of: documents.map(\.text), prompt: description.documentPrompt)
  }

  package func embed(query: String) throws(Failure) -> [Float] {
    try vectors(of: [query], prompt: description.queryPrompt)
  }

  /// Vectors of unit length, cut to the model's dimensions; zeros for an empty text.
  private func vectors(of texts: [String], prompt: String) throws(Failure) -> [Float] {
    let numbers = texts.indices.filter { !texts[$0].isEmpty }
    let (tokenizer, limit) = (tokenizer, maximumLength)
    let encodings = try encodeInParallel(numbers.count, threadCount: threadCount) { (i) throws(Failure) in
      try tokenizer.encode(prompt + texts[numbers[i]], maximumLength: limit)
    }
    let rows = try runner.rows(of: encodings, width: width)
    let dimensions = identity.dimensions
    var vectors = [Float](repeating: 0, count: texts.count * dimensions)
    for (row, number) in numbers.enumerated() {
      var square = 0.0
      for k in 0..<dimensions { square += Double(rows[row * width + k]) * Double(rows[row * width + k]) }
      let factor = square > 0 ? Float(1 / square.squareRoot()) : 0
      for k in 0..<dimensions { vectors[number * dimensions + k] = rows[row * width + k] * factor }
    }
    return vectors
  }

  /// The vector of each text of a batch: pooled here, or by the model itself.
  private static func rows(
    _ output: ModelOutput, _ batch: TokenBatch, _ signature: ModelSignature, _ description: ModelDescription
  ) throws(Failure) -> [Float] {
    guard output.shape.first == batch.rowCount, output.shape.allSatisfy({ $0 > 0 }) else {
      throw Failure(.unsupportedModel, "the model's output has the shape \(output.shape) for \(batch.rowCount) texts")
    }
    if signature.form == .texts {
      guard output.shape.count == 2 else { throw Failure(.unsupportedModel, "its pooled output has no two dimensions") }
      return output.values
    }
    guard output.shape.count == 3, output.shape[1] == batch.columnCount else {
      throw Failure(.unsupportedModel, "the model gives \(output.shape), not a vector for each token")
    }
    let width = output.shape[2]
    let modes = description.pooling
    var rows = [Float](repeating: 0, count: batch.rowCount * width * modes.count)
    for row in 0..<batch.rowCount {
      for (number, mode) in modes.enumerated() {
        mode.pool(
          output.values.span, base: row * batch.columnCount * width, count: max(1, batch.lengths[row]), width: width,
          into: &rows, at: (row * modes.count + number) * width)
      }
    }
    return rows
  }
}
