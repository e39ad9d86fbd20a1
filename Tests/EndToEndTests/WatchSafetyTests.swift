import Disk
import Foundation
import Glibc
import IndexStorage
import JSON
import Primitives
import TestSupport
import Testing

/// What happens around a watcher that it must neither undo nor miss: trees and indexes that go, runs by other settings,
/// damage, and changes that no event tells of.
@Suite struct WatchSafetyTests {
  /// Holds the tree, which can be moved and removed.
  let cairn: CairnProgram
  init() throws {
    cairn = try CairnProgram()
    try cairn.writeSample()
  }

  private func rename(_ path: FilePath, to target: FilePath) throws {
    try #require(unsafe Glibc.rename(path.description, target.description) == 0)
  }

  private func expect(
    _ word: String, in path: String, is freshness: String = "watched", _ comment: String = ""
  ) throws {
    let answer = try cairn.start(["search", "--json", "\"\(word)\""]).wait()
    let lines = try answer.outputLines.map { try JSONValue(parsing: Array($0.utf8)) }
    let summary = try #require(lines.last, "\(comment) \(answer.errorText)")
    #expect(lines.first?["path"]?.string == path, "\(comment) \(summary) \(answer.errorText)")
    #expect(cairn.freshness(summary) == freshness, "\(comment) \(summary)")
  }

  // MARK: Other settings, damage

  @Test func `what a run or a search by other settings commits is no answer for others`() throws {
    try cairn.write("prod.env", "DB_PASSWORD=kept_out_of_sight\n")
    try cairn.write("big.py", "def only_in_big():\n    pass\n" + String(repeating: "# filler\n", count: 100))
    let program = try cairn.watcher()
    try expect("only_in_big", in: "big.py")
    let round = [
      ["search", "-q", "-l", "--max-file-bytes", "50", "def"],
      ["search", "-q", "-l", "--file-limit", "1", "def"],
    ]
    for arguments in round {
      _ = try cairn.start(arguments).wait()
      try expect("only_in_big", in: "big.py", "\(arguments)")
    }
    var other = cairn
    other.environment["CAIRN_MAX_FILE_BYTES"] = "10"
    _ = try other.run("index", "-q")
    try expect("only_in_big", in: "big.py")
    other.environment["CAIRN_MAX_FILE_BYTES"] = nil
    other.environment["CAIRN_INCLUDE_SECRETS"] = "true"
    _ = try other.run("index", "-q")
    let (_, summary) = try cairn.searchSummary("\"kept_out_of_sight\"")
    #expect(summary["nowhere"]?.boolean == true && cairn.freshness(summary) == "watched", "\(summary)")
    #expect(program.isRunning)
  }

