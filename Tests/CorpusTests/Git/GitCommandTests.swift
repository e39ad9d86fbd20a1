import Corpus
import Disk
import Primitives
import TestSupport
import Testing

/// git's plumbing, run upon repositories of the real git.
@Suite struct GitCommandTests {
  let repository: TestRepository
  let never = Cancellation()

  init() throws {
    repository = try TestRepository()
    try repository.write("a.txt", "one\n")
    try repository.write("deep/b.txt", "two\n")
    try repository.commit("first")
  }

  private func command(_ root: FilePath? = nil) throws(Failure) -> GitCommand {
    try GitCommand(root: root ?? repository.root, environment: repository.variables)
  }

  private func resolve(_ revision: String, in command: GitCommand? = nil) throws(Failure) -> String {
    let opened: GitCommand
    if let command { opened = command } else { opened = try self.command() }
    return try opened.resolve(Array(revision.utf8), cancellation: never).commit.description
  }

  private func entries(_ command: GitCommand, _ revision: String = "HEAD") throws(Failure) -> [GitTreeEntry] {
    let tree = try command.resolve(Array(revision.utf8), cancellation: never).tree
    var entries: [GitTreeEntry] = []
    try command.forEachEntry(of: tree, cancellation: never) { entries.append($0) }
    return entries
  }

  // MARK: Revisions

