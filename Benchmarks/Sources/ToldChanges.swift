import Chunking
import Corpus
import Embedding
import Indexing
import JSON
import Primitives
import TreeSitterChunking

/// Times runs that are told what has changed, as one that watches a tree does them: one file is gone, then it is there
/// again, `rounds` times. The tree is only read. Beside them a run over a whole listing in which nothing has changed,
/// and how long a merge goes on after it was cancelled.
struct ToldChanges {
  private let root: FilePath
  private let index: FilePath
  private let rounds: Int
  private let model: StaticModel

  init(root: String, index: String, rounds: Int) throws {
    self.root = FilePath(root)
    self.index = FilePath(index)
    self.rounds = rounds
    model = try StaticModel.builtIn()
  }

  private func writer(_ merging: IndexingOptions.Merging) -> IndexWriter {
    var options = IndexingOptions()
    options.merging = merging
    return IndexWriter(
      root: root, directory: index, embedder: model, chunker: Chunker(parser: TreeSitterParser()), options: options)
  }

  func report() throws -> JSONValue {
    let listing = try CorpusWalker(root: root).list()
    let whole = try writer(.none).perform(Cancellation(), corpus: .listing(listing))
    let cancelled = try cancelMerges()
    _ = try writer(.all).merge(Cancellation())
    let unchanged = try writer(.small).perform(Cancellation(), corpus: .listing(listing))

    var none = CorpusChanges(
      files: [], gone: [], skipped: [], leftOut: [:], fileCount: listing.files.count, unread: listing.unread,
      isCut: listing.isCut)
    for entry in listing.skipped { none.leftOut[entry.reason, default: 0] += 1 }
    var state = unchanged.state
    func run(_ change: (inout CorpusChanges) -> Void) throws -> IndexRunReport {
      guard let known = state else { throw Failure(.invalidArgument, "the run before gave no state") }
      var changes = none
      change(&changes)
      let report = try writer(.small).perform(Cancellation(), corpus: .changes(changes, since: known))
      state = report.state
      return report
    }
    var (nothing, gone, back): ([IndexRunReport], [IndexRunReport], [IndexRunReport]) = ([], [], [])
    var random = SeededRandom(seed: 1)
    for _ in 0..<rounds {
      let file = listing.files[Int.random(in: 0..<listing.files.count, using: &random)]
      nothing.append(try run { _ in })
      gone.append(
        try run {
          $0.gone = [file.path]
          $0.fileCount -= 1
        })
      back.append(try run { $0.files = [file] })
    }
    return [
      "files": .integer(listing.files.count), "rounds": .integer(rounds),
      "seconds_of_first_run": .real(whole.seconds), "seconds_of_whole_listing": .real(unchanged.seconds),
      "nothing": summary(nothing), "gone": summary(gone), "new": summary(back), "seconds_after_cancel": cancelled,
    ]
  }

  private func summary(_ reports: [IndexRunReport]) -> JSONValue {
    let seconds = reports.map(\.seconds).sorted()
    var stages: [JSONValue.Member] = []
    for (number, stage) in IndexStage.allCases.enumerated() {
      let total = reports.reduce(0.0) { $0 + $1.stages[number].seconds + $1.stages[number].waitingSeconds }
      if total > 0 { stages.append(JSONValue.Member(stage.rawValue, .real(total / Double(reports.count)))) }
    }
    return [
      "p50": .real(seconds[seconds.count / 2]), "max": .real(seconds[seconds.count - 1]),
      "processor": .real(reports.reduce(0) { $0 + $1.processorSeconds } / Double(reports.count)),
      "stages": .object(stages),
      "merges": .integer(reports.reduce(0) { $0 + $1.mergeCount }),
    ]
  }

  /// Merges are cancelled at a different time each, so at different places; nothing comes of most of them.
  private func cancelMerges() throws -> JSONValue {
    var seconds: [Double] = []
    for number in 1...rounds {
      let cancellation = Cancellation()
      let cancelled = Monitor<ContinuousClock.Instant?>(nil)
      let isOver = Monitor(false)
      let thread = BlockingThread {
        _ = isOver.wait(for: .milliseconds(37 * number)) { $0 }
        cancelled.update { $0 = .now }
        cancellation.cancel()
      }
      _ = try writer(.none).merge(cancellation)
      let ended = ContinuousClock.now
      isOver.update { $0 = true }
      thread?.join()
      let time = cancelled.wait { $0 }
      if time < ended { seconds.append(time.duration(to: ended) / .seconds(1)) }
    }
    seconds.sort()
    return [
      "count": .integer(seconds.count), "p50": .real(seconds.isEmpty ? 0 : seconds[seconds.count / 2]),
      "max": .real(seconds.last ?? 0),
    ]
  }
}
