import Corpus
import Disk
import Primitives
import TestSupport
import Testing

/// Which file of the user's own rules is obeyed, seen through the walk.
@Suite struct GitConfigTests {
  private let tree: TemporaryTree
  private let environment: GitEnvironment

  init() throws {
    tree = try TemporaryTree()
    let home = tree.root.appending("home")
    environment = GitEnvironment(
      home: home, configHome: nil, systemConfig: tree.root.appending("system"))
    try tree.write("top/.git/HEAD", "ref: refs/heads/main\n")
    try makeDirectory(tree.root.appending("top/.git/objects"))
    try makeDirectory(tree.root.appending("top/.git/refs"))
    for name in ["a", "b", "c"] { try tree.write(FilePath("top/\(name)"), "x") }
    for name in ["a", "b", "c"] { try tree.write(FilePath("home/no-\(name)"), "\(name)\n") }
  }

  /// The files left of `a`, `b` and `c`.
  private func left(_ environment: GitEnvironment? = nil) throws -> String {
    let walker = CorpusWalker(root: tree.root.appending("top"), environment: environment ?? self.environment)
    return try walker.list().files.map(\.path.description).joined()
  }

  @Test func `without a setting the file in the home directory is used`() throws {
    #expect(try left() == "abc")
    try tree.write("home/.config/git/ignore", "a\n")
    #expect(try left() == "bc")
    var moved = environment
    moved.configHome = tree.root.appending("elsewhere")
    try tree.write("elsewhere/git/ignore", "b\n")
    #expect(try left(moved) == "ac")
  }

  @Test func `later files win: machine, user's directory, user's file, repository`() throws {
    try tree.write("system", "[core]\nexcludesFile = ~/no-a\n")
    #expect(try left() == "bc")
    try tree.write("home/.config/git/config", "[core]\nexcludesFile = ~/no-b\n")
    #expect(try left() == "ac")
    try tree.write("home/.gitconfig", "[core]\nexcludesFile = ~/no-c\n")
    #expect(try left() == "ab")
    try tree.write("top/.git/config", "[core]\nexcludesFile =\n")
    #expect(try left() == "abc")
  }

  @Test func `branches, remotes and the environment decide as they do for git`() throws {
    try tree.write("home/more", "[core]\nexcludesFile = ~/no-b\n")
    func ask(_ condition: String) throws -> String {
      try tree.write("home/.gitconfig", "[includeIf \"\(condition)\"]\npath = more\n")
      return try left()
    }
    #expect(try ask("onbranch:main") == "ac")
    #expect(try ask("onbranch:topic/") == "abc")
    try tree.write("top/.git/HEAD", "ref: refs/heads/topic/one/two\n")
    #expect(try ask("onbranch:topic/") == "ac")
    #expect(try ask("onbranch:topic/*") == "abc")
    try tree.write("top/.git/HEAD", "0123456789012345678901234567890123456789\n")
    #expect(try ask("onbranch:**") == "abc")
    #expect(try ask("hasconfig:remote.*.url:https://host/**") == "abc")
    try tree.write("top/.git/config", "[remote \"origin\"]\nurl = https://host/me/project\n")
    #expect(try ask("hasconfig:remote.*.url:https://host/**") == "ac")
    #expect(try ask("hasconfig:remote.*.url:https://other/**") == "abc")
    try tree.write("home/.gitconfig", "")
    var told = environment
    told.commandSettings = GitEnvironment.commandSettings([
      "GIT_CONFIG_COUNT": Array("2".utf8), "GIT_CONFIG_KEY_0": Array("core.excludesFile".utf8),
      "GIT_CONFIG_VALUE_0": Array("\(tree.root)/home/no-c".utf8), "GIT_CONFIG_KEY_1": Array("remote.a.b\"c.url".utf8),
      "GIT_CONFIG_VALUE_1": Array("x\\y".utf8),
    ])
    #expect(try left(told) == "ab")
  }

  @Test func `other files are included where they are named, if their condition holds`() throws {
    try tree.write("home/.gitconfig", "[core]\nexcludesFile = ~/no-a\n[include]\npath = more\n")
    try tree.write("home/more", "[core]\nexcludesFile = ~/no-b\n")
    #expect(try left() == "ac")
    try tree.write("home/.gitconfig", "[includeIf \"gitdir:\(tree.root)/\"]\npath = more\n")
    #expect(try left() == "ac")
    try tree.write("home/.gitconfig", "[includeIf \"gitdir:/other/\"]\npath = more\n")
    #expect(try left() == "abc")
  }

  @Test func `files that include each other come to an end`() throws {
    try tree.write("home/.gitconfig", "[include]\npath = .gitconfig\n[core]\nexcludesFile = ~/no-a\n")
    #expect(try left() == "bc")
  }

  @Test(arguments: [
    "[core]\n\texcludesFile = \"~/no-a\" # note\n", "[CORE] EXCLUDESFILE=~/no-a",
    "\u{FEFF}[core]\r\nexcludesfile = ~/no-a\r\n",
    "[core]\nexcludesfile = ~/no\\\n-a\n",
    "[core \"x\"]\nexcludesFile = ~/no-b\n[core]\n; c\nexcludesFile = ~/\"no-a\"\n",
  ])
  func `the syntax is git's`(content: String) throws {
    try tree.write("home/.gitconfig", content)
    #expect(try left() == "bc")
  }

  @Test(arguments: ["[core", "[core]\n= x\n", "[core]\nexcludesFile = \"~/no-a\n", "[core]\nexcludesFile = \\q\n"])
  func `a setting behind an error does not hold`(content: String) throws {
    try tree.write("home/.gitconfig", content + "\n[core]\nexcludesFile = ~/no-a\n")
    #expect(try left() == "abc")
  }
}
