import Disk
import Primitives

/// Measures the stages on one thread, and tells a trace of each step if there is one.
struct StageMeter: Sendable {
  private struct Sum {
    var processor = Duration.zero
    var total = Duration.zero
    var byteCount = 0
    var count = 0
  }
  private var sums = [Sum](repeating: Sum(), count: IndexStage.allCases.count)
  private let trace: Trace?
  private let thread: Int
  private let path: FilePath?

  /// What a run's meters have in common.
  struct Trace: Sendable {
    let sink: any TraceSink
    let runStart: ContinuousClock.Instant
  }

  init(trace: Trace? = nil, thread: Int = 0, path: FilePath? = nil) {
    self.trace = trace
    self.thread = thread
    self.path = path
  }

  /// Runs `body` and counts its time, and `byteCount` bytes, for `stage`.
  mutating func measure<Result, Problem>(
    _ stage: IndexStage, byteCount: Int = 0, _ body: () throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let start = ContinuousClock.now
    let processorStart = threadProcessorTime()
    defer {
      let duration = start.duration(to: .now)
      let i = stage.index
      sums[i].processor += threadProcessorTime() - processorStart
      sums[i].total += duration
      sums[i].byteCount += byteCount
      sums[i].count += 1
      if let trace {
        trace.sink.record(
          TraceSpan(
            stage: stage, thread: thread, start: trace.runStart.duration(to: start), duration: duration, path: path))
      }
    }
    return try body()
  }

  /// Counts bytes that were known only after the step.
  mutating func add(byteCount: Int, to stage: IndexStage) { sums[stage.index].byteCount += byteCount }

  mutating func add(_ other: StageMeter) {
    for i in sums.indices {
      sums[i].processor += other.sums[i].processor
      sums[i].total += other.sums[i].total
      sums[i].byteCount += other.sums[i].byteCount
      sums[i].count += other.sums[i].count
    }
  }

  var reports: [StageReport] {
    IndexStage.allCases.map { stage in
      var report = StageReport(stage: stage)
      let sum = sums[stage.index]
      report.seconds = sum.processor / .seconds(1)
      // The two clocks do not tick together.
      report.waitingSeconds = max(0, (sum.total - sum.processor) / .seconds(1))
      report.byteCount = sum.byteCount
      report.count = sum.count
      return report
    }
  }
}

extension IndexStage {
  fileprivate var index: Int {
    switch self {
    case .walk: 0
    case .compare: 1
    case .read: 2
    case .chunk: 3
    case .analyse: 4
    case .embed: 5
    case .build: 6
    case .commit: 7
    case .merge: 8
    }
  }
}
