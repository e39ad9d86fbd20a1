import Corpus
import Disk
import Glibc
import Inspection
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite struct CorpusWalkerTests {
  private let tree: TemporaryTree

  init() throws { tree = try TemporaryTree() }

  private func list(_ options: WalkOptions = WalkOptions(), root: FilePath? = nil) throws -> CorpusListing {
    try CorpusWalker(root: root ?? tree.root, options: options, environment: GitEnvironment()).list()
  }
  private func paths(_ listing: CorpusListing) -> [String] { listing.files.map(\.path.description) }
  private func reason(_ listing: CorpusListing, _ path: String) -> SkipReason? {
    listing.skipped.first { $0.path.description == path }?.reason
  }
  /// Makes the tree a git repository that tracks nothing.
  private func makeRepository(_ directory: String = "") throws {
    let prefix = directory.isEmpty ? "" : directory + "/"
    try tree.write(FilePath(prefix + ".git/HEAD"), "ref: refs/heads/main\n")
    try makeDirectory(tree.root.appending(prefix + ".git/objects"))
    try makeDirectory(tree.root.appending(prefix + ".git/refs"))
  }
  /// The index of a repository that tracks these paths.
  private func index(_ paths: [String]) -> [UInt8] {
    var bytes = Array("DIRC".utf8) + [0, 0, 0, 2, 0, 0, 0, UInt8(paths.count)]
    for path in paths {
      var entry = [UInt8](repeating: 0, count: 24) + [0, 0, 0x81, 0xA4] + [UInt8](repeating: 0, count: 32)
      entry += [0, UInt8(path.utf8.count)] + Array(path.utf8)
      repeat { entry.append(0) } while entry.count % 8 != 0
      bytes += entry
    }
    return bytes + [UInt8](repeating: 0, count: 20)
  }

  @Test func `files come in the order of the bytes of their paths, whatever the number of threads`() throws {
    for path in ["b", "a/x", "a-b", "a0", "a/b/c", "Z", "a.c"] { try tree.write(FilePath(path), "x") }
    var options = WalkOptions()
    for threadCount in 1...4 {
      options.threadCount = threadCount
      #expect(paths(try list(options)) == ["Z", "a-b", "a.c", "a/b/c", "a/x", "a0", "b"])
    }
  }

  @Test func `a fingerprint is that of the file`() throws {
    try tree.write("a", "four")
    let status = try FileStatus(of: tree.root.appending("a"))
    #expect(try list().files.first?.fingerprint == Fingerprint(status))
  }

  @Test func `names with spaces, line ends and bytes that are not text survive`() throws {
    let names: [[UInt8]] = [
      Array("a b".utf8), Array("a\nb".utf8), [0xFF, 0xFE, 0x61], Array("ü".utf8), Array("'\"$".utf8),
    ]
    for name in names { try tree.write(FilePath(bytes: name), "x") }
    try tree.write(FilePath(bytes: [0xC3] + Array("/x".utf8)), "x")
    let found = Set(try list().files.map(\.path))
    #expect(found == Set(names.map { FilePath(bytes: $0) } + [FilePath(bytes: [0xC3] + Array("/x".utf8))]))
  }

  @Test func `symbolic links are told and not followed, loops and ways out among them`() throws {
    try tree.write("d/file", "x")
    for (target, link) in [("..", "d/up"), ("/etc", "out"), ("d", "again"), ("nowhere", "broken"), ("d/file", "file")] {
      let result = unsafe target.withCString { target in
        unsafe tree.root.appending(link).description.withCString { unsafe symlink(target, $0) }
      }
      #expect(result == 0)
    }
    let listing = try list()
    #expect(paths(listing) == ["d/file"])
    #expect(listing.skipped.map(\.path.description) == ["again", "broken", "d/up", "file", "out"])
    #expect(listing.skipped.allSatisfy { $0.reason == .symbolicLink && !$0.isDirectory })
  }

  @Test func `a walk to one path says of it what a walk of everything says`() throws {
    try makeRepository()
    try makeRepository("inner")
    for path in [
      "a", "d/b", "d/e/c", "d/e/f/g", "inner/x", "inner/y/z", "node_modules/m/n", ".hidden/h", "d/.hidden", "d/ignored",
      "out/o", "back/kept/k", "d/id_rsa",
    ] { try tree.write(FilePath(path), "x") }
    try tree.write(".gitignore", "ignored\nout/\n")
    try tree.write("inner/.gitignore", "y/\n")
    try tree.write("back/.cairnignore", "/*\n!kept\n")
    makeLink(tree.root.appending("d/link"), to: "b")
    let all = try list()
    let walker = CorpusWalker(root: tree.root, environment: GitEnvironment())
    for file in all.files { #expect(try walker.list(only: file.path).listing.files.contains(file), "\(file.path)") }
    for entry in all.skipped {
      #expect(try walker.list(only: entry.path).listing.skipped.contains(entry), "\(entry.path)")
      let below = entry.path.appending("x")
      #expect(try !walker.list(only: below).listing.files.contains { $0.path == below }, "\(below)")
    }
    #expect(try walker.list(only: "").directories == ["back", "d", "inner"])
    #expect(try walker.list(only: "d").directories == ["d/e"])
    #expect(try walker.list(only: "d/b").directories.isEmpty && walker.list(only: "no/where").directories.isEmpty)
  }

  @Test func `a root that is a symbolic link is walked`() throws {
    try tree.write("real/a", "x")
    let link = tree.root.appending("link")
    let result = unsafe "real".withCString { target in
      unsafe link.description.withCString { unsafe symlink(target, $0) }
    }
    #expect(result == 0)
    #expect(paths(try list(root: link)) == ["a"])
  }

  @Test func `a root that is missing or no directory is an error`() throws {
    try tree.write("file", "x")
    #expect(throws: Failure.self) { try list(root: tree.root.appending("nothing")) }
    #expect(throws: Failure.self) { try list(root: tree.root.appending("file")) }
  }

  @Test func `pipes and sockets are not regular`() throws {
    let result = unsafe tree.root.appending("pipe").description.withCString { unsafe mkfifo($0, 0o600) }
    #expect(result == 0)
    #expect(reason(try list(), "pipe") == .notRegular)
  }

  @Test func `hidden files are left out unless they are asked for or tracked`() throws {
    try makeRepository()
    for path in [".a", ".d/x", ".d/tracked", "e/.f", "g"] { try tree.write(FilePath(path), "x") }
    try tree.write(".git/index", index([".d/tracked"]))
    let listing = try list()
    #expect(paths(listing) == [".d/tracked", "g"])
    #expect([".a", ".d/x", "e/.f"].allSatisfy { reason(listing, $0) == .hidden })
    var options = WalkOptions()
    options.includesHidden = true
    #expect(paths(try list(options)) == [".a", ".d/tracked", ".d/x", "e/.f", "g"])
  }

  @Test func `neither git's directory nor our own is entered or mentioned`() throws {
    try makeRepository()
    try tree.write(".cairn/catalog", "x")
    try tree.write("a/.cairn/x", "x")
    var options = WalkOptions()
    options.includesHidden = true
    let listing = try list(options)
    #expect(listing.files.isEmpty)
  }

  @Test func `files over the limit are told with their fingerprint`() throws {
    try tree.write("big", String(repeating: "x", count: 101))
    try tree.write("fits", String(repeating: "x", count: 100))
    var options = WalkOptions()
    options.maximumFileByteCount = 100
    let listing = try list(options)
    #expect(paths(listing) == ["fits"])
    #expect(listing.skipped.first?.reason == .tooLarge && listing.skipped.first?.fingerprint?.byteCount == 101)
  }

  @Test func `a tracked file wins over the rules, and its ignored directory is entered for it alone`() throws {
    try makeRepository()
    try tree.write(".gitignore", "out/\n*.log\n")
    for path in ["out/kept", "out/other", "out/deep/x", "a.log", "b.log", "c"] { try tree.write(FilePath(path), "x") }
    try tree.write(".git/index", index(["a.log", "out/kept"]))
    let listing = try list()
    #expect(paths(listing) == ["a.log", "c", "out/kept"])
    #expect(reason(listing, "out/other") == .ignored)
    #expect(listing.skipped.contains { $0.path == "out/deep" && $0.isDirectory })
  }

  @Test func `what is below an ignored directory cannot be taken back in`() throws {
    try makeRepository()
    try tree.write(".gitignore", "d/\n!d/keep\n")
    try tree.write("d/.gitignore", "!keep\n")
    try tree.write("d/keep", "x")
    #expect(paths(try list()).isEmpty)
  }

  @Test func `a root below the top obeys the rules above it`() throws {
    try makeRepository()
    try tree.write(".gitignore", "*.log\n/sub/x\n")
    try tree.write("sub/.gitignore", "!keep.log\n")
    for path in ["sub/a.log", "sub/keep.log", "sub/x", "sub/y", "sub/in/x"] { try tree.write(FilePath(path), "x") }
    #expect(paths(try list(root: tree.root.appending("sub"))) == ["in/x", "keep.log", "y"])
  }

  @Test func `a root that its repository ignores is walked all the same`() throws {
    try makeRepository()
    try tree.write(".gitignore", "*\n")
    try tree.write("sub/.gitignore", "*.log\n")
    for path in ["sub/a.log", "sub/b"] { try tree.write(FilePath(path), "x") }
    #expect(paths(try list(root: tree.root.appending("sub"))) == ["b"])
  }

  @Test func `ignore files hold outside repositories, unless the one at the root leaves nothing`() throws {
    try tree.write(".gitignore", "*.log\n")
    for path in ["a.log", "b", "d/c.log"] { try tree.write(FilePath(path), "x") }
    #expect(paths(try list()) == ["b"])
    try tree.write(".gitignore", "/*\n!/debian/\n")
    #expect(paths(try list()) == ["a.log", "b", "d/c.log"])
    try tree.write("d/.gitignore", "*\n")
    #expect(paths(try list()) == ["a.log", "b"])
  }

  @Test func `git's rules can be switched off`() throws {
    try makeRepository()
    try tree.write(".gitignore", "a\n")
    try tree.write(".cairnignore", "b\n")
    for path in ["a", "b", "c"] { try tree.write(FilePath(path), "x") }
    var options = WalkOptions()
    options.obeysGitIgnore = false
    #expect(paths(try list(options)) == ["a", "c"])
  }

  @Test func `our own ignore file wins over git's, over tracked files and over hidden and vendored names`() throws {
    try makeRepository()
    try tree.write(".gitignore", "generated/\n")
    try tree.write(".cairnignore", "!generated/\n!.github/\n!node_modules/\ntracked\n")
    for path in ["generated/a", "tracked", ".github/b", "node_modules/c", "d/tracked"] {
      try tree.write(FilePath(path), "x")
    }
    try tree.write(".git/index", index(["d/tracked", "tracked"]))
    let listing = try list()
    #expect(paths(listing) == [".github/b", "generated/a", "node_modules/c"])
    #expect(reason(listing, "d/tracked") == .ignored)
  }

  @Test func `a repository inside has its own rules from its own top`() throws {
    try makeRepository()
    try makeRepository("inner")
    try tree.write(".gitignore", "*.log\n")
    try tree.write(".cairnignore", "*.tmp\n")
    try tree.write("inner/.gitignore", "*.o\n")
    for path in ["a.log", "a.o", "inner/b.log", "inner/b.o", "inner/c.tmp"] { try tree.write(FilePath(path), "x") }
    #expect(paths(try list()) == ["a.o", "inner/b.log"])
  }

  @Test func `a work tree whose .git is a file has the rules of its repository`() throws {
    try makeRepository("main")
    try tree.write("main/.git/info/exclude", "*.log\n")
    try tree.write("main/.git/worktrees/w/HEAD", "ref: refs/heads/w\n")
    try tree.write("main/.git/worktrees/w/commondir", "../..\n")
    try tree.write("main/.git/worktrees/w/index", index(["t.log"]))
    try tree.write("w/.git", "gitdir: ../main/.git/worktrees/w\n")
    for path in ["w/a.log", "w/t.log", "w/b"] { try tree.write(FilePath(path), "x") }
    #expect(paths(try list(root: tree.root.appending("w"))) == ["b", "t.log"])
  }

  @Test func `an empty directory called .git makes no repository`() throws {
    try makeDirectory(tree.root.appending("d/.git"))
    try makeRepository()
    try tree.write(".gitignore", "*.log\n")
    try tree.write("d/a.log", "x")
    #expect(paths(try list()).isEmpty)
  }

  @Test func `other people's code is known by name or evidence, and by nothing less`() throws {
    let vendored = [
      "node_modules/a", "web/bower_components/a", "Pods/a", "ios/Carthage/Checkouts/a", "lib/site-packages/a",
      "env/pyvenv.cfg", "go/vendor/modules.txt", "php/vendor/autoload.php", "rb/vendor/bundle/x",
    ]
    let own = ["vendor/a", "third_party/a", "Checkouts/a", "external/a", "Carthage/a", "cache/CACHEDIR.TAG"]
    for path in vendored + own { try tree.write(FilePath(path), "x") }
    try tree.write("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n")
    let listing = try list()
    #expect(Set(paths(listing)) == Set(own))
    #expect(listing.skipped.count == vendored.count + 1)
    #expect(listing.skipped.allSatisfy { $0.reason == .vendored && $0.isDirectory })
    var options = WalkOptions()
    options.includesVendored = true
    #expect(paths(try list(options)).count == vendored.count + own.count + 1)
  }

  @Test func `a root inside vendored directories is one's own`() throws {
    try tree.write("node_modules/p/a", "x")
    try tree.write("node_modules/p/pyvenv.cfg", "x")
    #expect(paths(try list(root: tree.root.appending("node_modules/p"))) == ["a", "pyvenv.cfg"])
  }

  @Test func `a directory that may not be read is one skipped entry`() throws {
    try tree.write("open/a", "x")
    try tree.write("shut/b", "x")
    let shut = tree.root.appending("shut").description
    _ = unsafe tree.root.description.withCString { unsafe chmod($0, 0o755) }
    _ = unsafe shut.withCString { unsafe chmod($0, 0) }
    defer { _ = unsafe shut.withCString { unsafe chmod($0, 0o755) } }
    // The superuser may read anything: for the file system, this thread is somebody else meanwhile. On one thread the
    // walk does not leave it.
    let found = unsafe dlsym(nil, "setfsuid")
    guard let setUser = unsafe found else { throw Failure(.notFound, "this system has no setfsuid") }
    typealias SetUser = @convention(c) (UInt32) -> Int32
    let user = unsafe unsafeBitCast(setUser, to: SetUser.self)(65_534)
    defer { _ = unsafe unsafeBitCast(setUser, to: SetUser.self)(UInt32(user)) }
    var options = WalkOptions()
    options.threadCount = 1
    let listing = try list(options)
    #expect(paths(listing) == ["open/a"])
    #expect(listing.skipped == [SkippedEntry(path: "shut", reason: .unreadable, isDirectory: true)])
    #expect(listing.unread.map(\.path) == ["shut"] && listing.unread.first?.failure.code == .permissionDenied)
  }

  @Test func `ten thousand directories inside one another are walked as far as paths reach`() throws {
    // Far longer than the system takes in one path, so each is made from the one before.
    let start = unsafe Glibc.open(tree.root.description, O_RDONLY | O_DIRECTORY)
    var directory = start
    let depth = 10_000
    for i in 0..<depth {
      _ = unsafe "dd".withCString { unsafe mkdirat(directory, $0, 0o755) }
      let next = unsafe openat(directory, "dd", O_RDONLY | O_DIRECTORY)
      #expect(next >= 0)
      if i > 0 { close(directory) }
      directory = next
    }
    let file = unsafe openat(directory, "file", O_WRONLY | O_CREAT, 0o644)
    #expect(file >= 0)
    close(file)
    close(directory)
    defer {
      removeDeepDirectory(start, depth: depth)
      close(start)
    }
    let listing = try list()
    // No program could be given the path of the file.
    #expect(listing.files.isEmpty)
    #expect(listing.unread.count == 1 && listing.unread.first?.kind == .directory)
  }

  /// Takes the chain apart from the top: what is inside is moved up before its parent goes.
  private func removeDeepDirectory(_ root: Int32, depth: Int) {
    unsafe unlinkat(root, "file", 0)
    for _ in 0..<depth {
      unsafe renameat(root, "dd", root, "old")
      unsafe renameat(root, "old/dd", root, "dd")
      unsafe renameat(root, "old/file", root, "file")
      unsafe unlinkat(root, "old", AT_REMOVEDIR)
    }
    unsafe unlinkat(root, "file", 0)
  }

  @Test func `progress tells the files seen`() throws {
    for i in 0..<2_100 { try makeEmptyFile(tree.root.appending("d\(i % 7)/f\(i)")) }
    let last = Mutex(0)
    let listing = try CorpusWalker(root: tree.root, environment: GitEnvironment()).list { seen in
      last.withLock { $0 = max($0, seen) }
    }
    #expect(listing.files.count == 2_100)
    #expect((2_000...2_100).contains(last.withLock { $0 }))
  }

  private func makeEmptyFile(_ path: FilePath) throws {
    try makeDirectory(path.parent)
    close(unsafe path.description.withCString { unsafe creat($0, 0o644) })
  }

  @Test func `a file with a secret comes in where it is asked for`() throws {
    let tree = try TemporaryTree(inMemory: true)
    for name in ["tls.key", "sub/secrets.yaml", "a.c"] { try tree.write(FilePath(name), "x") }
    func paths(_ change: (inout WalkOptions) -> Void = { _ in }) throws -> [String] {
      var options = WalkOptions()
      change(&options)
      return try CorpusWalker(root: tree.root, options: options, environment: GitEnvironment()).list().files
        .map(\.path.description)
    }
    #expect(try paths() == ["a.c"])
    #expect(try paths { $0.includesSecrets = true } == ["a.c", "sub/secrets.yaml", "tls.key"])
    try tree.write(".cairnignore", "!secrets.yaml\n")
    #expect(try paths() == ["a.c", "sub/secrets.yaml"])
    // What a stranger's repository brings along must not send it anywhere.
    #expect(try paths { $0.ignoreFilesIncludeSecrets = false } == ["a.c"])
  }
}
