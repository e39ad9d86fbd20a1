import Disk
import Embedding
import IndexStorage
import Indexing
import JSON
import Primitives
import QueryLanguage
import Retrieval
import Segments

/// Times how long a search goes on after it was cancelled. Each query, a line of standard input, is run `rounds` times;
/// each time another thread cancels it after `delay`, and what counts is from then until the search returns.
struct CancelledSearch {
  private let snapshot: IndexSnapshot
  private let searcher: Searcher
  private let rounds: Int
  private let delay: Duration

  init(root: String, index: String, rounds: Int, milliseconds: Int) throws {
    self.rounds = rounds
    delay = .milliseconds(milliseconds)
    snapshot = try StoredIndex(directory: FilePath(index)).snapshot()
    searcher = Searcher(snapshot: snapshot, embedder: try StaticModel.builtIn(), root: FilePath(root))
  }

  func report() throws -> JSONValue {
    var seconds: [Double] = []
    var finished = 0
    var queries = 0
    while let text = readLine() {
      queries += 1
      var query = SearchQuery(text: text)
      query.contextLineCount = 3
      _ = try searcher.search(query)
      for _ in 0..<rounds {
        if let time = secondsAfterCancel(query) { seconds.append(time) } else { finished += 1 }
      }
    }
    seconds.sort()
    func rank(_ share: Double) -> JSONValue {
      .real(seconds.isEmpty ? 0 : seconds[max(0, Int((share * Double(seconds.count)).rounded(.up)) - 1)])
    }
    return [
      "queries": .integer(queries), "rounds": .integer(rounds),
      "chunks": .integer(snapshot.segments.reduce(0) { $0 + $1.segment.chunkCount }),
      "cancelled": .integer(seconds.count), "finished_before": .integer(finished),
      "seconds_after_cancel": ["p50": rank(0.5), "p95": rank(0.95), "p99": rank(0.99), "max": rank(1)],
    ]
  }

  /// Nil where the search was done before it was cancelled.
  private func secondsAfterCancel(_ query: SearchQuery) -> Double? {
    let context = SearchContext()
    let times = Monitor(Times())
    let delay = delay
    let canceller = BlockingThread {
      times.update { $0.isReady = true }
      // Nobody wakes it but the end of the search.
      _ = times.wait(for: delay) { $0.isDone }
      times.update { $0.cancelled = .now }
      context.cancellation.cancel()
    }
    times.wait { $0.isReady ? () : nil }
    var isCancelled = false
    do throws(Failure) { _ = try searcher.search(query, context: context) } catch { isCancelled = true }
    let ended = ContinuousClock.now
    times.update { $0.isDone = true }
    canceller?.join()
    let cancelled = times.wait { $0.cancelled }
    return isCancelled ? cancelled.duration(to: ended) / .seconds(1) : nil
  }

  private struct Times: Sendable {
    var isReady = false
    var isDone = false
    var cancelled: ContinuousClock.Instant?
  }
}
