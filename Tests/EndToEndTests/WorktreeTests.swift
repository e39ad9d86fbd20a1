import Disk
import Glibc
import IndexStorage
import JSON
import Primitives
import TestSupport
import Testing

/// Work trees of one repository, made by the real git.
@Suite struct WorktreeTests {
  let cairn: CairnProgram
  var main: FilePath { cairn.tree.root.appending("main") }

  init() throws {
    cairn = try CairnProgram()
    var random = SeededRandom(seed: 5)
    for number in 0..<60 {
      var text = ""
      for line in 0..<20 {
        text += "def function_\(number)_\(line)(value):\n    return value + \(random.next(upTo: 999))\n\n"
      }
      try cairn.write(FilePath("main/package\(number % 6)/module\(number).py"), text)
    }
    try git("init", "-q", "-b", "main", ".")
    try git("add", "-A")
    try git("commit", "-q", "-m", "first")
  }

  private func git(_ arguments: String..., in directory: FilePath? = nil) throws {
    let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    let result = try Program(
      "/usr/bin/git", (identity + arguments).map { Array($0.utf8) }, in: directory ?? main,
      environment: cairn.environment
    ).wait()
    try #require(result.code == 0, "\(arguments): \(result.errorText)")
  }

  private func index(_ root: FilePath) throws -> JSONValue {
    let result = try cairn.run("index", "--json", root.description)
    try #require(result.code == 0, "\(result.errorText)")
    return try JSONValue(parsing: Array(try #require(result.outputLines.last).utf8))
  }

  /// What the index of `root` holds: a line for each result of a query that everything matches.
  private func content(_ root: FilePath) throws -> [String] {
    try cairn.run("search", "--no-update", "-l", "--limit", "1000", "--root", root.description, "value")
      .outputLines.sorted()
  }

  private func segments(_ root: FilePath) throws -> [(name: FilePath, status: FileStatus)] {
    let directory = root.appending(".cairn/segments")
    return try listDirectory(directory).map(\.name).filter { $0.bytes.suffix(8).elementsEqual(".segment".utf8) }
      .map { ($0, try FileStatus(of: directory.appending($0))) }
  }

  @Test func `a second work tree begins from the first one's index, and shares its bytes`() throws {
    _ = try index(main)
    let other = cairn.tree.root.appending("other")
    try git("worktree", "add", "-q", "-b", "topic", other.description)
    try cairn.write("other/package0/module0.py", "def only_over_here(value):\n    return value\n")
    try cairn.tree.remove("other/package1/module1.py")
    let report = try index(other)
    #expect(report["adopted_from"]?.string == main.appending(".cairn").description, "\(report)")
    #expect(report["files_indexed"]?.integer == 1 && report["files_unchanged"]?.integer == 58)
    // Young as they are, git's own records tell nothing of its files yet.
    #expect((report["reused"]?["files_unread"]?.integer ?? 0) <= 58)
    // One file of the first index, under two names.
    let shared = Set(try segments(main).map(\.status.inode)).intersection(try segments(other).map(\.status.inode))
    #expect(!shared.isEmpty)
    let held = try content(other)
    #expect(try cairn.run("verify", other.description).code == 0)
    #expect(try cairn.run("verify", main.description).code == 0)
    let found = try cairn.run("search", "-l", "--root", other.description, "only_over_here")
    #expect(found.outputLines.first == "other/package0/module0.py")
    #expect(try cairn.run("search", "--root", main.description, "only_over_here").code == 1)
    // A run that began with nothing comes to the same.
    removeTree(main.appending(".cairn"))
    #expect(try cairn.run("index", "-q", "--rebuild", other.description).code == 0)
    #expect(try content(other) == held)
  }

  @Test func `what becomes of one index is nothing to the other`() throws {
    _ = try index(main)
    let other = cairn.tree.root.appending("other")
    try git("worktree", "add", "-q", "-b", "topic", other.description)
    _ = try index(other)
    let before = try content(main)
    for number in 0..<60 {
      try cairn.write(FilePath("other/package\(number % 6)/module\(number).py"), "x = \(number)\n")
    }
    _ = try index(other)
    #expect(try cairn.run("vacuum", other.description).code == 0)
    removeTree(other.appending(".cairn"))
    #expect(try cairn.run("verify", main.description).code == 0)
    #expect(try content(main) == before)
    // And over there it begins again.
    #expect(try index(other)["adopted_from"]?.string != nil)
    #expect(try cairn.run("verify", other.description).code == 0)
  }

  @Test func `a directory below the top finds the same directory of another work tree`() throws {
    _ = try index(main.appending("package2"))
    let other = cairn.tree.root.appending("other")
    try git("worktree", "add", "-q", "-b", "topic", other.description)
    let report = try index(other.appending("package2"))
    #expect(report["adopted_from"]?.string == main.appending("package2/.cairn").description)
    #expect(report["files_indexed"]?.integer == 0)
  }

  @Test func `a repository that does not know a tree gives it nothing`() throws {
    _ = try index(main)
    // It points at the repository, which does not point back.
    try cairn.write("stranger/.git", "gitdir: \(main.appending(".git"))\n")
    try cairn.write("stranger/a.py", "def strange(value):\n    return value\n")
    #expect(try index(cairn.tree.root.appending("stranger"))["adopted_from"]?.isNull == true)
    // Nor does an unfinished, foreign or damaged index.
    let other = cairn.tree.root.appending("other")
    try git("worktree", "add", "-q", "-b", "topic", other.description)
    for (name, _) in try segments(main) {
      try cairn.write(FilePath("main/.cairn/segments").appending(name), "nonsense")
    }
    let report = try index(other)
    #expect(report["adopted_from"]?.isNull == true && report["files_indexed"]?.integer == 60, "\(report)")
    #expect(try cairn.run("verify", other.description).code == 0)
  }

  @Test func `a work tree of a work tree begins from either`() throws {
    let first = cairn.tree.root.appending("first")
    let second = cairn.tree.root.appending("second")
    try git("worktree", "add", "-q", "-b", "one", first.description)
    _ = try index(first)
    try git("worktree", "add", "-q", "-b", "two", second.description, in: first)
    #expect(try index(second)["adopted_from"]?.string == first.appending(".cairn").description)
    #expect(try index(main)["adopted_from"]?.string != nil)
  }

  /// Makes the files of `main` those of a repository in `name` that an archive might have brought, and gives its root.
  private func stranger(_ name: String) throws -> FilePath {
    let copied = try cairn.shell("mkdir \(name) && cp -r main/package* \(name)")
    try #require(copied.code == 0, "\(copied.errorText)")
    return cairn.tree.root.appending(FilePath(name))
  }

  @Test(arguments: ["a work tree", "the first work tree", "a link", "a directory of its own"])
  func `a tree whose own repository is another one gives nothing to a stranger's that names it`(_ way: String) throws {
    try cairn.write("main/plan.py", "def zqprivate(value):\n    return value\n")
    _ = try index(main)
    let linked = cairn.tree.root.appending("linked")
    try git("worktree", "add", "-q", "-b", "topic", linked.description)
    try cairn.write("linked/plan.py", "def zqprivate(value):\n    return value\n")
    _ = try index(linked)
    let root = try stranger("stranger")
    let dotGit = root.appending(".git")
    if way == "a link" {
      makeLink(dotGit, to: main.appending(".git"))
    } else {
      try git("init", "-q", ".", in: root)
      let named = way == "a work tree" ? linked : main
      try cairn.write("stranger/.git/worktrees/x/gitdir", "\(named.appending(".git"))\n")
      if way == "a directory of its own" { try cairn.write("stranger/.git/commondir", "\(main.appending(".git"))\n") }
    }
    let before = try segments(main).map(\.status) + segments(linked).map(\.status)
    #expect(try index(root)["adopted_from"]?.isNull == true)
    #expect(try segments(main).map(\.status) + segments(linked).map(\.status) == before)
    #expect(try cairn.shell("grep -rla zqprivate stranger/.cairn").outputText.isEmpty)
  }

  @Test func `words of a file that becomes a secret leave every index that took them over`() throws {
    try cairn.write("main/local.py", "zqsecretword = 1\n")
    _ = try index(main)
    let other = cairn.tree.root.appending("other")
    let third = cairn.tree.root.appending("third")
    try git("worktree", "add", "-q", "-b", "one", other.description)
    #expect(try index(other)["adopted_from"]?.string == main.appending(".cairn").description)
    try git("worktree", "add", "-q", "-b", "two", third.description)
    _ = try index(third)
    func holds(_ name: String) throws -> Bool { try cairn.shell("grep -rla zqsecretword \(name)/.cairn").code == 0 }
    #expect(try holds("other") && holds("third"))
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq4SxqL0mXb5Tq3kq5J8m1ZyQ9v4yKq2e3Wm8n7Yx1oPzRt\n"
    try cairn.write("main/local.py", "zqsecretword = 1\n\(key)")
    #expect(try index(main)["files_skipped"]?.integer ?? 0 > 0)
    #expect(try !holds("main"))
    // A file of the same name that is none stays as it is.
    try cairn.write("third/local.py", "zqsecretword = 2\n")
    for root in [other, third] { _ = try index(root) }
    #expect(try !holds("other"))
    #expect(
      try cairn.run("search", "-l", "--root", third.description, "zqsecretword").outputLines.first == "third/local.py")
    for root in [other, third] { #expect(try cairn.run("verify", root.description).code == 0) }
    // Nothing is left to be asked for, and nothing is written again.
    #expect(try index(other)["generation"] == (try index(other)["generation"]))
  }
}
