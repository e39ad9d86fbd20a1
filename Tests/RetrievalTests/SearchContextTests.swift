import Chunking
import Embedding
import Primitives
import QueryLanguage
import Retrieval
import Segments
import Synchronization
import TestSupport
import Testing

/// A search that is cancelled, or late, wherever it stands: it throws, and never gives a part of the answer for the
/// whole.
@Suite struct SearchContextTests {
  private let index: SmallIndex

  init() throws {
    let files = [
      SmallIndex.File(
        path: "lib/backoff.py", text: "def wait_before_retry(n):\n    return 2 ** n\n",
        symbols: [Symbol(kind: .function, name: "wait_before_retry", line: 1)]),
      SmallIndex.File(
        path: "lib/client.py", text: "import backoff\n\ndef fetch(url):\n    retry(url)\n",
        symbols: [Symbol(kind: .function, name: "fetch", line: 3)]),
      SmallIndex.File(
        path: "lib/retry.py", text: "class Retry:\n    def run(self):\n        raise Gone('no answer from the host')\n",
        symbols: [Symbol(kind: .type, name: "Retry", line: 1), Symbol(kind: .method, name: "run", line: 2)]),
      SmallIndex.File(path: "src/main.c", text: "int main(void) { return retry(); }\n", language: "c"),
    ]
    index = try SmallIndex(files, segmentCount: 2)
  }

  /// One of each kind of query: every phase of a search has work in one of them.
  private static let queries = [
    "wait before retry", "Retry", "\"no answer\" host", "lib/retry.py:2", "path:lib lang:python retry", "retyr",
    "lib/retyr.py",
    "    raise Gone('no answer from the host')", "=>", "ext:rs retry", "kind:enum retry", "std::Retry", "-x -N 20 -C 0",
    "Traceback (most recent call last):\n  File \"lib/retry.py\", line 3, in run\nGone: no answer from the host\n",
  ]

  /// A clock that calls `action` when it is looked at for the `number`th time, and counts how often it is.
  private final class ScriptedClock: Sendable {
    private let lookCount = Atomic(0)
    private let number: Int
    private let isLate: Bool
    let cancellation = Cancellation()
    private let start = ContinuousClock.now

    init(at number: Int, isLate: Bool) {
      self.number = number
      self.isLate = isLate
    }

    var count: Int { lookCount.load(ordering: .relaxed) }

    var context: SearchContext {
      SearchContext(deadline: start + .seconds(3600), cancellation: cancellation) {
        let count = self.lookCount.add(1, ordering: .relaxed).newValue
        if count < self.number { return self.start }
        if self.isLate { return self.start + .seconds(7200) }
        self.cancellation.cancel()
        return self.start
      }
    }
  }

  private func code(of body: () throws -> Void) -> Failure.Code? {
    do { try body() } catch { return (error as? Failure)?.code }
    return nil
  }

  @Test(arguments: queries)
  func `ends with an error at whichever check it is cancelled or late`(text: String) throws {
    let searcher = index.searcher(threadLimit: 1)
    let query = SearchQuery(text: text)
    let whole = try searcher.search(query)
    let counted = ScriptedClock(at: .max, isLate: false)
    #expect(try searcher.search(query, context: counted.context) == whole)
    #expect(counted.count > 10)
    for number in 1...counted.count {
      let stopped = ScriptedClock(at: number, isLate: false)
      #expect(code { _ = try searcher.search(query, context: stopped.context) } == .cancelled)
      let late = ScriptedClock(at: number, isLate: true)
      #expect(code { _ = try searcher.search(query, context: late.context) } == .timedOut)
    }
  }

  @Test func `ends so too while it looks for the like of a chunk`() throws {
    let searcher = index.searcher(threadLimit: 1)
    func related(_ context: SearchContext) throws -> SearchResults {
      try searcher.related(to: "lib/retry.py", line: 2, query: SearchQuery(text: ""), context: context)
    }
    let counted = ScriptedClock(at: .max, isLate: false)
    #expect(try related(counted.context) == related(SearchContext()))
    for number in 1...counted.count {
      #expect(code { _ = try related(ScriptedClock(at: number, isLate: false).context) } == .cancelled)
    }
  }

  @Test func `many threads give the whole answer or none`() throws {
    let searcher = index.searcher(threadLimit: 4)
    let query = SearchQuery(text: "wait before retry")
    let whole = try searcher.search(query)
    for number in 1...200 {
      let clock = ScriptedClock(at: number, isLate: number % 2 == 0)
      do {
        #expect(try searcher.search(query, context: clock.context) == whole)
      } catch {
        #expect(error.code == (number % 2 == 0 ? .timedOut : .cancelled))
      }
    }
  }

  /// Embeds, and cancels what it embeds for.
  private struct CancellingEmbedder: Embedder {
    let base = ScriptedEmbedder()
    var identity: ModelIdentity { ModelIdentity(name: "other", contentHash: base.identity.contentHash, dimensions: 64) }
    func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
      try base.embed(source, pieces: pieces, path: path)
    }
    func embed(query: String) throws(Failure) -> [Float] { try base.embed(query: query) }
    func embed(query: String, context: SearchContext) throws(Failure) -> [Float] {
      context.cancellation.cancel()
      return try base.embed(query: query)
    }
  }

  private final class CountingReranker: Reranker {
    let count = Atomic(0)
    var name: String { "counting" }
    func scores(of passages: [String], for query: String) throws(Failure) -> [Float] {
      count.add(1, ordering: .relaxed)
      return passages.map { _ in 0 }
    }
  }

  @Test func `does nothing more once it is cancelled while the query is embedded`() throws {
    let names = ScriptedEmbedder(gathering: 8)
    let reranker = CountingReranker()
    let searcher = index.searcher(
      embedder: CancellingEmbedder(), nameEmbedder: names, reranking: Reranking(reranker))
    let query = SearchQuery(text: "wait before retry")
    #expect(code { _ = try searcher.search(query, context: SearchContext()) } == .cancelled)
    #expect(names.queryCount == 0 && names.texts.count == 0 && reranker.count.load(ordering: .relaxed) == 0)
    let whole = index.searcher(embedder: ScriptedEmbedder(), nameEmbedder: names, reranking: Reranking(reranker))
    _ = try whole.search(query)
    #expect(names.texts.count > 0 && reranker.count.load(ordering: .relaxed) == 1)
  }

  @Test func `is not begun where it was cancelled, or is late, before`() throws {
    let embedder = ScriptedEmbedder(gathering: 8)
    let searcher = index.searcher(embedder: embedder)
    let cancelled = SearchContext()
    cancelled.cancellation.cancel()
    #expect(code { _ = try searcher.search(SearchQuery(text: "retry"), context: cancelled) } == .cancelled)
    let late = SearchContext(deadline: .now)
    #expect(code { _ = try searcher.search(SearchQuery(text: "retry"), context: late) } == .timedOut)
    #expect(embedder.queryCount == 0)
  }
}
