import Disk
import Foundation
import Glibc
import IndexStorage
import JSON
import Primitives
import TestSupport
import Testing

/// The real program, watching a tree while others change and search it.
@Suite struct WatchTests {
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  private func rename(_ path: String, to target: String) throws {
    let (from, to) = (cairn.tree.root.appending(FilePath(path)), cairn.tree.root.appending(FilePath(target)))
    try #require(unsafe Glibc.rename(from.description, to.description) == 0)
  }

  @Test func `what is written is found at once, and no search looks at the tree`() throws {
    let program = try cairn.watcher()
    for round in 0..<20 {
      try cairn.tree.write(FilePath("new\(round % 3).py"), "def only_in_\(round)_now():\n    pass\n")
      let (paths, summary) = try cairn.searchSummary("only_in_\(round)_now")
      #expect(paths.first == "new\(round % 3).py", "\(round): \(summary)")
      #expect(cairn.freshness(summary) == "watched", "\(summary)")
      #expect(summary["nowhere"]?.boolean == false)
    }
    try cairn.tree.remove("new0.py")
    let (_, summary) = try cairn.searchSummary("only_in_18_now")
    #expect(summary["nowhere"]?.boolean == true && cairn.freshness(summary) == "watched", "\(summary)")
    program.send(SIGTERM)
    #expect(program.wait().code == 128 + SIGTERM)
    let (_, after) = try cairn.searchSummary("leap_year")
    #expect(cairn.freshness(after) == "updated")
  }

  @Test func `a second watcher waits for its turn, and takes it when the first is killed`() throws {
    let first = try cairn.watcher()
    let second = try cairn.start(["watch", "--json"])
    try cairn.waitFor(second, "standing_by")
    #expect(second.outputSoFar.contains("\"process\":"))
    first.send(SIGKILL)
    _ = first.wait()
    try cairn.waitFor(second, "watching")
    try cairn.tree.write("late.py", "def came_late():\n    pass\n")
    let (paths, summary) = try cairn.searchSummary("came_late")
    #expect(paths.first == "late.py" && cairn.freshness(summary) == "watched", "\(summary)")
  }

  @Test func `status says who watches, and that nobody does`() throws {
    let program = try cairn.watcher()
    let status = try cairn.run("status")
    #expect(status.outputText.contains("is told of every change"), "\(status.outputText)")
    let json = try JSONValue(parsing: cairn.run("status", "--json").output)
    #expect(json["watcher"]?["sees"]?.string == "events")
    program.send(SIGKILL)
    _ = program.wait()
    #expect(try cairn.run("status").outputText.contains("`cairn watch` spares it that"))
    #expect(try JSONValue(parsing: cairn.run("status", "--json").output)["watcher"]?.isNull == true)
  }

  @Test func `a search with other settings looks at the tree itself`() throws {
    let program = try cairn.watcher()
    try cairn.tree.write(".hidden.py", "def in_the_dark():\n    pass\n")
    let (paths, summary) = try cairn.searchSummary("--include-hidden", "in_the_dark")
    #expect(paths.first == ".hidden.py" && cairn.freshness(summary) == "updated", "\(summary)")
    _ = program
  }

  @Test func `a watcher takes on the settings that are changed under it`() throws {
    let program = try cairn.watcher()
    try cairn.tree.write(".hidden.py", "def in_the_dark():\n    pass\n")
    try cairn.tree.write("cairn.toml", "include_hidden = true\n")
    try cairn.waitFor(program, "watching", times: 2)
    let (paths, summary) = try cairn.searchSummary("in_the_dark")
    #expect(paths.first == ".hidden.py" && cairn.freshness(summary) == "watched", "\(summary)")
  }

  @Test func `an index that is removed under a watcher is made again and watched`() throws {
    let program = try cairn.watcher()
    removeTree(cairn.tree.root.appending(".cairn"))
    try cairn.tree.write("again.py", "def once_again():\n    pass\n")
    try cairn.waitFor(program, "watching", times: 2)
    let (paths, summary) = try cairn.searchSummary("once_again")
    #expect(paths.first == "again.py" && cairn.freshness(summary) == "watched", "\(summary)")
  }

