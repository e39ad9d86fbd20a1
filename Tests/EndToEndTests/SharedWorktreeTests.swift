import Disk
import Foundation
import JSON
import Primitives
import TestSupport
import Testing

/// What work trees, clones and branches share, in all the ways in which git lays out a repository: an index that began
/// from another, or went from branch to branch, answers as a new one does.
@Suite struct SharedWorktreeTests {
  let cairn: CairnProgram
  var root: FilePath { cairn.tree.root }
  var main: FilePath { root.appending("main") }

  init() throws {
    cairn = try CairnProgram(inMemory: true)
    for number in 0..<40 { try write(number, version: 0) }
    try git("init", "-q", "-b", "main", ".")
    try git("add", "-A")
    try git("commit", "-q", "-m", "first")
  }

  private func text(_ number: Int, version: Int) -> String {
    (0..<12).map { line in
      "def module\(number)_version\(version)_part\(line)(value):\n    return value + \(line * version)\n\n"
    }.joined()
  }
  private func path(_ number: Int) -> FilePath { FilePath("package\(number % 4)/module\(number).py") }
  private func write(_ number: Int, version: Int) throws {
    try cairn.write(FilePath("main").appending(path(number)), text(number, version: version))
  }

  private func git(_ arguments: String..., in directory: FilePath? = nil) throws {
    let settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
    let result = try Program(
      "/usr/bin/git", (settings + arguments).map { Array($0.utf8) }, in: directory ?? main,
      environment: cairn.environment
    ).wait()
    try #require(result.code == 0, "\(arguments): \(result.errorText)")
  }

  /// As if git had written its indexes long after the files: no file is too young to be told by its times.
  private func age() throws {
    let line = "find \(root.description) -path '*.git*' -name index -exec touch -d '+1 minute' {} +"
    try #require(try cairn.shell(line).code == 0)
  }

