import Cairn
import Disk
import Primitives
import TestSupport
import Testing

@Suite struct WorkspaceTests {
  let tree: TemporaryTree
  let home: TemporaryTree
  var environment: Environment { Environment(["HOME": home.root.description]) }
  func path(_ inside: FilePath) -> Path { Path(bytes: tree.root.appending(inside).bytes) }

  init() throws {
    tree = try TemporaryTree()
    home = try TemporaryTree()
  }

  @Test func `the root is the nearest directory with an index or a git top, else where one stands`() throws {
    try tree.write("a/b/c/file", "")
    #expect(try Workspace.findRoot(from: path("a/b/c")) == path("a/b/c"))
    try tree.write("a/b/.git", "gitdir: elsewhere")
    try tree.write("a/.git/HEAD", "")
    #expect(try Workspace.findRoot(from: path("a/b/c")) == path("a/b"))
    try tree.write("a/.cairn/catalog.sqlite", "")
    #expect(try Workspace.findRoot(from: path("a/b/c")) == path("a/b"))
    try tree.write("a/b/c/.cairn/catalog.sqlite", "")
    #expect(try Workspace.findRoot(from: path("a/b/c")) == path("a/b/c"))
    #expect(
      failure(CairnError.self) { () throws(CairnError) in _ = try Workspace.findRoot(from: path("none")) }?.code
        == .notFound)
  }

  @Test func `an index of the home directory is not that of what lies in it`() throws {
    try home.write(".cairn/catalog.sqlite", "")
    try home.write("project/src/a.c", "")
    func root(_ below: FilePath) throws -> FilePath {
      let start = Path(bytes: home.root.appending(below).bytes)
      return FilePath(bytes: try Workspace.findRoot(from: start, environment: environment).bytes)
    }
    #expect(try root("project/src") == home.root.appending("project/src"))
    try home.write("project/.git/HEAD", "")
    #expect(try root("project/src") == home.root.appending("project"))
    #expect(
      FilePath(bytes: try Workspace.findRoot(from: Path(bytes: home.root.bytes), environment: environment).bytes)
        == home.root)
    #expect(Workspace.isCatchAll("/", environment) && Workspace.isCatchAll(Path(bytes: home.root.bytes), environment))
    #expect(!Workspace.isCatchAll(path("a"), environment))
  }

  @Test func `a root that is no directory is an error`() throws {
    try tree.write("file", "")
    #expect(
      failure(CairnError.self) { () throws(CairnError) in
        _ = try Workspace(root: path("file"), environment: environment)
      }?.code
        == .invalidArgument)
    #expect(
      failure(CairnError.self) { () throws(CairnError) in
        _ = try Workspace(root: path("none"), environment: environment)
      }?.code
        == .notFound)
  }

  @Test func `the index lives in the root, in the cache, or where it is told`() throws {
    var configuration = Configuration()
    let here = try Workspace(root: path(""), configuration: configuration, environment: environment)
    #expect(here.indexDirectory == path(".cairn"))
    configuration.indexDirectory = "cache"
    let cached = try Workspace(root: path(""), configuration: configuration, environment: environment)
    let cache = home.root.appending(".cache/cairn")
    #expect(FilePath(bytes: cached.indexDirectory.bytes).relative(to: cache)?.bytes.count == 32)
    let other = try TemporaryTree()
    let second = try Workspace(
      root: Path(bytes: other.root.bytes), configuration: configuration, environment: environment)
    #expect(second.indexDirectory != cached.indexDirectory)
    configuration.indexDirectory = "sub/index"
    let told = try Workspace(root: path(""), configuration: configuration, environment: environment)
    #expect(told.indexDirectory == path("sub/index"))
  }

  @Test func `an index directory that is a link is not used, and the user's cache serves`() throws {
    makeLink(tree.root.appending(".cairn"), to: home.root)
    let workspace = try Workspace(root: path(""), environment: environment)
    #expect(workspace.indexDirectory.bytes.starts(with: home.root.appending(".cache/cairn").bytes))
    #expect(workspace.notes.count == 1 && workspace.notes[0].message.contains("symbolic link"))
    var configuration = Configuration()
    configuration.indexDirectory = path(".cairn")
    let error = failure(CairnError.self) { () throws(CairnError) in
      _ = try Workspace(root: path(""), configuration: configuration, environment: environment)
    }
    #expect(error?.message.contains("name a new or an empty directory") == true)
  }

  @Test func `a link or a file called .cairn above makes no root`() throws {
    try tree.write("a/b/file", "")
    makeLink(tree.root.appending("a/.cairn"), to: home.root)
    #expect(try Workspace.findRoot(from: path("a/b")) == path("a/b"))
    try tree.write(".cairn", "")
    #expect(try Workspace.findRoot(from: path("a/b")) == path("a/b"))
  }

  @Test func `without a home and a cache directory the cache is an error that says what to do`() {
    var configuration = Configuration()
    configuration.indexDirectory = "cache"
    let error = failure(CairnError.self) { () throws(CairnError) in
      _ = try Workspace(root: path(""), configuration: configuration, environment: Environment([:]))
    }
    #expect(error?.remedy == CairnError.Remedy(.set, "index_dir"))
  }

  @Test func `there is no status before there is an index, and asking makes nothing`() throws {
    let workspace = try Workspace(root: path(""), environment: environment)
    #expect(try workspace.status() == nil)
    #expect(try listDirectory(tree.root).isEmpty)
  }

  @Test func `a question to no index is an error that says what to do`() async throws {
    let workspace = try Workspace(root: path(""), environment: environment)
    var request = SearchRequest("anything")
    request.freshness = .asIs
    do throws(CairnError) {
      _ = try await workspace.search(request)
      Issue.record("it answered")
    } catch {
      #expect(error.code == .noIndex && error.remedy?.action == .index)
    }
  }

  @Test(arguments: [
    ("/r/a.c", "/r", "/r", "a.c"), ("/r/d/a.c", "/r/d", "/r", "a.c"), ("/r/a.c", "/r/d", "/r", "../a.c"),
    ("/r/d/e/a.c", "/r/d/f", "/r", "../e/a.c"), ("/r/d/a.c", "/", "/r", "r/d/a.c"), ("/r/a.c", "/q", "/r", "/r/a.c"),
    ("/r/dd/a.c", "/r/d", "/r", "../dd/a.c"), ("/r/d", "/r/d", "/r", "."),
  ])
  func `a path is shown as one would write it where one stands`(
    _ path: String, _ directory: String, _ top: String, _ shown: String
  ) {
    #expect(Path(path).shown(from: Path(directory), inside: Path(top)) == Path(shown))
  }

  @Test func `a file that a person names is found inside the root or refused`() throws {
    try tree.write("src/a.c", "")
    let workspace = try Workspace(root: path(""), environment: environment)
    #expect(try workspace.pathInside(of: "a.c", from: path("src")) == "src/a.c")
    #expect(try workspace.pathInside(of: "../src/./a.c", from: path("src")) == "src/a.c")
    #expect(try workspace.pathInside(of: path("src/gone.c"), from: "/") == "src/gone.c")
    #expect(
      failure(CairnError.self) { () throws(CairnError) in _ = try workspace.pathInside(of: "/etc/passwd", from: "/") }?
        .code
        == .invalidArgument)
    #expect(
      failure(CairnError.self) { () throws(CairnError) in _ = try workspace.pathInside(of: "../../x", from: path("src"))
      }?.code
        == .invalidArgument)
  }
}