  @Test func `where it must poll, changes are found all the same and searches look for themselves`() throws {
    let program = try cairn.watcher("--poll")
    try cairn.tree.write("polled.py", "def seen_by_polling():\n    pass\n")
    try cairn.waitFor(program, "updated")
    let (paths, summary) = try cairn.searchSummary("seen_by_polling")
    #expect(paths.first == "polled.py" && cairn.freshness(summary) == "updated", "\(summary)")
  }

  @Test func `a watcher whose reader has gone ends quietly`() throws {
    let shell = try Program(
      "/bin/sh",
      [Array("-c".utf8), Array("\"$0\" watch --json | head -n 1".utf8), CairnProgram.binary().bytes],
      in: cairn.tree.root, environment: cairn.environment)
    try cairn.waitFor(shell, "watching")
    let end = ContinuousClock.now + .seconds(30)
    var round = 0
    while shell.isRunning, ContinuousClock.now < end {
      round += 1
      try cairn.tree.write("noise.py", "x = \(round)\n")
      shell.run(until: .now + .milliseconds(50))
    }
    let result = shell.wait(limit: .seconds(1))
    #expect(result.code == 0 && result.errors.isEmpty, "\(result.errorText)")
  }

  @Test func `whatever is done to a tree, a search beside a watcher finds what a fresh index finds`() throws {
    var program = try cairn.watcher()
    var random = SeededRandom(seed: 14)
    let directories = ["", "a/", "a/b/", "c/", "d d/", "é/"]
    // What each file holds, by its path.
    var files: [String: String] = [:]
    var ignoresC = false
    func name() -> String { directories[random.next(upTo: directories.count)] + "f\(random.next(upTo: 12)).py" }
    for step in 0..<120 {
      switch random.next(upTo: 12) {
      case 0..<6:
        let path = name()
        let word = "unique_word_\(step)_\(random.next(upTo: 1000))"
        try cairn.tree.write(FilePath(path), "def \(word)():\n    pass\n")
        files[path] = word
      case 6..<8:
        if let path = files.keys.sorted().first(where: { _ in random.next(upTo: 3) == 0 }) {
          try cairn.tree.remove(FilePath(path))
          files[path] = nil
        }
      case 8:
        // A directory goes by another name, with all in it.
        let (from, to) = ("a/b", "a/e\(step)")
        if files.keys.contains(where: { $0.hasPrefix(from + "/") }) {
          try rename(from, to: to)
          for (path, word) in files where path.hasPrefix(from + "/") {
            files[path] = nil
            files[to + path.dropFirst(from.count)] = word
          }
        }
      case 9:
        ignoresC.toggle()
        try cairn.tree.write(".gitignore", ignoresC ? "c/\n" : "nothing-here/\n")
      case 10:
        program.send(SIGKILL)
        _ = program.wait()
        program = try cairn.watcher()
      default:
        // Something that is written with another name and then put into place.
        let path = name()
        let word = "renamed_word_\(step)"
        try cairn.tree.write("part.tmp", "def \(word)():\n    pass\n")
        try makeDirectory(cairn.tree.root.appending(FilePath(path).parent))
        try rename("part.tmp", to: path)
        files[path] = word
      }
      for (path, word) in files.sorted(by: { $0.key < $1.key }) where random.next(upTo: 4) == 0 {
        let (paths, summary) = try cairn.searchSummary("-n", "1", word)
        let isThere = !(ignoresC && path.hasPrefix("c/"))
        #expect((summary["nowhere"]?.boolean == false) == isThere, "step \(step): \(path) \(word): \(summary)")
        if isThere { #expect(paths.first == path, "step \(step): \(word)") }
        #expect(cairn.freshness(summary) == "watched", "step \(step): \(summary)")
      }
    }
    // What is committed is what an index has that knows of no watcher.
    let held = try cairn.run("search", "--no-update", "--json", "-l", "--limit", "1000", "def").outputLines.dropLast()
    program.send(SIGKILL)
    _ = program.wait()
    #expect(try cairn.run("index", "--rebuild", "-q").code == 0)
    let fresh = try cairn.run("search", "--no-update", "--json", "-l", "--limit", "1000", "def").outputLines.dropLast()
    #expect(
      Set(held.map { $0.replacing(/"rank":\d+/, with: "") }) == Set(fresh.map { $0.replacing(/"rank":\d+/, with: "") }))
    #expect(try cairn.run("verify").code == 0)
  }
}