  @discardableResult
  private func index(_ tree: FilePath, _ arguments: String...) throws -> JSONValue {
    let result = try cairn.start(["index", "--json", tree.description] + arguments).wait()
    try #require(result.code == 0, "\(result.errorText)")
    return try JSONValue(parsing: Array(try #require(result.outputLines.last).utf8))
  }

  private func answers(_ tree: FilePath, _ arguments: [String] = []) throws -> [String] {
    try ["module7_version0_part3", "value", "return value + 4", "path:package2 part1"].flatMap { query in
      try cairn.start(
        ["search", "--json", "--no-update", "--limit", "200", "--root", tree.description, query] + arguments
      ).wait().outputLines.dropLast()
    }
  }

  /// Whether the index of the tree is sound and answers as one that was made of nothing.
  private func check(_ tree: FilePath, _ what: String) throws {
    #expect(try cairn.run("verify", tree.description).code == 0, "\(what)")
    let place = cairn.home.root.appending("fresh")
    removeTree(place)
    try index(tree, "--index-dir", place.description)
    let fresh = try answers(tree, ["--index-dir", place.description])
    #expect(fresh.count > 4)
    #expect(try answers(tree) == fresh, "\(what)")
  }

  private func reused(_ report: JSONValue, _ name: String) -> Int { report["reused"]?[name]?.integer ?? 0 }

  @Test func `what git says is the same in a second work tree is not read`() throws {
    try index(main)
    let other = root.appending("other")
    try git("worktree", "add", "-q", "-b", "topic", other.description)
    try age()
    // With the size that it had, so that only git's index can tell.
    let edited = text(3, version: 0).replacing("value + 0", with: "value - 0")
    try cairn.write(FilePath("other").appending(path(3)), edited)
    try git("add", "-A", in: other)
    try cairn.write(FilePath("other").appending(path(4)), text(4, version: 0).replacing("value + 0", with: "value * 0"))
    try age()
    let report = try index(other)
    #expect(reused(report, "files_unread") == 38 && report["files_indexed"]?.integer == 2, "\(report)")
    try check(other, "edited")
  }

  @Test func `submodules are looked at in each work tree`() throws {
    let library = root.appending("library")
    try cairn.write("library/lib.py", "def library_function(value):\n    return value\n")
    try git("init", "-q", "-b", "main", ".", in: library)
    try git("add", "-A", in: library)
    try git("commit", "-q", "-m", "library", in: library)
    try git("submodule", "--quiet", "add", library.description, "library")
    try git("commit", "-q", "-m", "with a library")
    try index(main)
    let other = root.appending("other")
    try git("worktree", "add", "-q", "-b", "topic", other.description)
    try age()
    #expect(reused(try index(other), "files_unread") >= 40)
    try check(other, "without its submodule")
    try git("submodule", "--quiet", "update", "--init", in: other)
    try age()
    try index(other)
    try check(other, "with its submodule")
    // The submodule is a repository of its own, which has one work tree here and one there.
    #expect(try index(other.appending("library"))["adopted_from"]?.isNull == true)
  }

  @Test func `sparse work trees have what is in them`() throws {
    try index(main)
    let other = root.appending("other")
    try git("worktree", "add", "-q", "--no-checkout", "-b", "topic", other.description)
    try git("sparse-checkout", "set", "--cone", "--sparse-index", "package1", in: other)
    try git("checkout", "-q", in: other)
    try age()
    let sparse = try index(other)
    #expect(reused(sparse, "files_unread") == 10 && sparse["files"]?.integer == 10, "\(sparse)")
    try check(other, "sparse")
    try git("sparse-checkout", "disable", in: other)
    let whole = try index(other)
    #expect(whole["files"]?.integer == 40, "\(whole)")
    try check(other, "whole")
    try git("sparse-checkout", "set", "--no-cone", "/package2/module1*", in: other)
    try index(other)
    try check(other, "by patterns")
  }

  @Test func `work trees of a bare repository, and of each other, share`() throws {
    let bare = root.appending("bare.git")
    try git("clone", "-q", "--bare", main.description, bare.description)
    let (one, two) = (root.appending("one"), root.appending("two"))
    try git("worktree", "add", "-q", "-b", "one", one.description, in: bare)
    #expect(try index(one)["adopted_from"]?.isNull == true)
    // So soon after git has written the files their times may prove nothing yet.
    try index(one)
    try git("worktree", "add", "-q", "-b", "two", two.description, in: one)
    try age()
    let report = try index(two)
    #expect(report["adopted_from"]?.string == one.appending(".cairn").description)
    #expect(reused(report, "files_unread") == 40, "\(report)")
    try check(two, "of a bare repository")
    // A bare repository inside the directory that its work trees are in.
    let folder = root.appending("folder")
    try git("clone", "-q", "--bare", main.description, folder.appending(".git").description)
    try git("worktree", "add", "-q", "-b", "three", folder.appending("three").description, in: folder)
    try git("worktree", "add", "-q", "-b", "four", folder.appending("four").description, in: folder)
    for _ in 0..<2 { try index(folder.appending("three")) }
    try age()
    #expect(reused(try index(folder.appending("four")), "files_unread") == 40)
    try check(folder.appending("four"), "beside a bare repository")
  }

  @Test func `clones share nothing, whatever they borrow of each other`() throws {
    try index(main)
    for (name, option) in [("shared", "--shared"), ("reference", "--reference=\(main.description)")] {
      let clone = root.appending(FilePath(name))
      try git("clone", "-q", option, main.description, clone.description)
      try age()
      let report = try index(clone)
      #expect(report["adopted_from"]?.isNull == true && reused(report, "files_unread") == 0, "\(report)")
      try check(clone, name)
    }
  }

  @Test func `a sibling that is damaged, or gone, is no use and no harm`() throws {
    try index(main)
    let (other, third) = (root.appending("other"), root.appending("third"))
    try git("worktree", "add", "-q", "-b", "topic", other.description)
    try git("worktree", "add", "-q", "-b", "third", third.description)
    try age()
    let catalog = main.appending(".cairn/catalog.sqlite")
    var bytes = try readFile(catalog).bytes
    for offset in stride(from: bytes.count / 2, to: bytes.count, by: 97) { bytes[offset] ^= 0x55 }
    try cairn.tree.write("main/.cairn/catalog.sqlite", bytes)
    try index(other)
    try check(other, "beside a damaged one")
    removeTree(main.appending(".cairn"))
    removeTree(other)
    #expect(try index(third)["adopted_from"]?.isNull == true)
    try check(third, "beside one that is gone")
  }

  @Test func `a branch that was searched before costs nothing when it is checked out again`() throws {
    try git("checkout", "-q", "-b", "far")
    for number in 0..<8 { try write(number, version: 1) }
    try git("mv", "package0/module8.py", "package0/renamed.py")
    try git("commit", "-q", "-a", "-m", "far")
    try git("checkout", "-q", "main")
    try index(main)
    try git("checkout", "-q", "far")
    let there = try index(main)
    #expect(reused(there, "files_copied") == 1 && there["files_indexed"]?.integer == 9, "\(there)")
    try check(main, "there")
    for round in 0..<2 {
      try git("checkout", "-q", "main")
      let back = try index(main)
      #expect(reused(back, "files_revived") == 9 && back["files_indexed"]?.integer == 9, "\(back)")
      try check(main, "back \(round)")
      try git("checkout", "-q", "far")
      #expect(reused(try index(main), "files_revived") == 9)
      try check(main, "there again \(round)")
    }
    try git("revert", "--no-edit", "HEAD")
    let reverted = try index(main)
    #expect(reused(reverted, "files_revived") == 9, "\(reverted)")
    let text = try cairn.run("index", main.description).outputText
    #expect(!text.contains("re-used"))
  }

  /// `CAIRN_QUERIES` asks as many as it says.
  @Test func `no answer is of another branch, whatever is checked out where`() throws {
    let count = processEnvironment()["CAIRN_QUERIES"].flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 120
    var random = SeededRandom(seed: 11)
    /// The version of each module on each branch.
    var versions: [[Int]] = []
    for branch in 0..<4 {
      try git("checkout", "-q", "-b", "branch\(branch)", "main")
      let versionsHere = (0..<40).map { _ in random.next(upTo: 3) }
      for (number, version) in versionsHere.enumerated() { try write(number, version: version) }
      try git("commit", "-q", "-a", "--allow-empty", "-m", "branch \(branch)")
      versions.append(versionsHere)
    }
    try git("checkout", "-q", "--detach")
    let other = root.appending("other")
    try git("worktree", "add", "-q", "--detach", other.description, "branch0")
    var checkedOut = [3, 0]
    for asked in 0..<count {
      let tree = random.next(upTo: 2)
      let place = [main, other][tree]
      if random.next(upTo: 5) == 0 {
        checkedOut[tree] = random.next(upTo: 4)
        try git("checkout", "-q", "--detach", "branch\(checkedOut[tree])", in: place)
      }
      let number = random.next(upTo: 40)
      let version = versions[checkedOut[tree]][number]
      let name = "module\(number)_version\(version)_part\(random.next(upTo: 12))"
      let result = try cairn.run("search", "-l", "--limit", "1", "--root", place.description, name)
      let shown = try cairn.run("search", "--no-update", "--limit", "1", "--root", place.description, name)
      #expect(
        result.outputLines.first?.hasSuffix(path(number).description) == true && shown.outputText.contains(name),
        "query \(asked): \(name) in \(place), branch \(checkedOut[tree]): \(result.outputText) \(result.errorText)")
    }
    try check(main, "after all")
    try check(other, "after all")
  }
}