  @Test func `what git takes for a commit is one`() throws {
    let first = try repository.git("rev-parse", "HEAD")
    try repository.write("a.txt", "three\n")
    let second = try repository.commit("second")
    try repository.git("tag", "light", first)
    try repository.git("tag", "-a", "-m", "m", "annotated", first)
    try repository.git("tag", "-a", "-m", "m", "of-a-tag", "annotated")
    for (name, commit) in [
      ("HEAD", second), ("main", second), ("HEAD~1", first), ("light", first), ("annotated", first),
      ("of-a-tag", first), (first, first), (String(first.prefix(8)), first), (":/first", first), ("@{0}", second),
    ] { #expect(try resolve(name) == commit, "\(name)") }
  }

  @Test func `what is no commit is refused, and never an option`() throws {
    try repository.git("tag", "of-a-tree", "HEAD^{tree}")
    for name in ["nowhere", "of-a-tree", "HEAD:a.txt", "HEAD..HEAD", "^HEAD", "0123456789", "HEAD~7", "\"", "a b", "*"]
    {
      #expect(failure { () throws(Failure) in try resolve(name) }?.code == .unknownRevision, "\(name)")
    }
    for name in ["", "-h", "--help", "--all", "--output=x", "HEAD\0", "HEAD\nmain", "\u{1B}[31m"] {
      #expect(failure { () throws(Failure) in try resolve(name) }?.code == .invalidArgument, "\(name)")
    }
  }

  @Test func `digits with which one commit begins are its name, whatever other objects begin with them`() throws {
    try repository.shell(
      """
      for i in $(seq 600); do
        printf 'blob\\nmark :%d\\ndata 5\\n%05d\\n' $i $i
        printf 'commit refs/heads/many\\ncommitter A <a@example.org> %d +0000\\ndata 5\\n%05d\\n' $((1577836800 + i)) $i
        printf 'M 100644 :%d f\\n\\n' $i
      done | git fast-import --quiet
      """)
    var commits: [Substring: [String]] = [:]
    var others: Set<Substring> = []
    let listed = try repository.git("cat-file", "--batch-all-objects", "--batch-check")
    for line in listed.split(separator: "\n") {
      let words = line.split(separator: " ")
      let beginning = words[0].prefix(4)
      if words[1] == "commit" {
        commits[beginning, default: []].append(String(words[0]))
      } else {
        others.insert(beginning)
      }
    }
    let shared = commits.filter { $0.value.count == 1 && others.contains($0.key) }
    #expect(!shared.isEmpty)
    for (beginning, names) in shared.prefix(3) { #expect(try resolve(String(beginning)) == names[0], "\(beginning)") }
    if let several = commits.first(where: { $0.value.count > 1 }) {
      #expect(failure { () throws(Failure) in try resolve(String(several.key)) }?.code == .unknownRevision)
    }
  }

  @Test func `a directory below the top is the tree of that directory`() throws {
    let command = try command(repository.root.appending("deep"))
    #expect(command.prefix == "deep")
    #expect(try entries(command).map(\.path) == ["b.txt"])
    try repository.git("rm", "-q", "-r", "deep")
    try repository.commit()
    #expect(failure { () throws(Failure) in try resolve("HEAD", in: command) }?.code == .unknownRevision)
  }

  @Test(arguments: ["sha1", "sha256"]) func `both kinds of names are read`(format: String) throws {
    let repository = try TestRepository("--object-format=\(format)")
    try repository.write("a.txt", "one\n")
    let commit = try repository.commit()
    let command = try GitCommand(root: repository.root, environment: repository.variables)
    #expect(try resolve("HEAD", in: command) == commit)
    let entry = try #require(try entries(command).first)
    #expect(entry.id.bytes.count == (format == "sha1" ? 20 : 32) && entry.byteCount == 4)
    #expect(try GitObjects(command).readBlob(entry.id, limit: 100) == Array("one\n".utf8))
  }

  @Test func `bare repositories, work trees and submodules are repositories`() throws {
    let commit = try repository.git("rev-parse", "HEAD")
    let places = try TemporaryTree()
    let (bare, worktree, outer) =
      (places.root.appending("bare"), places.root.appending("worktree"), places.root.appending("outer"))
    try repository.git("clone", "-q", "--bare", ".", bare.description)
    try repository.git("worktree", "add", "-q", "--detach", worktree.description)
    try repository.git("init", "-q", outer.description)
    try repository.git("submodule", "--quiet", "add", repository.root.description, "inner", in: outer)
    for root in [bare, worktree, outer.appending("inner")] {
      #expect(try resolve("HEAD", in: command(root)) == commit, "\(root)")
    }
    try repository.git("commit", "-q", "-m", "with a submodule", in: outer)
    let kinds = try entries(command(outer)).map(\.kind)
    #expect(kinds == [.file, .repository])
  }

  @Test func `a tree in no repository says so`() throws {
    let tree = try TemporaryTree()
    #expect(failure { () throws(Failure) in try command(tree.root) }?.code == .noRepository)
  }

  // MARK: Entries and blobs

  @Test func `every entry is listed with its kind and size`() throws {
    let strange = "strange \u{1B}\t\nname"
    try repository.write(FilePath(strange), "12345")
    try repository.shell("ln -s a.txt link; chmod +x a.txt")
    try repository.commit()
    let listed = try entries(command())
    let byPath = Dictionary(uniqueKeysWithValues: listed.map { ($0.path, $0) })
    #expect(Set(byPath.keys) == ["a.txt", "deep/b.txt", "link", FilePath(strange)])
    #expect(byPath["link"]?.kind == .symbolicLink && byPath["a.txt"]?.kind == .file)
    #expect(byPath[FilePath(strange)]?.byteCount == 5)
    #expect(try entries(command(), repository.commit("empty")).count == 4)
  }

  @Test func `the empty tree has no entries`() throws {
    let repository = try TestRepository()
    try repository.commit()
    #expect(try entries(GitCommand(root: repository.root, environment: repository.variables)).isEmpty)
  }

  @Test func `blobs of all sizes come as they are, from several threads`() throws {
    var contents: [[UInt8]] = [[], [10], Array("\n\n".utf8)]
    var random = SeededRandom(seed: 1)
    for byteCount in [4_095, 65_536, 65_537, 1_000_000] {
      contents.append((0..<byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }
    for (number, content) in contents.enumerated() { try repository.tree.write(FilePath("f\(number)"), content) }
    try repository.commit()
    let expected = contents
    let command = try command()
    let files = try entries(command).filter { $0.path.bytes.first == UInt8(ascii: "f") }
    let objects = GitObjects(command, processLimit: 2)
    let jobs = Array(repeating: files, count: 20).flatMap { $0 }
    let threads = (0..<4).compactMap { part in
      BlockingThread {
        for (number, file) in jobs.enumerated() where number % 4 == part {
          let read = try? objects.readBlob(file.id, limit: 1 << 20)
          if read != expected[number % files.count] { Issue.record("\(file.path) differs") }
        }
      }
    }
    for thread in threads { thread.join() }
  }

  @Test func `a blob that is larger than the limit is not taken, and the next is read all the same`() throws {
    try repository.write("large", String(repeating: "x", count: 3_000_000))
    try repository.commit()
    let command = try command()
    let ids = Dictionary(uniqueKeysWithValues: try entries(command).map { ($0.path, $0.id) })
    let objects = GitObjects(command, processLimit: 1)
    let (large, small) = (try #require(ids["large"]), try #require(ids["a.txt"]))
    #expect(failure { () throws(Failure) in try objects.readBlob(large, limit: 2_999_999) }?.code == .tooLarge)
    #expect(try objects.readBlob(small, limit: 100) == Array("one\n".utf8))
    #expect(try objects.readBlob(large, limit: 3_000_000).count == 3_000_000)
  }

  @Test func `an object that is not there or is no blob is an error, and the next is read all the same`() throws {
    let command = try command()
    let objects = GitObjects(command, processLimit: 1)
    let revision = try command.resolve(Array("HEAD".utf8), cancellation: never)
    let unknown = try #require(GitObjectID(hex: Array("0123456789012345678901234567890123456789".utf8)))
    #expect(failure { () throws(Failure) in try objects.readBlob(unknown, limit: 100) }?.code == .notFound)
    #expect(failure { () throws(Failure) in try objects.readBlob(revision.tree, limit: 1000) }?.code == .notRegular)
    let file = try #require(try entries(command).first)
    #expect(try objects.readBlob(file.id, limit: 100) == Array("one\n".utf8))
  }

  @Test func `a search that is cancelled waits for no object`() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    let command = try command()
    let id = try #require(try entries(command).first).id
    let found = failure { () throws(Failure) in
      try GitObjects(command).readBlob(id, limit: 100, cancellation: cancellation)
    }
    #expect(found?.code == .cancelled)
  }

  // MARK: git itself

  /// Puts a program in the place of git, written in shell.
  private func impostor(_ script: String) throws -> (tree: TemporaryTree, variables: [String: [UInt8]]) {
    let tree = try TemporaryTree()
    try tree.write("git", "#!/bin/sh\n" + script)
    try repository.shell("chmod +x \(tree.root)/git")
    var variables = repository.variables
    variables["PATH"] = tree.root.bytes
    return (tree, variables)
  }

  /// Has a program in the place of git answer as git does when it is asked for the repository.
  private var asRepository: String {
    "case \"$*\" in *rev-parse*) printf '%s\\nfalse\\nHEAD\\n' \(repository.root)/.git; exit;; esac\n"
  }

  @Test func `a process that ends or lies is replaced once, and then an error`() throws {
    let id = try #require(GitObjectID(hex: Array("0123456789012345678901234567890123456789".utf8)))
    for answer in [
      "exit 0", "kill -9 $$", "read line; echo nonsense", "read line; echo $line blob", "read line; echo $line blob -5",
      "read line; echo $line blob 3; printf abcd", "read line; echo $line blob 9999999999999999999999",
      "read line; echo 1$line missing", "head -c 100000 /dev/zero", "read line; printf '%s blob 2000\\nabc' $line",
    ] {
      let (tree, variables) = try impostor(asRepository + "echo started >> \(repository.home.root)/starts\n\(answer)\n")
      let objects = GitObjects(try GitCommand(root: repository.root, environment: variables), processLimit: 1)
      let found = failure { () throws(Failure) in try objects.readBlob(id, limit: 1 << 20) }
      #expect(found?.code == .gitFailed, "\(answer)")
      let starts = String(decoding: try readFileBytes(repository.home.root.appending("starts")), as: UTF8.self)
      #expect(starts == "started\nstarted\n", "\(answer)")
      try repository.home.remove("starts")
      withExtendedLifetime(tree) {}
    }
  }

  @Test func `a git that does not answer is given up, and is gone then`() throws {
    let (tree, variables) = try impostor(
      asRepository + "echo $$ > \(repository.home.root)/pid\n"
        + "exec /bin/sleep 1000\n")
    let objects = GitObjects(
      try GitCommand(root: repository.root, environment: variables), processLimit: 1, duration: .milliseconds(300))
    let id = try #require(GitObjectID(hex: Array("0123456789012345678901234567890123456789".utf8)))
    #expect(failure { () throws(Failure) in try objects.readBlob(id, limit: 100) }?.code == .timedOut)
    let pid = String(decoding: try readFileBytes(repository.home.root.appending("pid")), as: UTF8.self)
    #expect(!fileExists(FilePath("/proc/" + pid.filter(\.isNumber))))
    withExtendedLifetime(tree) {}
  }

  @Test func `a git that is silent is given up long before its time`() throws {
    let (tree, variables) = try impostor(asRepository + "echo first; exec /bin/sleep 1000\n")
    let command = try GitCommand(root: repository.root, environment: variables)
    var read: [UInt8] = []
    let found = failure { () throws(Failure) in
      try command.run(
        .listRevisions, [], limits: .init(duration: .seconds(1000), silence: .milliseconds(300)), cancellation: never
      ) { read += $0 }
    }
    #expect(found?.code == .timedOut && found?.message.contains("wrote nothing") == true)
    #expect(read == Array("first\n".utf8))
    withExtendedLifetime(tree) {}
  }

  @Test(arguments: ["HEAD", "index", "config", "packed-refs", "shallow", "info/attributes"])
  func `a pipe in the place of a file of git's is an error at once`(name: String) throws {
    try repository.shell("rm -f .git/\(name); mkdir -p .git/info; mkfifo .git/\(name)")
    let found = failure { () throws(Failure) in try command() }
    #expect(found?.code == .gitFailed && found?.path == repository.root.appending(FilePath(".git/" + name)))
    try repository.shell("rm .git/\(name)")
  }

  @Test func `a git in the tree, or at a relative place, is never run`() throws {
    let canary = repository.home.root.appending("ran")
    try repository.write("bin/git", "#!/bin/sh\ntouch \(canary)\n")
    try repository.shell(
      "chmod +x bin/git; ln -s ../bin bin/loop; ln -s \(repository.root)/bin \(repository.home.root)/l")
    var variables = repository.variables
    let inTree = "\(repository.root)/bin:\(repository.root)/bin/loop/loop:\(repository.home.root)/l"
    variables["PATH"] = Array("bin:.:./bin::\(inTree):/usr/bin".utf8)
    let command = try GitCommand(root: repository.root, environment: variables)
    #expect(command.program.path == "/usr/bin/git")
    variables["PATH"] = Array(inTree.utf8)
    let inTreeAlone = failure { () throws(Failure) in try GitCommand(root: repository.root, environment: variables) }
    #expect(inTreeAlone?.code == .gitMissing)
    variables["PATH"] = Array("/nowhere:bin".utf8)
    let missing = failure { () throws(Failure) in try GitCommand(root: repository.root, environment: variables) }
    #expect(missing?.code == .gitMissing && missing?.message.contains("install") == true)
    #expect(!fileExists(canary))
  }

  @Test func `output without an end is cut off`() throws {
    let command = try command()
    let found = failure { () throws(Failure) in
      try command.run(
        .listTree, ["-r", "HEAD"].map { Array($0.utf8) }, limits: .init(byteCount: 10), cancellation: never
      ) { _ in }
    }
    #expect(found?.code == .tooLarge)
  }
}
