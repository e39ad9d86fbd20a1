import Disk
import Embedding
import Glibc
import IndexStorage
import Indexing
import JSON
import Primitives
import QueryLanguage
import Retrieval
import Segments

/// Times searches in one process over one snapshot, results verified on disk as always. Each query, a line of standard
/// input, is asked once unmeasured and then `rounds` times.
struct WarmSearch {
  private let snapshot: IndexSnapshot
  private let searcher: Searcher
  private let rounds: Int

  /// - Parameter trees: searched as one, in their order.
  init(_ trees: [(root: String, index: String)], rounds: Int) throws {
    self.rounds = rounds
    snapshot = IndexSnapshot(
      joining: try trees.map { try StoredIndex(directory: FilePath($0.index)).snapshot() })
    searcher = Searcher(
      snapshot: snapshot, embedder: try StaticModel.builtIn(), roots: trees.map { FilePath($0.root) })
  }

  func report() throws -> JSONValue {
    var seconds: [Double] = []
    var questions = 0
    let counters = Counters()
    var allocations = 0
    while let question = readLine() {
      questions += 1
      var query = SearchQuery(text: question)
      query.contextLineCount = 3
      query.explains = false
      _ = try searcher.search(query)
      for _ in 0..<rounds {
        let counts = try counters.measure { _ = try searcher.search(query) }
        seconds.append(counts.seconds)
        allocations += counts.allocations
      }
    }
    seconds.sort()
    func rank(_ share: Double) -> JSONValue {
      .real(seconds.isEmpty ? 0 : seconds[max(0, Int((share * Double(seconds.count)).rounded(.up)) - 1)])
    }
    let memory = Self.memory()
    return [
      "questions": .integer(questions), "rounds": .integer(rounds),
      "chunks": .integer(snapshot.segments.reduce(0) { $0 + $1.segment.chunkCount }),
      "segments": .integer(snapshot.segments.count),
      "seconds": [
        "p50": rank(0.5), "p95": rank(0.95), "p99": rank(0.99), "min": rank(0), "max": rank(1),
        "count": .integer(seconds.count),
      ],
      "allocations_per_search": .real(Double(allocations) / Double(max(1, seconds.count))),
      "own_bytes": .integer(memory.own), "resident_bytes": .integer(memory.resident),
    ]
  }

  /// Now: pages of its own, and with those of mapped files.
  private static func memory() -> (own: Int, resident: Int) {
    guard let file = unsafe fopen("/proc/self/statm", "re") else { return (0, 0) }
    defer { unsafe fclose(file) }
    var text = [UInt8](repeating: 0, count: 256)
    text.removeLast(text.count - (unsafe fread(&text, 1, text.count, file)))
    let pages = text.split(separator: UInt8(ascii: " ")).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard pages.count > 2 else { return (0, 0) }
    return ((pages[1] - pages[2]) * Int(getpagesize()), pages[1] * Int(getpagesize()))
  }
}
