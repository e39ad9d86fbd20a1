import Disk
import Foundation
import Indexing
import Measuring
import Primitives
import TestSupport
import Testing

@Suite struct ChromeTraceTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree() }

  func span(_ stage: IndexStage, _ thread: Int, at start: Int, for length: Int, _ path: FilePath? = nil) -> TraceSpan {
    TraceSpan(stage: stage, thread: thread, start: .microseconds(start), duration: .nanoseconds(length), path: path)
  }
  func written(_ trace: ChromeTrace) throws -> [String: Any] {
    let file = tree.root.appending("trace.json")
    try trace.write(to: file)
    let object = try JSONSerialization.jsonObject(with: Data(try readFile(file).bytes))
    return try #require(object as? [String: Any])
  }

  @Test func `each step is a complete event of its thread, in microseconds`() throws {
    let trace = ChromeTrace()
    trace.record(span(.chunk, 1, at: 5, for: 2_500, FilePath(bytes: [0x22, 0xFF, 0x5C])))
    trace.record(span(.walk, 0, at: 1, for: 1_000_000))
    let document = try written(trace)
    let events = try #require(document["traceEvents"] as? [[String: Any]])
    let steps = events.filter { $0["ph"] as? String == "X" }
    #expect(steps.map { $0["name"] as? String } == ["walk", "chunk"], "in the order of their beginnings")
    #expect(steps[1]["ts"] as? Double == 5 && steps[1]["dur"] as? Double == 2.5 && steps[1]["tid"] as? Int == 1)
    #expect((steps[1]["args"] as? [String: String])?["path"] == "\"\u{FFFD}\\")
    let names = events.filter { $0["name"] as? String == "thread_name" }
    #expect(names.count == 2)
    for event in events { #expect(event["pid"] != nil && event["ph"] != nil && event["name"] != nil) }
  }

  @Test func `of a long run the shortest steps are left out, and counted`() throws {
    let trace = ChromeTrace(limit: 100)
    var total = 0
    for i in 1...10_000 {
      trace.record(span(.read, 1, at: i, for: i % 997 + 1))
      total += i % 997 + 1
    }
    let document = try written(trace)
    let events = try #require(document["traceEvents"] as? [[String: Any]])
    let lengths = events.filter { $0["ph"] as? String == "X" }.compactMap { $0["dur"] as? Double }
    #expect(lengths.count <= 100 && !lengths.isEmpty)
    let facts = try #require(document["otherData"] as? [String: Any])
    #expect(facts["steps"] as? Int == lengths.count)
    #expect((facts["steps_left_out"] as? Int ?? 0) + lengths.count == 10_000)
    #expect(
      abs(lengths.reduce(0, +) / 1000 + (facts["steps_left_out_ms"] as? Double ?? 0) - Double(total) / 1e6) < 1e-6)
    let shortest = try #require(facts["shortest_step_ms"] as? Double)
    #expect(lengths.allSatisfy { $0 / 1000 >= shortest - 1e-9 })
  }

  @Test func `a trace without steps is one too`() throws {
    #expect(try written(ChromeTrace())["traceEvents"] as? [Any] != nil)
  }
}
