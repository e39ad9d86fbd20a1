import Embedding
import Glibc
import Indexing
import Primitives
import Retrieval
import Segments

// Times searches in one warm process: cairn-benchmarks ROOT INDEX-DIRECTORY < questions
//
// Each question is asked once unmeasured and then `rounds` times over one snapshot, results verified on disk as always. Prints
// one JSON object: the percentiles of all searches, in milliseconds.

let rounds = 20

func fail(_ message: String) -> Never {
  let line = Array((message + "\n").utf8)
  _ = unsafe write(STDERR_FILENO, line, line.count)
  exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2 else { fail("usage: cairn-benchmarks ROOT INDEX-DIRECTORY < questions") }

do {
  let snapshot = try openSnapshot(directory: FilePath(arguments[1]))
  let searcher = Searcher(snapshot: snapshot, embedder: try StaticModel.builtIn(), root: FilePath(arguments[0]))
  var milliseconds: [Double] = []
  var questions = 0
  while let question = readLine() {
    questions += 1
    var query = SearchQuery(text: question)
    query.contextLineCount = 3
    _ = try searcher.search(query)
    for _ in 0..<rounds {
      let duration = try ContinuousClock().measure { _ = try searcher.search(query) }
      milliseconds.append(duration / .milliseconds(1))
    }
  }
  milliseconds.sort()
  func percentile(_ share: Double) -> Double {
    milliseconds.isEmpty ? 0 : milliseconds[Int(share * Double(milliseconds.count - 1))]
  }
  let chunks = snapshot.segments.reduce(0) { $0 + $1.segment.chunkCount }
  print(
    #"{"questions": \#(questions), "rounds": \#(rounds), "chunks": \#(chunks), "segments": \#(snapshot.segments.count), "#
      + #""p50_ms": \#(percentile(0.5)), "p95_ms": \#(percentile(0.95)), "p99_ms": \#(percentile(0.99))}"#)
} catch {
  fail("\(error)")
}
