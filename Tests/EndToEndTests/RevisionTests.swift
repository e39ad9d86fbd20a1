import Chunking
import Disk
import Glibc
import IndexStorage
import JSON
import Primitives
import TestSupport
import Testing

/// `--at REV`: commits that are indexed from git's objects, beside the tree and without a checkout.
@Suite struct RevisionTests {
  let cairn: CairnProgram
  let repository: TestRepository
  var root: FilePath { repository.root }

  init() throws {
    cairn = try CairnProgram()
    repository = try TestRepository()
    for number in 0..<12 {
      let body = (0..<8).map { "def function_\(number)_\($0)(value):\n    return value + \($0)\n\n" }.joined()
      try repository.write(FilePath("package\(number % 3)/module\(number).py"), body)
    }
    try repository.write("notes.md", "# Notes\n\nAbout sessions and how they expire.\n")
  }

  private func run(_ arguments: String...) throws -> ProgramResult {
    try cairn.start(arguments, in: root).wait()
  }

  private func report(at revision: String, _ more: String...) throws -> JSONValue {
    let result = try cairn.start(["index", "--json", "--at", revision] + more, in: root).wait()
    try #require(result.code == 0, "\(result.errorText)")
    return try JSONValue(parsing: Array(try #require(result.outputLines.last).utf8))
  }

  private func index(of commit: String) -> FilePath { root.appending(".cairn/revisions").appending(commit) }

  private func chunks(_ directory: FilePath) throws -> [LiveChunk] {
    liveChunks(try StoredIndex(directory: directory).snapshot())
  }

  /// Paths and lines of what a query finds, in order.
  private func answers(_ arguments: [String]) throws -> [String] {
    let result = try cairn.start(["search", "--json", "-n", "30"] + arguments, in: root).wait()
    try #require(result.code < 2, "\(arguments): \(result.errorText)")
    return try result.outputLines.dropLast().map { line in
      let hit = try JSONValue(parsing: Array(line.utf8))
      return "\(hit["path"]?.string ?? "") \(hit["start_line"]?.integer ?? 0) \(hit["snippet"].map { "\($0)" } ?? "")"
    }
  }

  // MARK: The same as a checkout

  @Test func `a commit has the chunks and the answers of a checkout of it`() throws {
    var commits = [try repository.commit("root")]
    try repository.write(".cairnignore", "package1/\n!private/\n")
    try repository.write("package2/.cairnignore", "module2.py\n")
    try repository.write("private/kept.py", "def kept(value):\n    return value\n")
    try repository.write("node_modules/other/index.js", "function vendored() { return 1 }\n")
    try repository.write("environment/pyvenv.cfg", "home = /usr\n")
    try repository.write("environment/lib.py", "def of_environment(value):\n    return value\n")
    try repository.write(".hidden/seen.py", "def hidden_but_tracked(value):\n    return value\n")
    try repository.write("id_rsa", "no key\n")
    try repository.write("key.py", "token = 'ghp_\(String(repeating: "a1B2", count: 9))'\n")
    try repository.write("binary.bin", "\0\u{1}\u{2}\0")
    try repository.write("empty.py", "")
    try repository.write("big.txt", String(repeating: "word and more words\n", count: 300_000))
    try repository.write("notebook.ipynb", #"{"cells":[{"cell_type":"code","source":["def in_notebook(value):\n"]}]}"#)
    try repository.write("line\nbreak.py", "def in_an_odd_file(value):\n    return value\n")
    try repository.shell("ln -s notes.md link.md; ln -s package0 linked; chmod +x notes.md")
    commits.append(try repository.commit("rules"))
    try repository.git("mv", "package0/module0.py", "package2/renamed.py")
    try repository.git("rm", "-q", "notes.md", "package1/module1.py")
    try repository.write("package0/module3.py", "def changed(value):\n    return value * 2\n")
    commits.append(try repository.commit("renamed and removed"))
    try repository.git("checkout", "-q", "-b", "side", commits[0])
    try repository.write("side.py", "def only_on_the_side(value):\n    return value\n")
    try repository.commit("side")
    try repository.git("checkout", "-q", "main")
    try repository.git("merge", "-q", "-m", "merged", "side")
    commits.append(try repository.git("rev-parse", "HEAD"))

    let places = try TemporaryTree()
    for (number, commit) in commits.enumerated() {
      let checkout = places.root.appending("\(number)")
      try repository.git("worktree", "add", "-q", "--detach", checkout.description, commit)
      #expect(try report(at: commit)["revision"]?.string == commit)
      let indexed = try cairn.run("index", "-q", checkout.description)
      try #require(indexed.code == 0, "\(indexed.errorText)")
      let (own, other) = (try chunks(index(of: commit)), try chunks(checkout.appending(".cairn")))
      #expect(!own.isEmpty && own == other, "\(commit): \(own.map(\.path)) \(other.map(\.path))")
      for query in ["function value", "only_on_the_side", "changed", "in_notebook", "sessions expire", "\"value * 2\""]
      {
        let expected = try answers(["--root", checkout.description, query])
        #expect(try answers(["--at", commit, query]) == expected, "\(commit) \(query)")
      }
      #expect(try run("verify").code == 0)
    }
  }

  @Test func `what is indexed are the bytes of the object, whatever a checkout makes of them`() throws {
    try repository.write(".gitattributes", "*.py text eol=crlf\n")
    try repository.write("windows.py", "def with_line_ends(value):\n    return value\n")
    let commit = try repository.commit()
    try repository.shell("rm windows.py; git checkout -q windows.py; grep -q \"$(printf '\\r')\" windows.py")
    _ = try report(at: commit)
    let found = try #require(try chunks(index(of: commit)).first { $0.path == "windows.py" })
    #expect(found.chunk.bytes.upperBound <= "def with_line_ends(value):\n    return value\n".utf8.count)
    #expect(try run("search", "--at", commit, "-l", "with_line_ends").outputLines.first == "windows.py")
  }

  @Test func `links and submodules are left out and counted`() throws {
    let other = try TestRepository()
    try other.write("inner.py", "def inner(value):\n    return value\n")
    try other.commit()
    try repository.git("submodule", "--quiet", "add", other.root.description, "module")
    try repository.shell("ln -s notes.md link.md")
    let report = try report(at: try repository.commit())
    #expect(report["skipped"]?["symbolic-link"]?.integer == 1 && report["skipped"]?["not-regular"]?.integer == 1)
    let counted = (report["files_indexed"]?.integer ?? 0) + (report["files_skipped"]?.integer ?? 0)
    #expect(counted == report["files_seen"]?.integer)
  }

  @Test func `the empty tree is a corpus without files`() throws {
    let empty = try TestRepository()
    try empty.commit("nothing")
    let result = try cairn.start(["search", "--at", "HEAD", "anything"], in: empty.root).wait()
    #expect(result.code == 1, "\(result.errorText)")
  }

  // MARK: What is shared

  @Test func `a commit begins from the tree's index, and the next one from that`() throws {
    let first = try repository.commit()
    #expect(try run("index", "-q").code == 0)
    let ofTree = try report(at: "HEAD")
    #expect(ofTree["adopted_from"]?.string == root.appending(".cairn").description, "\(ofTree)")
    #expect(ofTree["files_indexed"]?.integer == 0 && ofTree["files_unchanged"]?.integer == 13, "\(ofTree)")
    try repository.write("package0/module0.py", "def only_in_the_second(value):\n    return value\n")
    let second = try repository.commit()
    let ofFirst = try report(at: "HEAD")
    #expect(ofFirst["adopted_from"]?.string == index(of: first).description, "\(ofFirst)")
    #expect(ofFirst["files_indexed"]?.integer == 1 && ofFirst["files_unchanged"]?.integer == 12, "\(ofFirst)")
    // One file under three names.
    func inodes(_ directory: FilePath) throws -> Set<UInt64> {
      let segments = directory.appending("segments")
      return Set(try listDirectory(segments).map { try FileStatus(of: segments.appending($0.name)).inode })
    }
    let shared = try inodes(root.appending(".cairn")).intersection(inodes(index(of: first)))
    #expect(!shared.intersection(try inodes(index(of: second))).isEmpty)
    // Neither knows what the other has.
    #expect(try run("search", "--at", second, "only_in_the_second").code == 0)
    #expect(try run("search", "--at", first, "only_in_the_second").code == 1)
    // Made anew, it is the same.
    let before = try chunks(index(of: second))
    #expect(try run("index", "-q", "--at", second, "--rebuild").code == 0)
    #expect(try chunks(index(of: second)) == before)
  }

  @Test func `a complete index of a commit is not touched by searches`() throws {
    try repository.commit()
    #expect(try run("search", "--at", "HEAD", "function").code == 0)
    let commit = try repository.git("rev-parse", "HEAD")
    try repository.write("package0/module0.py", "def changed(value):\n    return value\n")
    let before = try diskState(index(of: commit))
    let result = try run("search", "--json", "--at", "HEAD", "function_0_1")
    #expect(result.code == 0 && result.outputText.contains("function_0_1"))
    #expect(try diskState(index(of: commit)) == before)
  }

  // MARK: Searching

  @Test func `a revision is found anew at each search, and answers say which it was`() throws {
    let first = try repository.commit()
    try repository.write("new.py", "def newest(value):\n    return value\n")
    let one = try run("search", "--json", "--at", "main", "newest")
    #expect(try summary(one)["revision"]?.string == first && one.code == 1)
    let second = try repository.commit()
    let two = try run("search", "--json", "--at", "main", "newest")
    #expect(try summary(two)["revision"]?.string == second && two.code == 0)
    let people = try run("search", "--at", "main~1", "function")
    #expect(people.errorText.contains(first) && people.code == 0)
    #expect(try summary(try run("search", "--json", "function"))["revision"]?.isNull == true)
  }

  private func summary(_ result: ProgramResult) throws -> JSONValue {
    try JSONValue(parsing: Array(try #require(result.outputLines.last, "\(result.errorText)").utf8))
  }

  @Test func `filters, lists of files and places work as in a tree`() throws {
    try repository.commit()
    #expect(
      try run("search", "--at", "HEAD", "-l", "--path", "package1/**", "function").outputLines.sorted()
        == ["package1/module1.py", "package1/module10.py", "package1/module4.py", "package1/module7.py"])
    #expect(try run("search", "--at", "HEAD", "--lang", "markdown", "expire").outputText.hasPrefix("notes.md:"))
    #expect(
      try run("search", "--at", "HEAD", "--vimgrep", "function_3_2").outputText.hasPrefix("package0/module3.py:7:"))
    let related = try run("related", "--at", "HEAD", "package0/module3.py:7")
    #expect(related.code == 0, "\(related.errorText)")
  }

  @Test func `a directory below the top, and a bare repository, have revisions`() throws {
    let commit = try repository.commit()
    let inside = try cairn.start(
      ["search", "--at", "HEAD", "--root", root.appending("package2").description, "-l", "function_2_1"], in: root
    ).wait()
    #expect(inside.outputLines.first == "package2/module2.py", "\(inside.errorText)")
    let places = try TemporaryTree()
    let bare = places.root.appending("bare")
    try repository.git("clone", "-q", "--bare", ".", bare.description)
    let found = try cairn.start(["search", "--json", "--at", "main", "function_2_1"], in: bare).wait()
    #expect(found.code == 0, "\(found.errorText)")
    #expect(try summary(found)["revision"]?.string == commit)
  }

  @Test func `what cannot be searched is an error that says what to do`() throws {
    try repository.commit()
    try repository.git("tag", "of-a-tree", "HEAD^{tree}")
    for name in ["nowhere", "of-a-tree", "--help", "-x", "HEAD:notes.md", ""] {
      let result = try run("search", "--at=\(name)", "function")
      #expect(result.code == 2 && !result.errors.isEmpty, "\(name): \(result.errorText)")
    }
    let none = try run("search", "--no-update", "--at", "HEAD", "function")
    #expect(none.code == 2 && none.errorText.contains("cairn index --at "), "\(none.errorText)")
    let outside = try TemporaryTree()
    let noRepository = try cairn.start(["search", "--at", "HEAD", "function"], in: outside.root).wait()
    #expect(noRepository.code == 2 && noRepository.errorText.contains("no git repository"), "\(noRepository.errorText)")
    var without = cairn
    without.environment["PATH"] = "/nowhere"
    let noGit = try without.start(["search", "--at", "HEAD", "function"], in: root).wait()
    #expect(noGit.code == 2 && noGit.errorText.contains("install"), "\(noGit.errorText)")
  }

  // MARK: What is kept

  @Test func `status lists the commits that are indexed, and each can be removed`() throws {
    let first = try repository.commit()
    try repository.write("new.py", "def newest(value):\n    return value\n")
    let second = try repository.commit()
    _ = try report(at: first)
    _ = try report(at: second)
    let status = try summary(try run("status", "--json"))
    let listed = status["revisions"]?.array ?? []
    #expect(status["indexed"]?.boolean == false && Set(listed.compactMap { $0["commit"]?.string }) == [first, second])
    #expect(listed.allSatisfy { $0["complete"]?.boolean == true && ($0["bytes"]?.integer ?? 0) > 0 })
    #expect(try run("status").outputText.contains(String(second.prefix(12))))
    #expect(try run("index", "-q").code == 0)
    #expect(try run("doctor").outputText.contains("did not make") == false)
    #expect(try run("vacuum").code == 0)
    let removed = try run("remove", "--at", "HEAD")
    #expect(removed.code == 0 && !fileExists(index(of: second)) && fileExists(index(of: first)), "\(removed.errorText)")
    #expect(try run("remove", "--at", "HEAD").code == 1)
    #expect(try run("search", "--no-update", "function").code == 0)
    #expect(try run("remove").code == 0 && !fileExists(root.appending(".cairn")))
  }

  @Test func `status tells of the index of one commit, which the repository need not have`() throws {
    let commit = try repository.commit()
    let indexed = try report(at: commit)
    let status = try summary(try run("status", "--json", "--at", "HEAD"))
    #expect(status["revision"]?.string == commit && status["complete"]?.boolean == true)
    #expect(status["index_dir"]?.string == index(of: commit).description)
    for name in ["files", "chunks"] { #expect(status[name]?.integer == indexed[name]?.integer, "\(name)") }
    #expect((status["source_bytes"]?.integer ?? 0) > 0)
    let shown = try run("status", "--at", String(commit.prefix(8)))
    #expect(shown.code == 0 && shown.outputText.contains("commit       \(commit)"), "\(shown.outputText)")
    #expect(!shown.outputText.contains("watched"))
    try repository.write("new.py", "def newest(value):\n    return value\n")
    try repository.commit()
    let none = try run("status", "--at", "HEAD")
    #expect(none.code == 1 && none.outputText.contains("has no index"), "\(none.outputText)")
    #expect(try run("status", "--at", "HEAD", "--skipped").code == 2)
    #expect(try run("status", "--at", "no-such-branch").code == 2)
    try repository.git("checkout", "-q", "--orphan", "other")
    try repository.commit()
    try repository.git("branch", "-D", "-q", "main")
    try repository.git("reflog", "expire", "--expire=now", "--all")
    try repository.git("gc", "-q", "--prune=now")
    #expect(try run("status", "--at", commit).code == 0)
  }

  @Test func `the index of a commit that has lost its tag is told of, and can be removed`() throws {
    let commit = try repository.commit()
    _ = try report(at: commit)
    #expect(try run("index", "-q").code == 0)
    func damageTag() throws {
      try repository.shell("printf x | dd of=.cairn/revisions/\(commit)/cairn.tag conv=notrunc")
    }
    try damageTag()
    let doctor = try run("doctor")
    #expect(doctor.code == 2 && doctor.outputText.contains("the index of the commit \(commit)"), "\(doctor.outputText)")
    #expect(try run("verify").code == 2)
    #expect(try run("vacuum").code == 0)
    #expect(try run("status", "--at", "HEAD").code == 2)
    let repair = try run("doctor", "--repair")
    #expect(repair.code == 0 && !fileExists(index(of: commit)), "\(repair.outputText)\(repair.errorText)")
    // By its whole name, also where git does not know it any more.
    _ = try report(at: commit)
    try damageTag()
    let removed = try run("remove", "--at", commit)
    #expect(removed.code == 0 && !fileExists(index(of: commit)), "\(removed.errorText)")
    // What Cairn did not make stays.
    _ = try report(at: commit)
    try damageTag()
    try repository.shell("echo mine > .cairn/revisions/\(commit)/mine")
    #expect(try run("remove", "--at", commit).code == 2)
    let mixed = try run("doctor", "--repair")
    #expect(mixed.code == 2 && mixed.outputText.contains(commit), "\(mixed.outputText)")
    #expect(
      fileExists(index(of: commit).appending("mine")) && fileExists(index(of: commit).appending("catalog.sqlite")))
  }

  @Test func `the commits that are used least go beyond a number, and somebody is told`() throws {
    var commits: [String] = []
    for number in 0..<18 {
      try repository.write("number.py", "def number(value):\n    return \(number)\n")
      commits.append(try repository.commit())
    }
    var last = ""
    for (number, commit) in commits.enumerated() {
      last = try run("index", "--at", commit).errorText
      // One that was used within the last minute would stay.
      try repository.shell("touch -d @\(1_600_000_000 + number) .cairn/revisions/\(commit)/used")
    }
    #expect(last.contains("was removed") && last.contains(commits[1]), "\(last)")
    let kept = commits.filter { fileExists(index(of: $0)) }
    #expect(kept == Array(commits.suffix(16)))
  }

  @Test func `a commit that the repository has no longer is a clear failure`() throws {
    try repository.commit()
    try repository.write("gone.py", "def gone(value):\n    return value\n")
    let gone = try repository.commit()
    _ = try report(at: gone)
    try repository.git("reset", "-q", "--hard", "HEAD~1")
    try repository.git("reflog", "expire", "--expire=now", "--all")
    try repository.git("gc", "-q", "--prune=now")
    let result = try run("search", "--at", gone, "gone")
    #expect(result.code == 2 && result.errorText.contains("cairn remove --at \(gone)"), "\(result.errorText)")
    #expect(try run("remove", "--at", gone).code == 0)
    #expect(!fileExists(index(of: gone)))
  }

  @Test func `two processes index one commit, and a run that was killed goes on`() throws {
    for number in 0..<300 {
      let body = (0..<30).map { "def long_\(number)_\($0)(value):\n    return value + \($0)\n\n" }.joined()
      try repository.write(FilePath("many/module\(number).py"), body)
    }
    let commit = try repository.commit()
    let killed = try cairn.start(["index", "--at", commit], in: root)
    killed.run(until: .now + .milliseconds(250))
    killed.send(SIGKILL)
    _ = killed.wait()
    let both = [
      try cairn.start(["search", "--at", commit, "long_7_7"], in: root),
      try cairn.start(["search", "--at", commit, "long_8_8"], in: root),
    ].map { $0.wait() }
    for result in both {
      // One that comes while the other builds answers from what there is, and says so.
      #expect(result.code == 0 || result.errorText.contains("another process"), "\(result.errorText)")
    }
    #expect(try run("verify").code == 0)
    let report = try report(at: commit)
    #expect(report["files"]?.integer == 313 && report["files_unchanged"]?.integer == 313)
  }

  @Test func `a clone without all objects says which are missing`() throws {
    let commit = try repository.commit()
    let blob = try repository.git("rev-parse", "HEAD:notes.md")
    try repository.shell("rm -f .git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    let result = try run("search", "--at", commit, "function_2_1")
    #expect(result.errorText.contains("notes.md"), "\(result.errorText)")
  }

  @Test func `other settings have the index of a commit made by them`() throws {
    try repository.write(
      "id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret_word_of_mine\n-----END OPENSSH PRIVATE KEY-----\n")
    try repository.write("node_modules/p/a.js", "function vendored_word() { return 1 }\n")
    let commit = try repository.commit()
    func isFound(_ word: String, _ more: String...) throws -> Bool {
      try cairn.start(["search", "-l", "--at", commit, "\"\(word)\""] + more, in: root).wait().code == 0
    }
    #expect(try !isFound("secret_word_of_mine") && !isFound("vendored_word"))
    #expect(try isFound("secret_word_of_mine", "--include-secrets"))
    #expect(try !isFound("secret_word_of_mine"))
    #expect(try isFound("vendored_word", "--include-vendored"))
    #expect(try !isFound("vendored_word"))
  }
}
