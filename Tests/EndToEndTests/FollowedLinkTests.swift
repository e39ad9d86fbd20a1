import Disk
import Primitives
import TestSupport
import Testing

/// Symbolic links that lead out of the tree, for a user who wants them followed.
@Suite struct FollowedLinkTests {
  var cairn: CairnProgram
  let outside: TemporaryTree
  var root: FilePath { cairn.tree.root }

  init() throws {
    cairn = try CairnProgram()
    outside = try TemporaryTree()
    cairn.environment["CAIRN_FOLLOW_LINKS"] = "true"
    try cairn.write("own.py", "def landmark_own():\n    return 1\n")
    try outside.write("lib/a.py", "def landmark_a():\n    return 'zebra'\n")
    try outside.write("lib/deep/b.py", "def landmark_b():\n    return 2\n")
    try outside.write("single.py", "def landmark_single():\n    return 3\n")
  }

  private func link(_ name: FilePath, to target: FilePath) { makeLink(root.appending(name), to: target) }

  private func index(_ options: String...) throws -> [String: Int] {
    let result = try cairn.start(["index", "--json"] + options).wait()
    #expect(result.code == 0, "\(result.errorText)")
    return try #require(try result.objects("report").first?["skipped"] as? [String: Int])
  }

  /// Every file that is indexed and can be read back.
  private func files(_ options: String...) throws -> [String] {
    let result = try cairn.start(["search", "-l", "-n", "200"] + options + ["landmark return"]).wait()
    return result.outputLines.sorted()
  }

  @Test func `without the setting a link is left out, listed, and the way to follow it is named`() throws {
    var plain = cairn
    plain.environment["CAIRN_FOLLOW_LINKS"] = nil
    link("lib", to: outside.root.appending("lib"))
    #expect(try plain.run("search", "-l", "-n", "200", "landmark return").outputLines == ["own.py"])
    let entries = try plain.run("status", "--skipped", "--json").objects("skipped")
    #expect(entries.map { $0.text("path") } == ["lib"] && entries.first?.text("reason") == "symbolic-link")
    #expect(entries.first?.text("remedy")?.contains("follow_links") == true, "\(entries)")
    let flagged = try plain.run("search", "--follow-links", "-l", "-n", "200", "landmark return")
    #expect(flagged.outputLines.sorted() == ["lib/a.py", "lib/deep/b.py", "own.py"], "\(flagged.errorText)")
  }

  @Test func `files and directories outside are indexed under the link's path, and shown from there`() throws {
    link("lib", to: outside.root.appending("lib"))
    link("one.py", to: outside.root.appending("single.py"))
    makeLink(outside.root.appending("chain"), to: outside.root.appending("lib/deep"))
    try cairn.write("sub/x.py", "def landmark_x(): return 0\n")
    link("sub/up.py", to: FilePath("../../\(outside.root.lastComponent)/single.py"))
    #expect(try index() == ["symbolic-link": 1])
    // Two links to one file: the first by its path has it.
    #expect(try files() == ["lib/a.py", "lib/deep/b.py", "one.py", "own.py", "sub/x.py"])
    let shown = try cairn.run("search", "zebra")
    #expect(shown.outputText.contains("landmark_a") && shown.outputText.contains("lib/a.py"), "\(shown.outputText)")
    let related = try cairn.run("related", "lib/a.py:1")
    #expect(related.code == 0, "\(related.errorText)")
    let quoted = try cairn.run("search", "-l", "\"return 'zebra'\"")
    #expect(quoted.outputLines.first == "lib/a.py")
  }

