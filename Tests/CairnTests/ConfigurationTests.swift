import Cairn
import Disk
import Primitives
import Settings
import TestSupport
import Testing

@Suite struct ConfigurationTests {
  let project: TemporaryTree
  init() throws { project = try TemporaryTree() }

  var root: Path { Path(bytes: project.root.bytes) }
  func load(_ variables: [String: String] = [:]) throws(CairnError) -> Configuration {
    try Configuration.load(root: root, environment: Environment(variables))
  }

  @Test func `what is written in the project's file and in the environment is what the accessors say`() throws {
    try project.write(
      "cairn.toml", "include_hidden = true\ncontext = \"all\"\nindex_dir = \"build/index\"\nlimit = 2\n")
    let configuration = try load(["CAIRN_LIMIT": "3", "CAIRN_COLOR": "never"])
    #expect(configuration.includesHidden && configuration.contextLineCount == nil && configuration.limit == 3)
    #expect(configuration["color"]?.value == .text("never") && configuration.embeddingModel == "builtin")
    #expect(configuration.indexDirectory.bytes == project.root.appending("build/index").bytes)
    let file = Path(bytes: project.root.appending("cairn.toml").bytes)
    #expect(configuration["include_hidden"]?.origin == .file(file, line: 1))
    #expect(configuration["limit"]?.origin == .environment("CAIRN_LIMIT"))
    #expect(configuration["limit"]?.value == .integer(3) && configuration["none"] == nil)
  }

  @Test func `a program sets any setting by its key, and hears of a key or a value that cannot be`() throws {
    var configuration = Configuration()
    try configuration.set("max_memory_mb", to: .integer(512))
    try configuration.set("color", to: .text("never"))
    try configuration.set("index_dir", to: .path("cache"))
    #expect(configuration["max_memory_mb"]?.value == .integer(512) && configuration["color"]?.origin == .program)
    #expect(configuration.indexDirectory == "cache")
    #expect {
      try configuration.set("max_memory", to: .integer(512))
    } throws: { "\($0)".contains("max_memory_mb") }
    #expect(throws: CairnError.self) { try configuration.set("color", to: .text("mauve")) }
    #expect(throws: CairnError.self) { try configuration.set("limit", to: .integer(-1)) }
    #expect(configuration["color"]?.value == .text("never"))
  }

  @Test func `what a program sets is what it reads, and is known to be from it`() {
    var configuration = Configuration()
    #expect(configuration.entries.allSatisfy { $0.origin == .builtIn } && !configuration.hasChosenModel)
    configuration.limit = 7
    configuration.contextLineCount = nil
    configuration.indexDirectory = "cache"
    configuration.obeysGitIgnore = false
    configuration.embeddingModel = "bge"
    #expect(configuration.limit == 7 && configuration.contextLineCount == nil && !configuration.obeysGitIgnore)
    #expect(configuration.indexDirectory == "cache" && configuration.hasChosenModel)
    #expect(configuration["index_dir"]?.value == .path("cache") && configuration["index_dir"]?.origin == .program)
    #expect(configuration["context"]?.value.description == "\"all\"")
    #expect(configuration["context"]?.origin.description == "set by the program")
  }

  @Test func `a share of the memory is computed for this machine`() throws {
    func megabytes(_ text: String) throws -> Int {
      let values = try load(["CAIRN_MAX_MEMORY_MB": text]).values
      return ResolvedSettings(values, machine: .current, corpus: nil).memoryByteCount >> 20
    }
    let half = (Machine.current.memoryByteCount / 2) >> 20
    #expect(abs(try megabytes("50%") - half) <= 1)
    #expect(try megabytes("64") == 64)
  }

  @Test func `a mistake is an error of the library with its file`() throws {
    try project.write("cairn.toml", "limt = 4\n")
    do throws(CairnError) {
      _ = try load()
      Issue.record("a setting that does not exist was taken")
    } catch {
      #expect(error.code == .invalidConfiguration && error.message.contains("did you mean \"limit\"?"))
      #expect(error.path?.bytes == project.root.appending("cairn.toml").bytes)
    }
  }

  @Test func `a workspace adds patterns to the file of what is ignored`() throws {
    let workspace = try Workspace(root: root, environment: Environment(["HOME": project.root.description]))
    #expect(try workspace.addIgnorePatterns(["*.log"]).bytes == project.root.appending(".cairnignore").bytes)
  }
}
