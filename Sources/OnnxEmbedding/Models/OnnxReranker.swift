import Embedding
package import Primitives
import Tokenizing

/// A cross-encoder through ONNX Runtime: reads the query and a passage together and gives one score. Any directory in
/// the layout of the Hugging Face hub whose model gives logits: one for each pair, or two, of which the second less the
/// first counts. Thread-safe.
package final class OnnxReranker: Reranker {
  package let name: String

  private let tokenizer: Tokenizer
  private let runner: BatchRunner
  private let maximumLength: Int
  private let threadCount: Int

  /// Opens the model in `directory`. Throws as `OnnxModel` does, and `.unsupportedModel` where the model says that it
  /// is something else than a judge of pairs.
  package convenience init(_ directory: FilePath, _ options: OnnxOptions = OnnxOptions()) throws(Failure) {
    let files = try ModelFiles(directory, precision: options.precision)
    try self.init(files, options, opener: OnnxSessionOpener(files.weights, options.places))
  }

  /// The same with sessions from `opener`.
  package init(_ files: ModelFiles, _ options: OnnxOptions, opener: any SessionOpener) throws(Failure) {
    var description = try ModelDescription(files)
    guard description.architecture.isEmpty || description.architecture.hasSuffix("ForSequenceClassification") else {
      throw Failure(
        .unsupportedModel,
        "this is a \(description.architecture), not a cross-encoder: name a model ...ForSequenceClassification",
        path: files.directory)
    }
    description.size.byteCount = try weightsByteCount(of: files)
    if let length = options.maximumLength { description.maximumLength = min(length, description.maximumLength) }
    let tokenizer = try Tokenizer(opening: files.tokenizer)
    let sample = try tokenizer.encode("find", pair: "the code", maximumLength: description.maximumLength)
    let batch = TokenBatch([sample], padding: 0)
    let ladder = try DeviceLadder(
      OnnxDevice.order(named: options.device), opener: opener, report: options.report
    ) { (session) throws(Failure) in
      let signature = try ModelSignature(logitsOf: session)
      let scores = try Self.scores(session.run(batch, output: signature.output), batch)
      guard scores.allSatisfy(\.isFinite) else { throw Failure(.deviceFailed, "it gave values that are no numbers") }
    }
    let signature = try ModelSignature(logitsOf: ladder.footing().session)
    name = options.name ?? files.directory.lastComponent.description
    maximumLength = description.maximumLength
    threadCount = options.threadCount > 0 ? options.threadCount : coreCount
    self.tokenizer = tokenizer
    runner = BatchRunner(
      ladder, output: signature.output, padding: Int64(tokenizer.padID), size: description.size,
      batchSize: options.batchSize, memoryByteCount: options.memoryByteCount, threadCount: threadCount,
      reduction: { (output, batch) throws(Failure) in try Self.scores(output, batch) })
  }

  /// Where it runs, and why not on the better devices.
  package var deviceLine: String { runner.ladder.line }

  package func scores(of passages: [String], for query: String) throws(Failure) -> [Float] {
    let (tokenizer, limit) = (tokenizer, maximumLength)
    let encodings = try encodeInParallel(passages.count, threadCount: threadCount) { (i) throws(Failure) in
      try tokenizer.encode(query, pair: passages[i], maximumLength: limit)
    }
    return try runner.rows(of: encodings, width: 1)
  }

  private static func scores(_ output: ModelOutput, _ batch: TokenBatch) throws(Failure) -> [Float] {
    let columns = output.values.count / max(1, batch.rowCount)
    guard output.shape.first == batch.rowCount, columns == 1 || columns == 2,
      output.values.count == columns * batch.rowCount
    else { throw Failure(.unsupportedModel, "the model gives \(output.shape), not a score for each pair") }
    if columns == 1 { return output.values }
    return (0..<batch.rowCount).map { output.values[2 * $0 + 1] - output.values[2 * $0] }
  }
}
