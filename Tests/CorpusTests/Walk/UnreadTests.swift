import Corpus
import Disk
import Glibc
import Inspection
import Primitives
import TestSupport
import Testing

/// What the walk knows of and cannot read.
@Suite struct UnreadTests {
  private let tree: TemporaryTree

  init() throws {
    tree = try TemporaryTree(inMemory: true)
    for path in ["a", "sub/b", "sub/deep/c", "subs/d"] { try tree.write(FilePath(path), "x") }
  }

  private func list(obeysGitIgnore: Bool = true, root: FilePath? = nil) throws -> CorpusListing {
    var options = WalkOptions()
    options.obeysGitIgnore = obeysGitIgnore
    return try CorpusWalker(root: root ?? tree.root, options: options, environment: GitEnvironment()).list()
  }
  private func paths(_ listing: CorpusListing) -> [String] { listing.files.map(\.path.description) }
  /// A file that takes no room, of more bytes than an ignore file may have.
  private func makeHuge(_ path: FilePath) throws {
    try tree.write(path, "")
    #expect(unsafe truncate(tree.root.appending(path).description, 1 << 40) == 0)
  }
  private func makePipe(_ name: String) throws {
    let path = tree.root.appending(FilePath(name))
    try makeDirectory(path.parent)
    try removeFile(path)
    #expect(unsafe mkfifo(path.description, 0o600) == 0)
  }
  private func makeRepository(_ directory: String = "", config: String = "", index: [UInt8]? = nil) throws {
    let prefix = directory.isEmpty ? "" : directory + "/"
    try tree.write(FilePath(prefix + ".git/HEAD"), "ref: refs/heads/main\n")
    try makeDirectory(tree.root.appending(prefix + ".git/objects"))
    try makeDirectory(tree.root.appending(prefix + ".git/refs"))
    try tree.write(FilePath(prefix + ".git/config"), config)
    if let index { try tree.write(FilePath(prefix + ".git/index"), index) }
  }

  @Test(arguments: [".gitignore", ".cairnignore"])
  func `a directory whose ignore file cannot be read is unread, whole`(_ name: String) throws {
    try makeHuge(FilePath("sub/\(name)"))
    let listing = try list()
    #expect(paths(listing) == ["a", "subs/d"])
    let entry = try #require(listing.unread.first)
    #expect(listing.unread.count == 1 && entry.path == "sub" && entry.kind == .directory)
    #expect(entry.failure.path == FilePath("sub/\(name)"))
    #expect(listing.skipped == [SkippedEntry(path: "sub", reason: .unreadable, isDirectory: true)])
    #expect(listing.isCut)
    let unseen = listing.unseen
    #expect(unseen.contains("sub/b") && unseen.contains("sub/deep/c") && unseen.contains("sub/new"))
    #expect(!unseen.contains("a") && !unseen.contains("subs/d") && !unseen.contains("sub") && !unseen.contains("su"))
  }

  @Test(arguments: [".gitignore", ".cairnignore"])
  func `at the root it is an error that names the file`(_ name: String) throws {
    try makeHuge(FilePath(name))
    let failure = #expect(throws: Failure.self) { try list() }
    #expect(failure?.path == tree.root.appending(name))
    #expect(failure?.message.contains("it decides which files belong to the tree") == true)
    // Where git's rules do not hold, its ignore file is not read.
    if name == ".gitignore" { #expect(paths(try list(obeysGitIgnore: false)).count == 4) }
  }

  @Test func `an ignore file above the root counts, too`() throws {
    try makeRepository()
    try makeHuge(".gitignore")
    #expect(throws: Failure.self) { try list(root: tree.root.appending("sub")) }
  }

  @Test func `an index of git's that cannot be read leaves its tree unread`() throws {
    try makeRepository("sub", index: Array("DIRC\0\0\0\u{9}\0\0\0\u{1}".utf8))
    let listing = try list()
    #expect(paths(listing) == ["a", "subs/d"])
    #expect(listing.unread.map(\.path) == ["sub"])
    #expect(listing.unread.first?.failure.path == tree.root.appending("sub/.git/index"))
    #expect(throws: Failure.self) { try list(root: tree.root.appending("sub")) }
    // Nothing of git's is needed then.
    #expect(paths(try list(obeysGitIgnore: false)).count == 4)
  }

  @Test func `a huge index of git's is not read into memory`() throws {
    try makeRepository("sub")
    try makeHuge("sub/.git/index")
    #expect(try list().unread.map(\.path) == ["sub"])
  }

  @Test func `settings that include each other without end are an error, soon`() throws {
    // Ten deep, and eight times in each file: a thousand million readings.
    try makeRepository("sub", config: String(repeating: "[include]\n\tpath = config\n", count: 8))
    let listing = try list()
    #expect(listing.unread.map(\.path) == ["sub"])
    #expect(listing.unread.first?.failure.message.contains("include each other") == true)
  }

  @Test func `what a repository's settings name is never a device or a pipe`() throws {
    let pipe = tree.root.appending("pipe").description
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    for target in ["/dev/zero", "/dev/null", pipe, tree.root.description] {
      try makeRepository(config: "[include]\n\tpath = \(target)\n[core]\n\texcludesFile = \(target)\n")
      #expect(paths(try list()) == ["a", "sub/b", "sub/deep/c", "subs/d"])
    }
    for target in ["/dev/zero", "/dev", pipe] {
      try tree.write("sub/.git", "gitdir: \(target)\n")
      #expect(paths(try list()) == ["a", "sub/b", "sub/deep/c", "subs/d"])
    }
  }

  @Test func `parts of a repository that are pipes count as missing`() throws {
    try makeRepository("sub")
    for name in ["config", "commondir", "info/exclude"] { try makePipe("sub/.git/\(name)") }
    #expect(paths(try list()) == ["a", "sub/b", "sub/deep/c", "subs/d"])
    // But which files are tracked is not known where the list of them cannot be read.
    try makePipe("sub/.git/index")
    let listing = try list()
    #expect(paths(listing) == ["a", "subs/d"])
    #expect(listing.unread.map(\.path) == ["sub"])
  }

  @Test func `patterns by the ten thousand that may match any name are an error`() throws {
    try tree.write("sub/.gitignore", (0..<30_000).map { "*\($0)*\n" }.joined())
    #expect(try list().unread.map(\.path) == ["sub"])
    // As many that are found by what they begin with are none.
    try tree.write("sub/.gitignore", (0..<30_000).map { "\($0)x*\n" }.joined())
    #expect(try list().unread.isEmpty)
  }
}