  @Test(arguments: ["flip", "cut", "gone"])
  func `a segment that is damaged beside a watcher is made again by it`(_ how: String) throws {
    try cairn.write("odd.py", "def only_here_once():\n    pass\n")
    let program = try cairn.watcher()
    try expect("only_here_once", in: "odd.py")
    let segments = cairn.tree.root.appending(".cairn/segments")
    for entry in try listDirectory(segments) where entry.name.fileExtension == "segment" {
      let path = segments.appending(entry.name).description
      switch how {
      case "flip":
        let bytes = try readFileBytes(FilePath(path)).map { $0 ^ 0x55 }
        let file = unsafe Glibc.open(path, O_WRONLY)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress!, $0.count) }
        close(file)
      case "cut": _ = unsafe truncate(path, 1000)
      default: _ = unsafe unlink(path)
      }
    }
    try expect("only_here_once", in: "odd.py")
    #expect(program.isRunning)
    #expect(try cairn.run("verify").code == 0)
  }

  @Test func `a search by other rules of git's looks for itself`() throws {
    _ = try cairn.shell("git init -q .")
    try cairn.home.write("rules", "mail/\n")
    try cairn.home.write("gitconfig", "[core]\n\texcludesFile = \(cairn.home.root)/rules\n")
    try cairn.write("mail/new.py", "def only_in_mail():\n    pass\n")
    let program = try cairn.watcher()
    try expect("only_in_mail", in: "mail/new.py")
    var other = cairn
    other.environment["GIT_CONFIG_GLOBAL"] = "\(cairn.home.root)/gitconfig"
    let (_, summary) = try other.searchSummary("\"only_in_mail\"")
    #expect(summary["nowhere"]?.boolean == true && other.freshness(summary) == "updated", "\(summary)")
    try expect("only_in_mail", in: "mail/new.py")
    #expect(program.isRunning)
  }

  // MARK: The tree goes

  @Test(arguments: ["mv tree elsewhere", "rm -rf tree", "mv above old && mkdir -p above"])
  func `a tree that is removed or moved is not made again, and the watch ends`(_ command: String) throws {
    let place = try TemporaryTree()
    var path = "tree"
    if command.contains("above") { path = "above/tree" }
    let root = place.root.appending(FilePath(path))
    try place.write(FilePath(path + "/a/f.py"), "def f():\n    pass\n")
    try place.write(FilePath(path + "/cairn.toml"), "include_hidden = true\n")
    let program = try cairn.start(["watch", "--json", root.description], in: place.root)
    try cairn.waitFor(program, "watching")
    let shell = try Program(
      "/bin/sh", [Array("-c".utf8), Array(command.utf8)], in: place.root, environment: ["PATH": "/usr/bin:/bin"]
    ).wait()
    #expect(shell.code == 0, "\(shell.errorText)")
    if command.contains("above") {
      // Of this nobody is told; a change in the tree is.
      try place.write("old/tree/a/g.py", "x = 1\n")
    }
    let result = program.wait(limit: .seconds(20))
    #expect(result.code == 0 && result.outputText.contains("\"event\":\"tree_gone\""), "\(result)")
    #expect(!fileExists(root), "\(command)")
  }

  @Test func `a work tree is removed by git beside a watcher`() throws {
    let place = try TemporaryTree()
    func git(_ line: String) throws -> ProgramResult {
      try Program(
        "/bin/sh", [Array("-c".utf8), Array(line.utf8)], in: place.root.appending("main"),
        environment: [
          "PATH": "/usr/bin:/bin", "HOME": place.root.description, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a",
          "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a",
        ]
      ).wait()
    }
    for number in 0..<50 { try place.write(FilePath("main/d\(number % 7)/f\(number).py"), "def f\(number)(): pass\n") }
    #expect(try git("git init -q . && git add -A && git commit -qm x && git worktree add -q ../other").code == 0)
    let program = try cairn.start(["watch", place.root.appending("other").description], in: place.root)
    let end = ContinuousClock.now + .seconds(30)
    while !program.outputSoFar.contains("watching"), ContinuousClock.now < end {
      program.run(until: .now + .milliseconds(5))
    }
    let removed = try git("git worktree remove ../other")
    #expect(removed.code == 0, "\(removed.errorText)")
    let result = program.wait(limit: .seconds(20))
    #expect(result.code == 0 && result.outputText.contains("the tree is gone"), "\(result.outputText)")
    #expect(!fileExists(place.root.appending("other")))
  }

  @Test func `who exchanges a directory above for a link has nothing made elsewhere`() throws {
    let place = try TemporaryTree()
    try place.write("above/tree/f.py", "def f():\n    pass\n")
    try makeDirectory(place.root.appending("victim/tree"))
    let program = try cairn.start(
      ["watch", "--json", place.root.appending("above/tree").description], in: place.root)
    try cairn.waitFor(program, "watching")
    try rename(place.root.appending("above"), to: place.root.appending("old"))
    makeLink(place.root.appending("above"), to: place.root.appending("victim"))
    try place.write("old/tree/g.py", "x = 1\n")
    let result = program.wait(limit: .seconds(20))
    #expect(result.code == 0 && result.outputText.contains("tree_gone"), "\(result)")
    #expect(try listDirectory(place.root.appending("victim/tree")).isEmpty)
  }

  @Test func `an index elsewhere of a tree whose place another takes is not said to be fresh`() throws {
    let place = try TemporaryTree()
    let root = place.root.appending("above/tree")
    try place.write("above/tree/f.py", "def only_old():\n    pass\n")
    let program = try cairn.start(["watch", "--json", "--index-dir", "cache"], in: root)
    try cairn.waitFor(program, "watching")
    try rename(place.root.appending("above"), to: place.root.appending("old"))
    try place.write("above/tree/g.py", "def only_new():\n    pass\n")
    let answer = try cairn.start(["search", "--json", "--index-dir", "cache", "\"only_new\""], in: root).wait()
    #expect(answer.outputText.contains("\"path\":\"g.py\""), "\(answer.outputText) \(answer.errorText)")
    #expect(program.wait(limit: .seconds(20)).code == 0)
  }

  // MARK: The index goes

  @Test func `git clean takes the index away, and it is whole again after`() throws {
    _ = try cairn.shell("git init -q . && git -c user.name=a -c user.email=a commit -q --allow-empty -m x")
    let program = try cairn.watcher()
    for round in 1...3 {
      try cairn.write(FilePath("extra\(round)/loose.py"), "def loose():\n    pass\n")
      // A run that is in flight may make a file in what is just being removed: of that nobody can know.
      _ = try cairn.searchSummary("loose")
      let clean = try cairn.shell("git clean -fdxq")
      #expect(clean.code == 0 && clean.errors.isEmpty, "\(round): \(clean.errorText)")
      try cairn.waitFor(program, "watching", times: 1 + round)
      #expect(fileExists(cairn.tree.root.appending(".cairn/cairn.tag")))
      try cairn.write("late.py", "def came_late_\(round)():\n    pass\n")
      try expect("came_late_\(round)", in: "late.py")
    }
  }

  @Test func `an index that lost its tag under a watcher has one again`() throws {
    let program = try cairn.watcher()
    try cairn.tree.remove(".cairn/cairn.tag")
    try cairn.write("late.py", "def came_late():\n    pass\n")
    try cairn.waitFor(program, "watching", times: 2)
    #expect(fileExists(cairn.tree.root.appending(".cairn/cairn.tag")))
    try expect("came_late", in: "late.py")
  }

  @Test func `a search while the index under a watcher goes leaves no other one behind`() throws {
    let program = try cairn.watcher()
    // As `git clean` has it in the middle of its work.
    try cairn.tree.remove(".cairn/cairn.tag")
    try cairn.write("late.py", "def came_late():\n    pass\n")
    let during = try cairn.run("search", "came_late")
    #expect(during.code == 0 && !during.errorText.contains("the index lives in"), "\(during.errorText)")
    try cairn.waitFor(program, "watching", times: 2)
    #expect(!(try cairn.run("doctor").outputText.contains("another index of this tree")))
    // One that was made all the same goes.
    #expect(try cairn.run("index", "-q", "--index-dir", "cache").code == 0)
    #expect(try cairn.run("doctor").outputText.contains("another index of this tree"))
    try cairn.tree.remove(".cairn/cairn.tag")
    try cairn.waitFor(program, "watching", times: 3)
    let doctor = try cairn.run("doctor")
    #expect(!doctor.outputText.contains("another index of this tree"), "\(doctor.outputText)")
    try expect("came_late", in: "late.py")
  }

  @Test func `what others put among the requests stays there`() throws {
    let program = try cairn.watcher()
    try cairn.write(".cairn/requests/notes.txt", "mine")
    try makeDirectory(cairn.tree.root.appending(".cairn/requests/mine"))
    try cairn.write("late.py", "def came_late():\n    pass\n")
    try expect("came_late", in: "late.py")
    let names = try listDirectory(cairn.tree.root.appending(".cairn/requests")).map(\.name.description)
    #expect(names.sorted() == ["mine", "notes.txt"])
    _ = program
  }

  @Test func `a pipe where the lock of watches belongs is no watcher, and gives way to one`() throws {
    #expect(try cairn.run("index", "-q").code == 0)
    #expect(try cairn.shell("mkfifo .cairn/watch.lock && rm -rf .cairn/requests && touch .cairn/requests").code == 0)
    #expect(try cairn.run("status").code == 0)
    let program = try cairn.watcher()
    try cairn.write("late.py", "def came_late():\n    pass\n")
    try expect("came_late", in: "late.py")
    _ = program
  }

  // MARK: Changes without events

  @Test func `what is written through other names is found`() throws {
    let outside = try TemporaryTree()
    try cairn.write("a/one.py", "x = 1\n")
    try cairn.write("a/two.py", "x = 2\n")
    try cairn.write("a/three.py", "word_three = 3\n")
    // One file system for all of them.
    let other = cairn.tree.root.description + "-other.py"
    defer { _ = unsafe unlink(other) }
    func path(_ name: FilePath) -> String { cairn.tree.root.appending(name).description }
    try makeDirectory(cairn.tree.root.appending("b"))
    try #require(unsafe link(path("a/one.py"), path("b/link.py")) == 0)
    try #require(unsafe link(path("a/two.py"), other) == 0)
    let program = try cairn.watcher()
    func append(_ path: String, _ word: String) {
      let file = unsafe Glibc.open(path, O_WRONLY | O_APPEND)
      _ = unsafe Glibc.write(file, "# \(word)\n", word.utf8.count + 3)
      close(file)
    }
    append(path("b/link.py"), "word_by_link")
    let (paths, summary) = try cairn.searchSummary("-l", "\"word_by_link\"")
    #expect(Set(paths) == ["a/one.py", "b/link.py"] && cairn.freshness(summary) == "watched", "\(summary)")
    append(other, "word_from_outside")
    try expect("word_from_outside", in: "a/two.py")
    let file = unsafe Glibc.open(path("a/three.py"), O_WRONLY | O_APPEND)
    try #require(unsafe link(path("a/three.py"), path("b/moved.py")) == 0)
    try #require(unsafe unlink(path("a/three.py")) == 0)
    try expect("word_three", in: "b/moved.py")
    _ = unsafe Glibc.write(file, "# word_without_name\n", 20)
    close(file)
    try expect("word_without_name", in: "b/moved.py")
    #expect(program.isRunning)
    _ = outside
  }

  @Test func `what is mounted in the tree is found, and what it covered when it is gone`() throws {
    let outside = try TemporaryTree()
    try outside.write("x.py", "word_of_mount = 1\n")
    try cairn.write("c/y.py", "word_below = 1\n")
    let program = try cairn.watcher()
    let mount = try cairn.shell("mount --bind \(outside.root) c 2>/dev/null")
    // Only root may.
    if mount.code != 0 { return }
    defer { _ = try? cairn.shell("umount c") }
    try expect("word_of_mount", in: "c/x.py")
    #expect(try cairn.shell("umount c").code == 0)
    try expect("word_below", in: "c/y.py")
    #expect(program.isRunning)
  }

  @Test func `where the system gives no events, the watch and status say why and what helps`() throws {
    let scratch = try TemporaryTree(inMemory: true)
    var limited = cairn
    limited.environment["LD_PRELOAD"] = try FaultLibrary.compile("watches", into: scratch).description
    let program = try limited.start(["watch"])
    let end = ContinuousClock.now + .seconds(30)
    while !program.outputSoFar.contains("watching"), ContinuousClock.now < end {
      program.run(until: .now + .milliseconds(5))
    }
    let hint = "fs.inotify.max_user_instances"
    #expect(program.outputSoFar.contains(hint), "\(program.outputSoFar) \(program.errorsSoFar)")
    let status = try cairn.run("status")
    #expect(status.outputText.contains(hint), "\(status.outputText)")
    let json = try JSONValue(parsing: cairn.run("status", "--json").output)
    #expect(json["watcher"]?["poll_reason"]?.string?.contains(hint) == true)
  }

  // MARK: Waiting

  @Test func `a search waits for a watcher whose run lasts, and for none that is stopped`() throws {
    let program = try cairn.watcher()
    // Not by the tests' own means, which make each file durable.
    let made = try cairn.shell(
      "mkdir bulk && for d in $(seq 0 39); do mkdir bulk/d$d; done && for n in $(seq 1500); do "
        + "echo \"def bulk_$n(): return $n\" > bulk/d$((n % 40))/f$n.py; done")
    #expect(made.code == 0)
    try rename(cairn.tree.root.appending("bulk"), to: cairn.tree.root.appending("moved"))
    let (paths, summary) = try cairn.searchSummary("bulk_1499")
    #expect(paths.first?.hasPrefix("moved/") == true && cairn.freshness(summary) == "watched", "\(summary)")
    program.send(SIGSTOP)
    try cairn.write("late.py", "def came_late():\n    pass\n")
    let (late, after) = try cairn.searchSummary("came_late")
    #expect(late.first == "late.py" && cairn.freshness(after) == "updated", "\(after)")
    #expect("\(after)".contains("shows no progress"), "\(after)")
    program.send(SIGCONT)
  }
}
