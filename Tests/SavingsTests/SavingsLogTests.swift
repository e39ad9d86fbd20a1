import Disk
import JSON
import Primitives
import Savings
import Settings
import TestSupport
import Testing

@Suite struct SavingsLogTests {
  private static let day: Int64 = 86_400_000_000_000

  private static func answer(_ tool: String, tokens: Int = 100, bytes: Int = 7_000, isEmpty: Bool = false)
    -> SavingsLog.Answer
  {
    SavingsLog.Answer(tool: tool, tokens: tokens, fileByteCount: bytes, fileCount: isEmpty ? 0 : 2, isEmpty: isEmpty)
  }

  @Test func `answers are added up by day and tool, and survive the process`() throws {
    let home = try TemporaryTree()
    let variables = EnvironmentVariables(["HOME": home.root.description])
    let log = try #require(SavingsLog(variables))
    try log.add([Self.answer("search"), Self.answer("search", isEmpty: true)], at: Self.day)
    try log.add([Self.answer("read", tokens: 50)], at: Self.day)
    try log.add([Self.answer("search", tokens: 7)], at: 2 * Self.day)
    let totals = try #require(SavingsLog(variables)).read()
    #expect(totals.rows.count == 3)
    #expect(totals.firstDay == 1)
    let search = try #require(totals.byTool().first { $0.tool == "search" })
    #expect(search.callCount == 3)
    #expect(search.emptyCount == 1)
    #expect(search.tokens == 207)
    #expect(search.fileTokens == 3 * 2_000)
    #expect(totals.byTool(since: 2).map(\.tokens) == [7])
    #expect(SavingsTotals.sum(totals.byTool()).callCount == 4)
    #expect(try FileStatus(of: log.path).permissions & 0o077 == 0, "others can read it")
  }

  @Test func `without a home there is no log, and without a file there are no numbers`() throws {
    #expect(SavingsLog(EnvironmentVariables([:])) == nil)
    let home = try TemporaryTree()
    let log = try #require(SavingsLog(EnvironmentVariables(["XDG_STATE_HOME": home.root.description])))
    #expect(try log.read().rows.isEmpty)
    #expect(try log.clear() == false)
    try log.add([Self.answer("search")], at: 0)
    #expect(try log.clear())
    #expect(try log.read().rows.isEmpty)
    let left = try listDirectory(log.path.parent)
    #expect(left.map(\.name.description) == ["savings.lock"], "the lock that others may wait for stays")
  }

  @Test(arguments: [
    "", "{", "[]", #"{"version": 2, "rows": []}"#, #"{"version": 1, "rows": [{"tool": "x", "calls": -1}]}"#,
  ])
  func `a file that is no record is an error to read and is replaced by the next answer`(text: String) throws {
    let home = try TemporaryTree()
    let log = try #require(SavingsLog(EnvironmentVariables(["XDG_STATE_HOME": home.root.description])))
    try makeDirectory(log.path.parent)
    try home.write("cairn/savings.json", text)
    #expect(throws: Failure.self) { _ = try log.read() }
    try log.add([Self.answer("read")], at: 0)
    #expect(try log.read().rows.map(\.callCount) == [1])
  }

  @Test(arguments: 0..<5)
  func `the file stays small however long it is kept, and no number is lost`(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed) &+ 11)
    var totals = SavingsTotals()
    var calls = 0
    for day in 0..<3_000 {
      for tool in ["search", "read", "outline"] where random.next() % 2 == 0 {
        totals.add(Self.answer(tool), day: day)
        calls += 1
        totals.fold(to: SavingsLog.rowLimit)
        #expect(totals.rows.count <= SavingsLog.rowLimit)
      }
    }
    #expect(SavingsTotals.sum(totals.byTool()).callCount == calls)
    #expect(totals.json.bytes.count < 1 << 18)
    #expect(SavingsTotals(totals.json) == totals)
    let days = totals.rows.compactMap(\.day)
    #expect(days == days.sorted())
    #expect(days.last.map { $0 > 2_990 } == true)
  }

  @Test func `eight writers at once lose nothing`() async throws {
    let home = try TemporaryTree()
    let log = try #require(SavingsLog(EnvironmentVariables(["XDG_STATE_HOME": home.root.description])))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { for _ in 0..<5 { try log.add([Self.answer("search")], at: 0) } } }
      try await group.waitForAll()
    }
    #expect(try log.read().byTool().map(\.callCount) == [40])
  }
}
