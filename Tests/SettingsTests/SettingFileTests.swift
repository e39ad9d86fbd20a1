import Disk
import Glibc
import Primitives
import Settings
import TestSupport
import Testing

@Suite struct SettingFileTests {
  let project: TemporaryTree
  init() throws { project = try TemporaryTree() }
  var root: FilePath { project.root }
  var file: SettingFile { .project(at: root) }
  func text() throws -> String {
    String(decoding: try readFile(project.root.appending("cairn.toml")).bytes, as: UTF8.self)
  }

  @Test func `a file that is not there is made`() throws {
    try file.set([.threadCount: .integer(2)])
    #expect(try text() == "threads = 2\n")
  }

  @Test func `what is there stays, comments and order too`() throws {
    try project.write(
      "cairn.toml", "# mine\nlimit = 3   # few\n\n\"threads\" =  4 # cores\nmax_memory_mb = \"25%\"\ncolor = \"never\"")
    try file.set(
      [.threadCount: .integer(8), .maximumMemoryMegabytes: .integer(64), .commitIntervalSeconds: .integer(5)])
    #expect(
      try text() == """
        # mine
        limit = 3   # few

        "threads" =  8 # cores
        max_memory_mb = 64
        color = "never"
        commit_interval_s = 5

        """)
    let values = try SettingValues.load(root: root, environment: EnvironmentVariables([:]))
    #expect(values.integer(.threadCount) == 8 && values.integer(.maximumMemoryMegabytes) == 64)
    #expect(values.integer(.limit) == 3)
  }

  @Test func `a new line does not fall into a table`() throws {
    try project.write("cairn.toml", "limit = 3\n[empty]\n")
    try file.set([.threadCount: .integer(8)])
    #expect(try text() == "limit = 3\nthreads = 8\n[empty]\n")
  }

  @Test(arguments: [
    ("threads = '''\n4''' # x\n", "threads = 8 # x\n"),
    ("x.y = 1\r\nthreads = [ 1,\n 2 ]\r\n", "x.y = 1\r\nthreads = 8\r\n"),
    ("embedding_model = \"a\\u0062\" # m\n", "embedding_model = \"a\\u0062\" # m\nthreads = 8\n"),
    ("# end", "# end\nthreads = 8\n"),
    ("# a\n\n[t]\nthreads = 1\n", "# a\n\nthreads = 8\n[t]\nthreads = 1\n"), ("a = 1\r\n", "a = 1\r\nthreads = 8\r\n"),
  ])
  func `a value is changed however it is written, and nothing beside it`(_ old: String, _ new: String) throws {
    try project.write("cairn.toml", old)
    try file.set([.threadCount: .integer(8)])
    #expect(try text() == new)
  }

  @Test(arguments: ["threads = 1\nthreads = 2\n", "threads = = 3\n", "[threads]\n", "threads"])
  func `a file that is not understood is left, with the advice to do it by hand`(_ old: String) throws {
    try project.write("cairn.toml", old)
    let error = #expect(throws: Failure.self) { try file.set([.threadCount: .integer(8)]) }
    #expect(error?.code == .invalidConfiguration && error?.message.contains("by hand") == true)
    #expect(try text() == old)
  }

  /// What is thrown where a setting is set, and where one is taken out.
  private func failures() -> [Failure?] {
    [
      failure { () throws(Failure) in try file.set([.threadCount: .integer(8)]) },
      failure { () throws(Failure) in _ = try file.unset("limit") },
    ]
  }

  @Test(arguments: ["d = 2024-99-99\n", "s = \"\\q\"\n", "[a]\nb = 1\n[a]\nc = 2\n", "a = 1\n[a.b]\n", "x = [1,,2]\n"])
  func `what the program could not read afterwards is left, with the line`(_ broken: String) throws {
    let old = "limit = 3\n" + broken
    try project.write("cairn.toml", old)
    for error in failures() {
      #expect(error?.code == .invalidConfiguration && error?.message.contains("line ") == true)
      #expect(error?.message.contains("by hand") == true)
      #expect(try text() == old)
    }
  }

  @Test func `changes of one file at the same time are all kept`() throws {
    let settings: [Setting] = [.threadCount, .limit, .maximumMemoryMegabytes, .commitIntervalSeconds]
    for _ in 0..<20 {
      try project.write("cairn.toml", "# mine\n")
      let threads = settings.map { [file] setting in
        BlockingThread { try? file.set([setting: .integer(7)]) }
      }
      for thread in threads { thread?.join() }
      #expect(try file.entries().map(\.setting.key).sorted() == settings.map(\.key).sorted())
    }
    #expect(try listDirectory(root).map(\.name) == ["cairn.toml"])
  }

  @Test func `a file that is read-only is left as it is`() throws {
    try project.write("cairn.toml", "limit = 3\n")
    #expect(unsafe chmod(file.path.description, 0o444) == 0)
    for error in failures() {
      #expect(error?.code == .permissionDenied && error?.message.contains("chmod u+w") == true)
    }
    #expect(try text() == "limit = 3\n")
  }

  @Test(arguments: [
    ("# mine\nlimit = 3 # few\n\nthreads = 1", "# mine\n\nthreads = 1"), ("limit = 3", ""),
    ("a = 1\n  limit = [\n 1 ]\nb = 2\n", "a = 1\nb = 2\n"), ("a = 1\r\nlimit=2\r\n", "a = 1\r\n"),
  ])
  func `a setting is taken out with its line`(_ old: String, _ new: String) throws {
    try project.write("cairn.toml", old)
    #expect(try file.unset("limit") && text() == new)
    #expect(try !file.unset("limit") && text() == new)
  }

  @Test func `to set and unset gives the file back`() throws {
    for old in ["", "# a\n", "limit = 3\n# b\n\n[t]\n", "limit = 3\r\n"] {
      try project.write("cairn.toml", old)
      try file.set([.threadCount: .integer(8)])
      #expect(
        try old.contains("[") || file.entries().contains { $0.setting == .threadCount && $0.value == .integer(8) })
      #expect(try file.unset("threads") && text() == old)
    }
  }

  @Test func `the user's own file is made with its directory, and written through a link`() throws {
    let environment = EnvironmentVariables(["HOME": project.root.description])
    let user = try #require(SettingFile.user(in: environment))
    try user.set([.limit: .integer(4)])
    #expect(
      String(decoding: try readFile(root.appending(".config/cairn/config.toml")).bytes, as: UTF8.self) == "limit = 4\n")
    let other = try TemporaryTree()
    try other.write("dots/config.toml", "# mine\n")
    let linked = EnvironmentVariables(["XDG_CONFIG_HOME": root.appending("linked").description])
    try makeDirectory(root.appending("linked/cairn"))
    makeLink(root.appending("linked/cairn/config.toml"), to: other.root.appending("dots/config.toml"))
    try #require(SettingFile.user(in: linked)).set([.limit: .integer(4)])
    #expect(
      String(decoding: try readFile(other.root.appending("dots/config.toml")).bytes, as: UTF8.self)
        == "# mine\nlimit = 4\n")
  }

  @Test func `a link is not written through`() throws {
    let other = try TemporaryTree()
    try other.write("target", "limit = 1\n")
    makeLink(project.root.appending("cairn.toml"), to: other.root.appending("target"))
    #expect(throws: Failure.self) { try file.set([.threadCount: .integer(8)]) }
    #expect(String(decoding: try readFile(other.root.appending("target")).bytes, as: UTF8.self) == "limit = 1\n")
  }

  @Test func `ignore patterns are added once`() throws {
    try project.write(".cairnignore", "*.log")
    for _ in 0..<2 { _ = try addIgnorePatterns(["**/tmp/**", "*.log"], at: root) }
    let held = String(decoding: try readFile(project.root.appending(".cairnignore")).bytes, as: UTF8.self)
    #expect(held == "*.log\n**/tmp/**\n")
  }
}
