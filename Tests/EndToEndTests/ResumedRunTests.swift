import Catalog
import Disk
import Glibc
import IndexStorage
import JSON
import Primitives
import TestSupport
import Testing

/// The real program, killed at known instants: what the next run says of it.
@Suite struct ResumedRunTests {
  let cairn: CairnProgram
  let library: FaultLibrary
  init() throws {
    cairn = try CairnProgram(inMemory: true)
    library = try FaultLibrary()
    var random = SeededRandom(seed: 5)
    try cairn.writeGenerated(files: 0..<300, using: &random)
  }

  static let indexing = ["index", "--max-memory-mb", "1", "--json"]
  var index: FilePath { cairn.tree.root.appending(".cairn") }

  /// Runs the program and has it killed before the call of that kind and number on a path of segments.
  private func kill(_ arguments: [String], before kind: String, _ number: Int) throws {
    var fault = Fault(kind, "EIO", .kill, path: "segment")
    fault.number = number
    var dying = cairn
    dying.environment.merge(try library.environment(fault)) { $1 }
    let result = try dying.start(arguments).wait()
    try #require(result.code == 128 + SIGKILL, "\(result.code): \(result.errorText)")
  }

  /// How many files the index that a killed run left has as they are in the tree.
  private func committedCount() throws -> Int {
    var count = 0
    for file in try files() {
      let bytes = try readFileBytes(cairn.tree.root.appending(file.path))
      if file.contentHash == ContentHash(of: bytes.span) { count += 1 }
    }
    return count
  }

  private func files() throws -> [FileRecord] {
    var found: [FileRecord] = []
    try IndexCatalog(directory: index, mode: .reading).forEachFile(of: .live) { file in
      if case .indexed = file.state { found.append(file) }
    }
    return found
  }

  private func check(_ resumed: JSONValue?, has count: Int, of total: Int, _ comment: Comment) throws {
    let resumed = try #require(resumed, comment)
    #expect(resumed["killed"]?.boolean == true, comment)
    #expect(resumed["files"]?.integer == count && resumed["of_files"]?.integer == total, "\(comment): \(resumed)")
    let now = Double(wallClockNanoseconds()) / 1e9
    #expect((resumed["stopped"]?.number ?? 0) > now - 600 && (resumed["stopped"]?.number ?? .infinity) <= now, comment)
  }

  @Test(arguments: [("rename", 1), ("rename", 2), ("rename", 3), ("write", 3), ("sync", 3)])
  func `after a first run that was killed, the next says how much was there`(_ kind: String, _ number: Int) throws {
    try kill(Self.indexing, before: kind, number)
    let count = try committedCount()
    #expect(count < 300)
    let copy = try JSONValue(parsing: try cairn.start(Self.indexing).wait().output)
    try check(copy["resumed"], has: count, of: 300, "\(kind) \(number)")
    #expect(try JSONValue(parsing: try cairn.start(Self.indexing).wait().output)["resumed"]?.isNull == true)
  }

  @Test func `people read it in a line`() throws {
    try kill(Self.indexing, before: "rename", 2)
    let count = try committedCount()
    #expect(count > 0)
    let report = try cairn.run("index")
    let line = try #require(report.outputLines.first { $0.contains("went on after") }, "\(report.outputText)")
    #expect(line.hasPrefix("went on after a run that was killed at 20"))
    #expect(line.hasSuffix(": \(count) of 300 files were there"), "\(line)")
    #expect(!(try cairn.run("index").outputText.contains("went on")))
  }

  @Test func `after an update that was killed, the next says so`() throws {
    #expect(try cairn.start(Self.indexing).wait().code == 0)
    var random = SeededRandom(seed: 6)
    try cairn.writeGenerated(files: 100..<250, using: &random)
    try kill(Self.indexing, before: "rename", 2)
    let count = try committedCount()
    #expect(count > 150 && count < 300, "\(count)")
    let report = try JSONValue(parsing: try cairn.start(Self.indexing).wait().output)
    try check(report["resumed"], has: count, of: 300, "update")
  }

  @Test func `a run that a signal ended is told of with what was committed`() throws {
    var random = SeededRandom(seed: 7)
    try cairn.writeGenerated(files: 300..<1500, using: &random)
    let program = try cairn.start(["index", "--max-memory-mb", "1", "--quiet"])
    // Until something is committed.
    while program.isRunning, (try? files().isEmpty) ?? true { program.run(until: .now + .milliseconds(1)) }
    program.send(SIGTERM)
    #expect(program.wait().code == 128 + SIGTERM)
    let count = try committedCount()
    let report = try cairn.run("index")
    #expect(report.outputText.contains(": \(count) of 1500 files were there"), "\(count): \(report.outputText)")
    // Whoever sends a signal has no time for a farewell: it is told of as any other end without one.
    #expect(report.outputText.contains("went on after a run that was killed at 20"))
  }

  @Test func `a watcher says it when it begins, after one that was killed`() throws {
    try kill(["watch", "--json", "--max-memory-mb", "1"], before: "rename", 2)
    let count = try committedCount()
    #expect(count > 0)
    let program = try cairn.start(["watch", "--json"])
    let end = ContinuousClock.now + .seconds(60)
    while !program.outputSoFar.contains("\"event\":\"watching\"") {
      try #require(program.isRunning && ContinuousClock.now < end, "\(program.errorsSoFar)")
      program.run(until: .now + .milliseconds(2))
    }
    let event = try JSONValue(
      parsing: Array((program.outputSoFar.split(separator: "\n").first ?? "").utf8))
    try check(event["report"]?["resumed"], has: count, of: 300, "watch")
  }

  @Test func `a rebuild that was asked for is not gone on with, and no report says that it is`() throws {
    #expect(try cairn.start(Self.indexing).wait().code == 0)
    try kill(Self.indexing + ["--rebuild"], before: "rename", 2)
    let report = try JSONValue(parsing: try cairn.start(Self.indexing).wait().output)
    #expect(report["resumed"]?.isNull == true && report["files_unchanged"]?.integer == 300)
    try kill(Self.indexing + ["--rebuild"], before: "rename", 2)
    let rebuilt = try JSONValue(parsing: try cairn.start(Self.indexing + ["--rebuild"]).wait().output)
    #expect(rebuilt["resumed"]?.isNull == true && rebuilt["files_indexed"]?.integer == 300)
  }
}
