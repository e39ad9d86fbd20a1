/// Where thread time goes in a run.
struct StageTimes: Sendable {
  enum Stage: String, CaseIterable { case walk, read, chunk, analyse, embed, build, commit, merge }

  private var durations = [Duration](repeating: .zero, count: Stage.allCases.count)

  private static func index(_ stage: Stage) -> Int {
    switch stage {
    case .walk: 0
    case .read: 1
    case .chunk: 2
    case .analyse: 3
    case .embed: 4
    case .build: 5
    case .commit: 6
    case .merge: 7
    }
  }

  /// Runs `body` and counts its time for `stage`.
  mutating func measure<Result, Problem>(
    _ stage: Stage, _ body: () throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let start = ContinuousClock.now
    defer { durations[Self.index(stage)] += start.duration(to: .now) }
    return try body()
  }

  mutating func add(_ other: StageTimes) {
    for i in durations.indices { durations[i] += other.durations[i] }
  }

  var seconds: [(stage: String, seconds: Double)] {
    Stage.allCases.map { ($0.rawValue, durations[Self.index($0)] / .seconds(1)) }
  }
}
