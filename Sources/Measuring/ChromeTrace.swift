package import Cairn
import Disk
package import Indexing
import JSON
package import Primitives
import Synchronization

/// Gathers the steps of a run and writes them in the Chrome trace format, which chrome://tracing and Perfetto open.
///
/// Bounded: of a long run the shortest steps are left out, and the file says how many they were and how long they took.
/// Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU ("complete" events, times in
/// microseconds).
package final class ChromeTrace: TraceSink {
  /// A step, in as few bytes as it takes. Its file is kept because a slow step is most often a file's fault.
  private struct Step {
    var stage: IndexStage
    var thread: Int
    var start: Int64
    var nanoseconds: Int64
    var path: FilePath?
  }
  private struct State {
    var steps: [Step] = []
    /// Steps shorter than this are counted only.
    var shortest: Int64 = 0
    var droppedCount = 0
    var droppedNanoseconds: Int64 = 0

    mutating func drop(_ step: Step) {
      droppedCount += 1
      droppedNanoseconds += step.nanoseconds
    }

    /// Leaves out the shorter half.
    mutating func thin() {
      let sorted = steps.map(\.nanoseconds).sorted()
      shortest = sorted[sorted.count / 2] + 1
      for step in steps where step.nanoseconds < shortest { drop(step) }
      steps.removeAll { $0.nanoseconds < shortest }
    }
  }

  private let limit: Int
  private let state = Mutex(State())

  /// - Parameter limit: steps kept at most; 150,000 are a file of about 20 MB, which both viewers open.
  package init(limit: Int = 150_000) { self.limit = max(2, limit) }

  package func record(_ span: TraceSpan) {
    let step = Step(
      stage: span.stage, thread: span.thread, start: span.start.nanoseconds, nanoseconds: span.duration.nanoseconds,
      path: span.path)
    state.withLock { state in
      if step.nanoseconds < state.shortest { return state.drop(step) }
      state.steps.append(step)
      if state.steps.count > limit { state.thin() }
    }
  }

  private var isEmpty: Bool { state.withLock { $0.steps.isEmpty } }

  /// Writes the file at `path`; it appears whole or not at all.
  package func write(to path: FilePath) throws(Failure) {
    let held = state.withLock { $0 }
    var file = try AtomicFile(path)
    try file.write(Array("\(Self.beginning)\(Self.facts(of: held)),\"traceEvents\":[\n".utf8))
    var block = Self.names(of: Set(held.steps.map(\.thread)))
    for step in held.steps.sorted(by: { ($0.start, $0.thread) < ($1.start, $1.thread) }) {
      block += ",\n" + Self.event(step)
      if block.utf8.count > 1 << 16 {
        try file.write(Array(block.utf8))
        block = ""
      }
    }
    try file.write(Array((block + "\n]}\n").utf8))
    try file.commit()
  }

  /// Whether the file at `path` begins as those that `write` makes.
  private static func isTrace(_ path: FilePath) -> Bool {
    let mark = Array("\(beginning){\"program\":\"cairn ".utf8)
    return (try? readFile(path, upTo: mark.count).bytes) == mark
  }

  /// Throws where `write` could not write `file`. Asked before a run that may take minutes, not after it.
  private static func checkWritable(_ file: FilePath) throws(Failure) {
    let directory: FilePath = file.parent.isEmpty ? "." : file.parent
    guard isWritable(directory) else {
      throw Failure(
        .invalidArgument, "a trace cannot be written here; name a file in a directory that can be", path: file)
    }
    guard let status = try? FileStatus(of: file, followsLinks: false) else { return }
    guard status.kind == .file, status.byteCount == 0 || isTrace(file) else {
      throw Failure(
        .invalidArgument, "what is here is no trace of Cairn's and is not written over; remove it or name a new file",
        path: file)
    }
  }

  private static let beginning = "{\"displayTimeUnit\":\"ms\",\"otherData\":"

  private static func facts(of state: State) -> JSONValue {
    .object([
      .init("program", .string("cairn \(version)")), .init("steps", .integer(state.steps.count)),
      .init("steps_left_out", .integer(state.droppedCount)),
      .init("steps_left_out_ms", .real(Double(state.droppedNanoseconds) / 1e6)),
      .init("shortest_step_ms", .real(Double(state.shortest) / 1e6)),
    ])
  }

  private static func names(of threads: Set<Int>) -> String {
    let process = "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"tid\":0,\"args\":{\"name\":\"cairn index\"}}"
    return
      ([process]
      + threads.sorted().map { thread in
        let name = thread == 0 ? "build and commit" : "prepare \(thread)"
        return "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":\(thread),\"args\":{\"name\":\"\(name)\"}}"
      }).joined(separator: ",\n")
  }

  private static func event(_ step: Step) -> String {
    var text = "{\"name\":\"\(step.stage.rawValue)\",\"cat\":\"index\",\"ph\":\"X\",\"pid\":1,\"tid\":\(step.thread),"
    text += "\"ts\":\(microseconds(step.start)),\"dur\":\(microseconds(step.nanoseconds))"
    if let path = step.path { text += ",\"args\":{\"path\":\(JSONValue.string(path.description))}" }
    return text + "}"
  }

  /// With three places: 1234567 is 1234.567.
  private static func microseconds(_ nanoseconds: Int64) -> String {
    let rest = String(nanoseconds % 1000)
    return "\(nanoseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}

extension ChromeTrace {
  /// Does `run` with a trace and writes it to `file`, whatever comes of the run. Throws before it where the file cannot
  /// be written.
  package static func write<Result>(
    to file: Path, of run: (ChromeTrace) async throws(CairnError) -> Result
  ) async throws(CairnError) -> Result {
    try asCairnError { () throws(Failure) in try checkWritable(file.filePath) }
    let trace = ChromeTrace()
    let result: Result
    do throws(CairnError) { result = try await run(trace) } catch {
      // What a run did until it failed is what one wants to see then.
      if !trace.isEmpty { try? trace.write(to: file.filePath) }
      throw error
    }
    try asCairnError { () throws(Failure) in try trace.write(to: file.filePath) }
    return result
  }
}

extension Duration {
  /// Never negative: a clock that was read out of order gives a step of no length.
  fileprivate var nanoseconds: Int64 { max(0, Int64(self / .nanoseconds(1))) }
}