  @Test func `a chain, and a link behind a link, lead to their end`() throws {
    try outside.write("far/c.py", "def landmark_c():\n    return 4\n")
    makeLink(outside.root.appending("hop"), to: "hop2")
    makeLink(outside.root.appending("hop2"), to: "lib")
    makeLink(outside.root.appending("lib/further"), to: "../far")
    makeLink(outside.root.appending("lib/file.py"), to: "../single.py")
    link("chain", to: outside.root.appending("hop"))
    #expect(try index().isEmpty)
    #expect(
      try files() == ["chain/a.py", "chain/deep/b.py", "chain/file.py", "chain/further/c.py", "own.py"])
  }

  @Test func `loops, links into the tree, to nothing, to git's directory, to devices and to /proc are left out`() throws
  {
    _ = try cairn.shell(
      "mkdir .git .git/objects .git/refs && printf 'ref: refs/heads/main\\n' >.git/HEAD && mkfifo \(outside.root)/pipe")
    try cairn.write("src/in.py", "def landmark_in(): return 0\n")
    let targets: [FilePath] = [
      ".", "..", "/", root, "src", "src/in.py", ".git", ".git/HEAD", ".cairn", "missing", "/proc", "/proc/self/environ",
      "/sys", "/dev/zero", "/dev/null", outside.root.appending("pipe"), "loop16", root.parent,
    ]
    for (number, target) in targets.enumerated() { link(FilePath("loop\(number)"), to: target) }
    try outside.write("other/.git/description.py", "landmark = 'return'\n")
    link("foreign", to: outside.root.appending("other/.git"))
    makeLink(outside.root.appending("lib/self"), to: ".")
    makeLink(outside.root.appending("lib/back"), to: root)
    makeLink(outside.root.appending("lib/around"), to: "..")
    link("lib", to: outside.root.appending("lib"))
    // The directory around `lib` is walked behind `lib/around`, without `lib`.
    let skipped = try index()
    #expect(skipped["symbolic-link"] == targets.count + 1 + 2 + 1, "\(skipped)")
    #expect(
      try files() == ["lib/a.py", "lib/around/single.py", "lib/deep/b.py", "own.py", "src/in.py"])
  }

  @Test func `links tied into a lattice are walked once, the same with any number of threads`() throws {
    for level in 0..<16 {
      try outside.write(FilePath("level\(level)/f.py"), "def landmark_level\(level)(): return \(level)\n")
      for side in ["a", "b", "c"] {
        makeLink(outside.root.appending(FilePath("level\(level)/\(side)")), to: FilePath("../level\(level + 1)"))
      }
    }
    link("start", to: outside.root.appending("level0"))
    _ = try index("--threads", "1")
    let alone = try files("--threads", "1")
    #expect(alone.count == 17 && alone.contains("start/a/a/f.py"))
    _ = try index("--rebuild", "--threads", "4")
    #expect(try files("--threads", "4") == alone)
  }

  @Test func `a change, a removal and a switch of the setting are seen by the next run`() throws {
    link("lib", to: outside.root.appending("lib"))
    link("one.py", to: outside.root.appending("single.py"))
    #expect(try files() == ["lib/a.py", "lib/deep/b.py", "one.py", "own.py"])
    try outside.write("lib/a.py", "def landmark_a():\n    return 'giraffe'\n")
    try outside.write("lib/new.py", "def landmark_new():\n    return 5\n")
    #expect(try cairn.run("search", "-l", "giraffe").outputLines.first == "lib/a.py")
    try outside.remove("lib/deep/b.py")
    #expect(try files() == ["lib/a.py", "lib/new.py", "one.py", "own.py"])
    #expect(try files("--no-follow-links") == ["own.py"])
    #expect(try files() == ["lib/a.py", "lib/new.py", "one.py", "own.py"])
    try cairn.tree.remove("lib")
    try outside.remove("single.py")
    #expect(try files() == ["own.py"])
  }

  @Test func `the rules at the link's place hold, and a secret is one under any name`() throws {
    try outside.write("keys/id_rsa", "landmark return\n")
    link("notes.txt", to: outside.root.appending("keys/id_rsa"))
    link("keys", to: outside.root.appending("keys"))
    link("lib", to: outside.root.appending("lib"))
    link("ignored", to: outside.root.appending("lib/deep"))
    link("node_modules", to: outside.root.appending("lib"))
    link(".hidden.py", to: outside.root.appending("single.py"))
    try cairn.write(".gitignore", "ignored/\n")
    try cairn.write(".cairnignore", "lib/deep/b.py\n")
    #expect(try index() == ["secret": 2, "ignored": 2, "vendored": 1, "hidden": 3])
    #expect(try files() == ["lib/a.py", "own.py"])
  }

  @Test func `what cannot be looked at keeps what the index had of it`() throws {
    link("lib", to: outside.root.appending("lib"))
    #expect(try files().count == 3)
    // The superuser may look at everything, so the program runs as somebody else then.
    let user = effectiveUser == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : ""
    if effectiveUser == 0 {
      #expect(try cairn.shell("chown -R 65534:65534 . \"$HOME\" \(outside.root) && rm -rf .cairn").code == 0)
    }
    #expect(try cairn.shell(user + "$CAIRN index").code == 0)
    #expect(try cairn.shell("mkdir \(outside.root)/shut && mv \(outside.root)/lib \(outside.root)/shut").code == 0)
    link("lib2", to: outside.root.appending("shut/lib"))
    try cairn.tree.remove("lib")
    #expect(try cairn.shell("mv lib2 lib && chmod 000 \(outside.root)/shut").code == 0)
    defer { _ = try? cairn.shell("chmod 755 \(outside.root)/shut") }
    let result = try cairn.shell(user + "$CAIRN index")
    #expect(result.code == 0 && result.errorText.contains("lib"), "\(result.errorText)")
    let status = try cairn.shell(user + "$CAIRN status --json").objects("status").first
    #expect(status?["files"] as? Int == 3 && status?["complete"] as? Bool == false, "\(String(describing: status))")
  }

  @Test func `an answer reads behind no link that was turned elsewhere`() throws {
    try outside.write("lib/config", "landmark return quagga\n")
    link("lib", to: outside.root.appending("lib"))
    _ = try index()
    #expect(try cairn.run("search", "--no-update", "quagga").outputText.contains("quagga"))
    // The very content that was indexed: only the place is another.
    for place in [".git", "real", ".cairn/../real"] {
      try cairn.tree.remove("lib")
      try cairn.write(FilePath("\(place)/config"), "landmark return quagga\n")
      link("lib", to: FilePath(place))
      let result = try cairn.run("search", "--no-update", "quagga")
      #expect(!result.outputText.contains("quagga"), "\(place): \(result.outputText)")
    }
  }

  @Test func `a project's file cannot ask for it`() throws {
    var plain = cairn
    plain.environment["CAIRN_FOLLOW_LINKS"] = nil
    try cairn.write("cairn.toml", "follow_links = true\n")
    let result = try plain.run("index")
    #expect(result.code == 2 && result.errorText.contains("follow_links"))
  }

  @Test func `from behind a followed link the tree that the link stands in is searched`() throws {
    link("lib", to: outside.root.appending("lib"))
    _ = try index()
    // A shell keeps the way that it came by in PWD.
    let from = "cd lib/deep && $CAIRN"
    #expect(try cairn.shell("\(from) search -l -n1 landmark_own").outputLines == [root.appending("own.py").description])
    #expect(try cairn.shell("\(from) search -l -n1 landmark_b").outputLines == ["b.py"])
    #expect(try cairn.shell("cd lib && $CAIRN search -l -n1 landmark_b").outputLines == ["deep/b.py"])
    #expect(try cairn.shell("\(from) search -l 'path:. landmark'").outputLines == ["b.py"])
    #expect(try cairn.shell("\(from) status").outputText.contains(root.description))
    let related = try cairn.shell("\(from) related -l b.py:1")
    #expect(related.code == 0 && related.errors.isEmpty, "\(related.errorText)")
    #expect(!fileExists(outside.root.appending("lib/.cairn")) && !fileExists(outside.root.appending("lib/deep/.cairn")))
    // Where links are followed for one run alone, and where they are not, or another root is nearer.
    var plain = cairn
    plain.environment["CAIRN_FOLLOW_LINKS"] = nil
    #expect(try plain.shell("\(from) search --follow-links -l -n1 landmark_own").code == 0)
    #expect(!fileExists(outside.root.appending("lib/deep/.cairn")))
    let apart = try plain.shell("\(from) status")
    #expect(apart.code == 1 && apart.outputText.contains(outside.root.description), "\(apart.outputText)")
    #expect(try cairn.shell("cd lib/deep && $CAIRN index -q --root .").code == 0)
    #expect(try cairn.shell("\(from) status").outputText.contains(outside.root.appending("lib/deep").description))
  }
}
