import Disk
import Foundation
import Glibc
import IndexStorage
import Indexing
import Primitives
import TestSupport
import Testing

/// The real program, killed while it indexes. `CAIRN_CRASH_ROUNDS` says how often; 20 when it is not set.
@Suite struct CrashTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  /// A small memory limit, so that one run writes and commits several segments.
  static let indexing = ["index", "--max-memory-mb", "1", "--quiet"]
  var index: FilePath { cairn.tree.root.appending(".cairn") }
  var rounds: Int {
    processEnvironment()["CAIRN_CRASH_ROUNDS"].flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 20
  }

  @Test func `before the first commit of a first run an answer says that there is no index yet to answer from`() throws
  {
    try cairn.writeSample()
    // What the run leaves is what one leaves that is killed there.
    let library = try FaultLibrary()
    var stopped = cairn
    stopped.environment.merge(try library.environment(Fault("rename", "EIO", .stay, path: "segment"))) { $1 }
    #expect(try stopped.run("index", "-q").code == 2)
    for command in [
      ["search", "leap_year"], ["ask", "leap_year"], ["related", "src/dates.py:2"], ["search", "-q", "x"],
    ] {
      let answer = try cairn.start(command + ["--no-update"]).wait()
      #expect(answer.code == 2 && answer.outputText.isEmpty, "\(command): \(answer.code) \(answer.outputText)")
      #expect(
        answer.errorText.contains("the index is not complete and holds no file yet: its first run was stopped")
          && answer.errorText.contains("run `cairn index`"), "\(command): \(answer.errorText)")
    }
    #expect(try cairn.run("search", "-l", "-n1", "leap_year").outputLines == ["src/dates.py"])
  }

  @Test func `a tree without a file is searched all the same`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    let answer = try cairn.run("search", "--no-update", "leap_year")
    #expect(answer.code == 1 && answer.errorText.contains("there is no file here to search"), "\(answer.errorText)")
  }

  @Test func `killed at any instant, the last generation answers and the next run completes it`() throws {
    var random = SeededRandom(seed: 1)
    try cairn.writeGenerated(files: 0..<400, using: &random)
    // The longest of three, so that the instants reach the end of a run on a machine whose speed varies.
    let whole = try (0..<3).map { _ in try duration() }.max() ?? .zero

    var killedWhileRunning = 0
    var answeredFromBefore = 0
    for round in 0..<rounds {
      // A third of the rounds kill a first run; the others kill one that has changes to take in.
      let isFirst = round % 3 == 0
      if isFirst {
        removeTree(index)
      } else {
        try settle()
        try change(round: round, using: &random)
      }
      let run = try cairn.start(Self.indexing)
      run.run(until: .now + whole * (Double(round) + Double.random(in: 0..<1, using: &random)) / Double(rounds))
      if run.isRunning { killedWhileRunning += 1 }
      run.send(SIGKILL)
      _ = run.wait()

      let answer = try cairn.run("search", "--no-update", "-n3", "unchanged_landmark")
      let hadNothing = answer.code == 2 && answer.errorText.contains("there is no index yet")
      let hadNoFile = answer.code == 2 && answer.errorText.contains("holds no file yet: its first run was stopped")
      #expect(
        answer.code == 0 || answer.code == 1 || (isFirst && (hadNothing || hadNoFile)),
        "round \(round): \(answer.errorText)")
      #expect(!answer.errorText.contains("no file here"), "round \(round): \(answer.errorText)")
      if !isFirst {
        #expect(answer.code == 0, "round \(round): the generation before the kill must still answer")
        answeredFromBefore += 1
      }
      if fileExists(index.appending("catalog.sqlite")), !hadNothing {
        // Every byte of the catalog and of every live segment.
        let problems = try StoredIndex(directory: index).verify().problems
        #expect(problems.isEmpty, "round \(round): \(problems)")
      }
    }
    #expect(killedWhileRunning > rounds / 8, "too few runs were alive when they were killed to say anything")
    #expect(answeredFromBefore > 0)
    try settle()
    try expectEqualToFresh()
  }

  @Test func `a rebuild that is killed at any instant leaves the last generation answering, without a word`() throws {
    var random = SeededRandom(seed: 2)
    try cairn.writeGenerated(files: 0..<300, using: &random)
    let whole = try duration()
    let question = ["search", "--no-update", "--json", "-n20", "parse session matrix"]
    let before = try cairn.start(question).wait().objects("result").map { $0.text("path") ?? "" }
    #expect(before.count == 20)
    var killed = 0
    for round in 0..<rounds {
      // Every second one with another size of memory, and with it other segments.
      let run = try cairn.start(["index", "--rebuild", "--quiet", "--max-memory-mb", round % 2 == 0 ? "1" : "64"])
      run.run(until: .now + whole * (Double(round) + Double.random(in: 0..<1, using: &random)) / Double(rounds))
      if run.isRunning { killed += 1 }
      run.send(SIGKILL)
      _ = run.wait()
      let answer = try cairn.start(question).wait()
      #expect(answer.code == 0 && answer.errors.isEmpty, "round \(round): \(answer.errorText)")
      #expect(try answer.objects("result").map { $0.text("path") ?? "" } == before, "round \(round)")
      #expect(try answer.objects("summary").first?["complete"] as? Bool == true)
      let problems = try StoredIndex(directory: index).verify().problems
      #expect(problems.isEmpty, "round \(round): \(problems)")
      if round % 5 == 4 {
        // The next run needs nothing of what was left behind, and removes it.
        try settle()
        #expect(try StoredIndex(directory: index).verify().problems.isEmpty)
      }
    }
    #expect(killed > rounds / 8, "too few runs were alive when they were killed to say anything")
    try settle()
    try expectEqualToFresh(fileCount: 300)
  }

  private func duration() throws -> Duration {
    removeTree(index)
    let began = ContinuousClock.now
    try settle()
    return ContinuousClock.now - began
  }

  /// Completes the index.
  private func settle() throws {
    let result = try cairn.start(Self.indexing).wait()
    try #require(result.code == 0, "\(result.errorText)")
  }

  /// Rewrites, removes and adds files, but for the one with the landmark.
  private func change(round: Int, using random: inout SeededRandom) throws {
    let start = 1 + Int.random(in: 0..<200, using: &random)
    try cairn.writeGenerated(files: start..<(start + 120), using: &random)
    for number in 0..<10 { try cairn.tree.remove(FilePath("gen/\(start + 120 + number * 3).py")) }
    try cairn.write(FilePath("gen/added_\(round).py"), "def added_in_round_\(round)():\n    return \(round)\n")
  }

  /// The index holds what one made anew from the same tree holds, and answers alike.
  private func expectEqualToFresh(fileCount: Int = 400) throws {
    let elsewhere = try TemporaryTree()
    let fresh = ["--index-dir", elsewhere.root.description]
    #expect(try cairn.start(["index", "--quiet"] + fresh).wait().code == 0)
    let mine = try #require(try cairn.run("status", "--json").objects("status").first)
    let other = try #require(try cairn.start(["status", "--json"] + fresh).wait().objects("status").first)
    for member in ["files", "chunks", "source_bytes"] {
      #expect(mine.number(member) == other.number(member), "\(member)")
    }
    #expect(mine["complete"] as? Bool == true)
    for number in stride(from: 1, to: fileCount, by: 13) {
      let question = ["search", "--json", "--no-update", "-n1", "handle_\(number)_first"]
      let mine = try cairn.start(question).wait().objects("result").first
      let other = try cairn.start(question + fresh).wait().objects("result").first
      #expect(mine?.text("path") == other?.text("path"))
      #expect(mine?.number("start_line") == other?.number("start_line"))
    }
    let left = try listDirectory(index.appending("segments")).filter { !$0.name.description.hasSuffix(".segment") }
    #expect(left.isEmpty, "a finished run leaves no temporary file behind")
  }
}

extension CairnProgram {
  /// Writes `gen/NUMBER.py` for each number: functions of made-up words, a few kilobytes each. File 0 holds a landmark.
  func writeGenerated(files: Range<Int>, using random: inout SeededRandom) throws(Failure) {
    let words = ["parse", "date", "session", "matrix", "listen", "token", "cache", "field", "query", "batch", "retry"]
    for number in files {
      var text = number == 0 ? "def unchanged_landmark():\n    return 0\n\n\n" : ""
      for part in ["first", "second", "third", "fourth"] {
        text += "def handle_\(number)_\(part)(value):\n"
        for _ in 0..<Int.random(in: 5...40, using: &random) {
          let word = words[Int.random(in: 0..<words.count, using: &random)]
          text += "    \(word)_\(Int.random(in: 0..<10_000, using: &random)) = value.\(word)(\(number))\n"
        }
        text += "    return value\n\n\n"
      }
      try write(FilePath("gen/\(number).py"), text)
    }
  }
}
