import Corpus
import Disk
import Primitives
import TestSupport
import Testing

/// Two work trees of one repository, made by the real git, compared without reading a file.
@Suite struct WorktreeComparisonTests {
  let tree: TemporaryTree
  var main: FilePath { tree.root.appending("main") }
  var other: FilePath { tree.root.appending("other") }
  private let paths: [FilePath] = ["a.txt", "b.txt", "deep/d.c", "deep/er/c.txt", "z.py"]

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    for path in paths { try tree.write(FilePath("main").appending(path), "content of \(path)\n") }
    try git("init", "-q", "-b", "main", ".")
    try git("add", "-A")
    try git("commit", "-q", "-m", "first")
  }

  private func git(_ arguments: String..., in directory: FilePath? = nil) throws {
    let settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
    let result = try Program(
      "/usr/bin/git", (settings + arguments).map { Array($0.utf8) }, in: directory ?? main,
      environment: ["HOME": tree.root.description, "PATH": "/usr/bin:/bin"]
    ).wait()
    try #require(result.code == 0, "\(arguments): \(result.errorText)")
  }

  /// As if git had written its index long after the files.
  private func age(_ index: String, by offset: String = "+1 minute") throws {
    let path = tree.root.appending(FilePath(index)).description
    let result = try Program(
      "/usr/bin/touch", ["-d", offset, path].map { Array($0.utf8) }, in: tree.root, environment: [:]
    ).wait()
    try #require(result.code == 0)
  }
  private func age() throws {
    try age("main/.git/index")
    try age("main/.git/worktrees/other/index")
  }

  private func fingerprint(_ path: FilePath, in root: FilePath) throws -> Fingerprint {
    Fingerprint(try FileStatus(of: root.appending(path), followsLinks: false))
  }

  private func comparison(_ directory: String = "") -> WorktreeComparison? {
    let environment = GitEnvironment(home: tree.root)
    if directory.isEmpty { return WorktreeComparison(of: other, with: main, environment: environment) }
    return WorktreeComparison(
      of: other.appending(FilePath(directory)), with: main.appending(FilePath(directory)), environment: environment)
  }

  /// The files that are told to be the same.
  private func same() throws -> [FilePath] {
    guard var comparison = comparison() else { return [] }
    return try paths.filter { path in
      guard fileExists(other.appending(path)), fileExists(main.appending(path)) else { return false }
      return comparison.isSame(path, here: try fingerprint(path, in: other), there: try fingerprint(path, in: main))
    }
  }

  private func addWorktree() throws {
    try git("worktree", "add", "-q", "-b", "topic", other.description)
    try age()
  }

  @Test func `what git has not touched since both were checked out is the same`() throws {
    try addWorktree()
    #expect(try same() == paths)
    // Below the top as well, where paths are those below the root.
    var below = try #require(comparison("deep"))
    let there = main.appending("deep")
    let (ours, theirs) = (try fingerprint("deep/d.c", in: other), try fingerprint("d.c", in: there))
    let isKnown = below.isSame("d.c", here: ours, there: theirs)
    let isOtherKnown = below.isSame("e.c", here: ours, there: theirs)
    #expect(isKnown && !isOtherKnown)
    // In another format of git's index.
    try git("update-index", "--index-version", "4", in: other)
    try age()
    #expect(try same() == paths)
  }

  @Test func `a file that differs in either tree, or whose times do, is not`() throws {
    try addWorktree()
    // Staged, with the size that it had.
    try tree.write("other/a.txt", "CONTENT of a.txt\n")
    try git("add", "a.txt", in: other)
    // Only on the disk, over there.
    try tree.write("main/b.txt", "CONTENT of b.txt\n")
    // The same bytes in another file.
    try tree.write("other/z.py", "content of z.py\n")
    try age()
    #expect(try same() == ["deep/d.c", "deep/er/c.txt"])
  }

  @Test func `a file that is no older than git's index is not`() throws {
    try addWorktree()
    try age("main/.git/worktrees/other/index", by: "-1 hour")
    #expect(try same() == [])
    try age()
    #expect(try same() == paths)
    try age("main/.git/index", by: "-1 hour")
    #expect(try same() == [])
  }

  @Test func `what git is told not to look at, and a conflict, proves nothing`() throws {
    try addWorktree()
    try git("update-index", "--assume-unchanged", "a.txt", in: other)
    try git("update-index", "--skip-worktree", "b.txt")
    try age()
    #expect(try same() == ["deep/d.c", "deep/er/c.txt", "z.py"])
    try git("update-index", "--no-assume-unchanged", "a.txt", in: other)
    try git("update-index", "--no-skip-worktree", "b.txt")
    try git("rm", "-q", "--cached", "z.py", in: other)
    try git("add", "-N", "z.py", in: other)
    try age()
    #expect(try same() == ["a.txt", "b.txt", "deep/d.c", "deep/er/c.txt"])
  }

  @Test func `attributes that make something else of contents are heeded in both trees`() throws {
    try addWorktree()
    try tree.write("main/deep/.gitattributes", "# ident\n*.txt text eol=lf\n*.c filter=lfs -text\n")
    #expect(try same() == ["a.txt", "b.txt", "deep/er/c.txt", "z.py"])
    try tree.write("other/deep/er/.gitattributes", "c.* working-tree-encoding=UTF-16LE\n")
    #expect(try same() == ["a.txt", "b.txt", "z.py"])
    try tree.write("main/.git/info/attributes", "*.py ident\n")
    #expect(try same() == ["a.txt", "b.txt"])
    try tree.write("main/.git/info/attributes", "[attr]secret filter=crypt\n")
    #expect(comparison() == nil)
    try tree.write("main/.git/info/attributes", "* text=auto\n")
    try tree.write(".config/git/attributes", "* -filter\n")
    #expect(comparison() == nil)
    try tree.write("none", "")
    try git("config", "core.attributesFile", tree.root.appending("none").description)
    #expect(try same() == ["a.txt", "b.txt", "z.py"])
    // A link in the place of the file is not followed, and may say anything to another version of git.
    makeLink(other.appending(".gitattributes"), to: tree.root.appending("none"))
    #expect(try same() == [])
  }

  @Test func `attributes that git has and the disk has not are heeded`() throws {
    try tree.write("main/deep/.gitattributes", "* text\n")
    try git("add", "-A")
    try git("commit", "-q", "-m", "second")
    try addWorktree()
    #expect(try same() == paths)
    try tree.remove("other/deep/.gitattributes")
    #expect(try same() == ["a.txt", "b.txt", "z.py"])
  }

  @Test func `line ends show in the size`() throws {
    try addWorktree()
    try git("config", "extensions.worktreeConfig", "true")
    try git("config", "--worktree", "core.autocrlf", "true", in: other)
    try tree.remove("other/a.txt")
    try git("checkout", "--", "a.txt", in: other)
    try age()
    #expect(try fingerprint("a.txt", in: other).byteCount == fingerprint("a.txt", in: main).byteCount + 1)
    #expect(try same() == ["b.txt", "deep/d.c", "deep/er/c.txt", "z.py"])
  }

  @Test func `a sparse work tree tells of what is in it`() throws {
    try addWorktree()
    try git("sparse-checkout", "set", "--cone", "--sparse-index", "deep/er", in: other)
    try age()
    #expect(try same() == ["a.txt", "b.txt", "deep/d.c", "deep/er/c.txt", "z.py"])
    #expect(fileExists(other.appending("deep/d.c")))
    try git("sparse-checkout", "set", "--no-cone", "deep/er", in: other)
    try age()
    #expect(try same() == ["deep/er/c.txt"])
  }

  /// Held against reading both files: what is not told to be the same would be read in any case. No filter is among it:
  /// of one that kept the size and was taken out of the attributes since, nobody knows (Docs/SECURITY.md).
  @Test(arguments: 0..<8 as Range<UInt64>)
  func `whatever is done in both trees, what is told to be the same has the same bytes`(_ seed: UInt64) throws {
    if seed % 2 == 1 {
      try git("init", "-q", "-b", "main", "--object-format=sha256", ".", in: try emptied())
      for path in paths { try tree.write(FilePath("main").appending(path), "content of \(path)\n") }
      try git("add", "-A")
      try git("commit", "-q", "-m", "first")
    }
    try git("config", "extensions.worktreeConfig", "true")
    try addWorktree()
    var random = SeededRandom(seed: seed)
    var sameCount = 0
    for step in 0..<40 {
      let top = random.next(upTo: 2) == 0 ? main : other
      let path = paths[random.next(upTo: paths.count)]
      let rules = ["* text eol=crlf", "*.txt ident", "*.py working-tree-encoding=UTF-16", "* -text"]
      let lines = [
        // Of the same size, and with the times that were there, as far as these can be set.
        "cp -p \(path) ../kept && echo 'CONTENT of \(path)' > \(path) && touch -r ../kept \(path)",
        "echo 'content of \(path)' > \(path)", "echo more >> \(path)", "touch \(path)",
        "printf 'content of \(path)\\r\\n' > \(path)", "echo '$Id$ \(step)' > \(path)",
        "git add -A && git commit -q --allow-empty -m \(step)", "git add \(path)",
        "git update-index -q --refresh || true",
        "git update-index --assume-unchanged \(path) || true", "git update-index --no-assume-unchanged \(path) || true",
        "git update-index --skip-worktree \(path) || true", "git update-index --no-skip-worktree \(path) || true",
        "git update-index --split-index", "git update-index --no-split-index",
        "git config --worktree core.autocrlf true", "git config --worktree core.autocrlf false",
        "git config --worktree core.eol crlf", "rm -f \(path) && git checkout -q -- \(path) || true",
        "git reset -q --hard", "git merge -q topic || git reset -q --hard", "git merge -q main || git reset -q --hard",
        "echo '\(rules[random.next(upTo: rules.count)])' > .gitattributes", "rm -f .gitattributes",
        "git checkout -q --detach HEAD~1 || true", "git stash -q || true",
      ]
      let line = lines[random.next(upTo: lines.count)]
      _ = try Program(
        "/bin/sh", ["-c", line].map { Array($0.utf8) }, in: top,
        environment: [
          "HOME": tree.root.description, "PATH": "/usr/bin:/bin", "GIT_AUTHOR_NAME": "A", "GIT_COMMITTER_NAME": "A",
          "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_EMAIL": "a@example.org",
        ]
      ).wait()
      if random.next(upTo: 3) > 0 { try age() }
      for path in try same() {
        sameCount += 1
        let (here, there) = (try readFile(other.appending(path)).bytes, try readFile(main.appending(path)).bytes)
        #expect(here == there, "\(step): \(path) after \(line)")
      }
    }
    #expect(sameCount > 0)
  }

  /// The main tree, with nothing in it.
  private func emptied() throws -> FilePath {
    removeTree(main)
    try makeDirectory(main)
    return main
  }

  @Test func `an index with any bytes in it ends in an answer`() throws {
    try addWorktree()
    let bytes = try readFile(main.appending(".git/index")).bytes
    var random = SeededRandom(seed: 3)
    for _ in 0..<300 {
      var broken = bytes
      for _ in 0..<random.next(upTo: 6) + 1 {
        broken[random.next(upTo: broken.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      try tree.write("main/.git/index", broken)
      try age("main/.git/index")
      #expect(try same().count <= paths.count)
    }
  }

  @Test func `nothing is concluded where an index is split, cannot be read, or is of another repository`() throws {
    try addWorktree()
    try git("update-index", "--split-index", in: other)
    try age()
    #expect(try same() == [])
    try git("update-index", "--no-split-index", in: other)
    try age()
    #expect(try same() == paths)
    let index = main.appending(".git/index")
    let bytes = try readFile(index).bytes
    for count in [0, 11, bytes.count / 2] {
      try tree.write("main/.git/index", Array(bytes[..<count]))
      #expect(comparison() == nil)
    }
    try tree.write("main/.git/index", bytes)
    try git("config", "core.ignoreCase", "true")
    #expect(comparison() == nil)
    try git("config", "core.ignoreCase", "false")
    #expect(comparison() != nil)
    let clone = tree.root.appending("clone")
    try git("clone", "-q", "--shared", main.description, clone.description)
    #expect(WorktreeComparison(of: clone, with: main, environment: GitEnvironment(home: tree.root)) == nil)
    #expect(WorktreeComparison(of: "/usr", with: main, environment: GitEnvironment(home: tree.root)) == nil)
  }
}
