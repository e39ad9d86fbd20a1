import Cairn
import Disk
import Primitives
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
    #expect(configuration.color == "never" && configuration.embeddingModel == "builtin")
    #expect(configuration.indexDirectory.bytes == project.root.appending("build/index").bytes)
    let file = Path(bytes: project.root.appending("cairn.toml").bytes)
    #expect(configuration["include_hidden"]?.origin == .file(file, line: 1))
    #expect(configuration["limit"]?.origin == .environment("CAIRN_LIMIT"))
    #expect(configuration["limit"]?.value == .integer(3) && configuration["none"] == nil)
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
    let half = (Machine.current.memoryByteCount / 2) >> 20
    #expect(abs(try load(["CAIRN_MAX_MEMORY_MB": "50%"]).maximumMemoryMegabytes - half) <= 1)
    #expect(try load(["CAIRN_MAX_MEMORY_MB": "64"]).maximumMemoryMegabytes == 64)
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
