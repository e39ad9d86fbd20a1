// Times an ONNX model on texts, for `Benchmarks/embedding`.
//
//     cairn-embedding-benchmark MODEL TEXTS [--vectors FILE] [--rounds N] [--batch-sizes 0,16,32] [--precision P]
//                               [--threads N] [--limit N]
//
// TEXTS is a file of texts, each ended by a NUL byte. The vectors of all texts are written to FILE as floats, from a
// run of their own. Then each batch size (0 is the adaptive one) embeds the first N texts in turn, round after round,
// so that a noisy machine disturbs all alike. Prints one JSON object.
import Disk
import Embedding
import Glibc
import JSON
import OnnxEmbedding
import Primitives

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return Double((ContinuousClock.now - start) / .nanoseconds(1)) / 1e9
}

func fail(_ message: String) -> Never {
  print("cairn-embedding-benchmark: \(message)")
  exit(2)
}

var arguments = Array(CommandLine.arguments.dropFirst())
var settings: [String: String] = [:]
var positional: [String] = []
while let argument = arguments.first {
  arguments.removeFirst()
  if argument.hasPrefix("--"), !arguments.isEmpty {
    settings[argument] = arguments.removeFirst()
  } else {
    positional.append(argument)
  }
}
guard positional.count == 2 else { fail("name a model's directory and a file of texts") }

do {
  let content = try readFile(FilePath(positional[1])).bytes
  let texts = content.split(separator: 0).map { DocumentText(String(decoding: $0, as: UTF8.self)) }
  let timed = Array(texts.prefix(Int(settings["--limit"] ?? "") ?? texts.count))
  let rounds = Int(settings["--rounds"] ?? "") ?? 1
  let sizes = (settings["--batch-sizes"] ?? "0,16,32").split(separator: ",").compactMap { Int($0) }
  func options(_ batchSize: Int) -> OnnxOptions {
    var options = OnnxOptions()
    options.batchSize = batchSize
    options.threadCount = Int(settings["--threads"] ?? "") ?? 0
    options.precision = settings["--precision"].flatMap(ModelPrecision.init(rawValue:))
    options.device = settings["--device"] ?? "auto"
    return options
  }
  let directory = FilePath(positional[0])
  var models: [OnnxModel] = []
  var opening: [JSONValue] = []
  for size in sizes {
    opening.append(.real(try seconds { models.append(try OnnxModel(directory, options(size))) }))
  }
  if let path = settings["--vectors"] {
    let vectors = try models[0].embed(documents: texts)
    var file = try AtomicFile(FilePath(path))
    try file.write(unsafe vectors.withUnsafeBytes { unsafe Array($0) })
    try file.commit()
  }
  // A model's first batches pay for memory, and the adaptive one learns.
  for model in models where rounds > 0 { _ = try model.embed(documents: Array(timed.prefix(256))) }
  var rates = [[JSONValue]](repeating: [], count: sizes.count)
  for _ in 0..<rounds {
    for (i, model) in models.enumerated() {
      // As the indexer does it: so many texts at a time.
      let elapsed = try seconds {
        for start in stride(from: 0, to: timed.count, by: model.gatheredTextCount) {
          _ = try model.embed(documents: Array(timed[start..<min(timed.count, start + model.gatheredTextCount)]))
        }
      }
      rates[i].append(.real(Double(timed.count) / elapsed))
    }
  }
  let queries = try (0..<20).map { _ in try seconds { _ = try models[0].embed(query: "where do sessions expire") } }
  let members = zip(sizes, rates).map { JSONValue.Member($0 == 0 ? "adaptive" : "fixed_\($0)", .array($1)) }
  let result: JSONValue = [
    "device": .string(models[0].deviceLine), "texts": .integer(timed.count),
    "dimensions": .integer(models[0].identity.dimensions),
    "texts_per_second": .object(members), "open_seconds": .array(opening),
    "query_seconds": .real(queries.sorted()[queries.count / 2]),
  ]
  print(result)
} catch let failure as Failure {
  fail(failure.description)
}
