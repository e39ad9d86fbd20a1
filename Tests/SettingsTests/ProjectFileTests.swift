import Disk
import Primitives
import Settings
import TestSupport
import Testing

@Suite struct ProjectFileTests {
  let project: TemporaryTree
  init() throws { project = try TemporaryTree() }
  var root: FilePath { project.root }
  func text() throws -> String {
    String(decoding: try readFile(project.root.appending("cairn.toml")).bytes, as: UTF8.self)
  }

  @Test func `a file that is not there is made`() throws {
    #expect(
      try SettingValues.write([.threadCount: .integer(2)], toProjectAt: root).bytes.suffix(10)
        == Array("cairn.toml".utf8))
    #expect(try text() == "threads = 2\n")
  }

  @Test func `what is there stays, comments and order too`() throws {
    try project.write(
      "cairn.toml", "# mine\nlimit = 3   # few\n\n\"threads\" =  4 # cores\nmax_memory_mb = \"25%\"\ncolor = \"never\"")
    _ = try SettingValues.write(
      [.threadCount: .integer(8), .maximumMemoryMegabytes: .integer(64), .commitIntervalSeconds: .integer(5)],
      toProjectAt: root)
    #expect(
      try text() == """
        # mine
        limit = 3   # few

        "threads" = 8 # cores
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
    _ = try SettingValues.write([.threadCount: .integer(8)], toProjectAt: root)
    #expect(try text() == "limit = 3\nthreads = 8\n[empty]\n")
  }

  @Test(arguments: ["threads = '''\n4'''\n", "embedding_model = \"\"\"\nx\"\"\"\n", "embedding_model = \"a\\u0062\"\n"])
  func `a line that cannot be changed safely is left, with the advice to do it by hand`(_ old: String) throws {
    try project.write("cairn.toml", old)
    let error = #expect(throws: Failure.self) {
      try SettingValues.write([.threadCount: .integer(8), .embeddingModel: .text("x")], toProjectAt: root)
    }
    #expect(error?.code == .invalidConfiguration && error?.message.contains("by hand") == true)
    #expect(try text() == old)
  }

  @Test func `a link is not written through`() throws {
    let other = try TemporaryTree()
    try other.write("target", "limit = 1\n")
    makeLink(project.root.appending("cairn.toml"), to: other.root.appending("target"))
    #expect(throws: Failure.self) { try SettingValues.write([.threadCount: .integer(8)], toProjectAt: root) }
    #expect(String(decoding: try readFile(other.root.appending("target")).bytes, as: UTF8.self) == "limit = 1\n")
  }

  @Test func `ignore patterns are added once`() throws {
    try project.write(".cairnignore", "*.log")
    for _ in 0..<2 { _ = try addIgnorePatterns(["**/tmp/**", "*.log"], at: root) }
    let held = String(decoding: try readFile(project.root.appending(".cairnignore")).bytes, as: UTF8.self)
    #expect(held == "*.log\n**/tmp/**\n")
  }
}
