import Cairn
import Disk
import Primitives
import Settings
import TestSupport
import Testing

@Suite struct ConcurrentSearchTests {
  let project: TemporaryTree
  let workspace: Workspace

  init() throws {
    project = try TemporaryTree()
    for number in 0..<40 {
      try project.write(
        FilePath("part\(number).py"), "def handle_part_\(number)(value):\n    return value + \(number)\n")
    }
    workspace = try Workspace(
      root: Path(project.root), configuration: Configuration(),
      environment: Environment(["HOME": project.root.description]))
  }

  @Test func `searches that all find no index yet share the runs that build it`() async throws {
    let responses = try await withThrowingTaskGroup(of: SearchResponse.self) { group in
      for number in 0..<40 {
        group.addTask { try await workspace.search(SearchRequest("handle_part_\(number)")) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(responses.count == 40)
    for response in responses {
      #expect(response.hits.first?.snippet.first?.contains("handle_part_") == true)
      // Nobody is told of another process, or of a run of this one.
      #expect(response.notes == [])
      #expect(response.isComplete)
    }
    // What was built once was not built again: the first commit is the only one.
    #expect(Set(responses.map(\.generation)).count == 1)
  }

  @Test func `a change is found by every search that began after it, however many there are`() async throws {
    _ = try await workspace.index()
    for round in 0..<5 {
      try project.write("late.py", "def late_function_\(round)():\n    pass\n")
      try await withThrowingTaskGroup(of: SearchResponse.self) { group in
        for _ in 0..<12 {
          group.addTask { try await workspace.search(SearchRequest("late_function_\(round)")) }
        }
        for try await response in group { #expect(response.hits.first?.path == "late.py") }
      }
    }
  }

  /// Searches so often at once, each of which must find something; the median and the 99th percentile in milliseconds.
  private func latencies(of count: Int) async throws -> [Double] {
    let clock = ContinuousClock()
    let times = try await withThrowingTaskGroup(of: Duration.self) { group in
      for number in 0..<count {
        group.addTask {
          var request = SearchRequest("handle_part_\(number % 40)")
          request.freshness = .asIs
          let began = clock.now
          let hits = try await workspace.search(request).hits
          let time = began.duration(to: clock.now)
          #expect(!hits.isEmpty)
          return time
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted()
    }
    return [times[count / 2], times[count * 99 / 100]].map { $0 / .milliseconds(1) }
  }

  @Test func `an endpoint that hangs keeps no other search waiting, and its own can be cancelled`() async throws {
    let arrived = Monitor(false)
    let isOver = Monitor(false)
    let server = try TestServer { _ in
      arrived.update { $0 = true }
      isOver.wait { $0 ? () : nil }
    }
    defer { isOver.update { $0 = true } }
    let other = try TemporaryTree()
    try other.write("a.py", "def a():\n    pass\n")
    var configuration = Configuration()
    configuration.embeddingModel = "endpoint:slow"
    configuration.embeddingEndpoint = server.url("/v1")
    // It hangs for longer than the searches beside it take, however busy the machine is.
    configuration.set(.requestTimeoutSeconds, to: .integer(3_600), from: .program)
    let slow = try Workspace(
      root: Path(other.root), configuration: configuration, environment: Environment(["HOME": other.root.description]))
    let hanging = Task { () -> String in
      do throws(CairnError) {
        _ = try await slow.search(SearchRequest("a"))
        return "answered"
      } catch { return error.code.rawValue }
    }
    _ = await onBlockingThread {
      arrived.wait { $0 ? () : nil }
      return .success(true)
    }
    _ = try await workspace.index()
    // The first open the index and the model.
    _ = try await latencies(of: 200)
    let beside = try await latencies(of: 200)
    // `CAIRN_SHOW_LATENCY=1` prints them, beside those of as many searches when nothing hangs any more.
    let isShown = processEnvironment()["CAIRN_SHOW_LATENCY"] != nil
    // Another that waits for the same endpoint ends with its time.
    var late = SearchRequest("a")
    late.timeLimit = .milliseconds(50)
    do throws(CairnError) {
      _ = try await slow.search(late)
      Issue.record("it was answered")
    } catch { #expect(error.code == .timedOut, "\(error)") }
    hanging.cancel()
    #expect(await hanging.value == "cancelled")
    if isShown {
      let alone = try await latencies(of: 200)
      print("200 searches at once, p50 and p99 in ms: \(beside) beside an endpoint that hangs, \(alone) alone")
    }
  }

  @Test func `a search whose time is over says so, and gives no part of its results for the whole`() async throws {
    _ = try await workspace.index()
    var request = SearchRequest("handle_part_7")
    request.timeLimit = .zero
    await #expect(throws: CairnError.self) { try await workspace.search(request) }
    do throws(CairnError) { _ = try await workspace.search(request) } catch { #expect(error.code == .timedOut) }
    request.timeLimit = .seconds(3_000)
    #expect(try await workspace.search(request).hits.first?.path == "part7.py")
  }
}
