import Disk
import Primitives
import Settings
import TestSupport
import Testing

@Suite struct SettingValuesTests {
  let project: TemporaryTree
  let home: TemporaryTree
  var environment: EnvironmentVariables { EnvironmentVariables(["HOME": home.root.description]) }

  init() throws {
    project = try TemporaryTree()
    home = try TemporaryTree()
  }

  func load(_ variables: [String: String] = [:]) throws(Failure) -> SettingValues {
    try SettingValues.load(
      root: project.root,
      environment: EnvironmentVariables(variables.merging(["HOME": home.root.description]) { mine, _ in mine }))
  }
  func mistake(_ variables: [String: String] = [:]) -> Failure? {
    failure { () throws(Failure) in try load(variables) }
  }

  @Test func `without files every value is built in`() throws {
    let values = try load()
    #expect(values == SettingValues())
    #expect(values.entries.map(\.setting) == Setting.all)
    #expect(values.entries.allSatisfy { $0.origin == .builtIn })
    #expect(
      values.integer(.limit) == 10 && values.integer(.contextLineCount) == 3 && values.path(.indexDirectory) == "")
  }

  @Test func `the user's file, the project's file, the environment and the flags win in rising order`() throws {
    try home.write(".config/cairn/config.toml", "limit = 1\nthreads = 1\ncontext = 1\nmax_memory_mb = 1\n")
    try project.write("cairn.toml", "# mine\nlimit = 2\nthreads = 2\ncontext = 2\n")
    var values = try load(["CAIRN_LIMIT": "3", "CAIRN_THREADS": "3"])
    try values.apply(flag: "-n", .limit, Array("4".utf8), environment: environment)
    #expect(values.integer(.limit) == 4)
    #expect(values[.limit].origin == .flag("-n"))
    #expect(values.integer(.threadCount) == 3)
    #expect(values[.threadCount].origin == .environment("CAIRN_THREADS"))
    #expect(values.integer(.contextLineCount) == 2)
    let file = project.root.appending("cairn.toml")
    #expect(values[.contextLineCount].origin == .file(file, line: 4))
    #expect(values.integer(.maximumMemoryMegabytes) == 1)
  }

  @Test func `XDG_CONFIG_HOME moves the user's file`() throws {
    try home.write("elsewhere/cairn/config.toml", "limit = 7")
    #expect(try load(["XDG_CONFIG_HOME": home.root.appending("elsewhere").description]).integer(.limit) == 7)
  }

  @Test func `every kind of value is read from a file`() throws {
    try project.write(
      "cairn.toml", "include_hidden = true\ncontext = \"all\"\ncolor = \"never\"\nindex_dir = \"build/index\"\n")
    let values = try load()
    #expect(values.boolean(.includesHidden))
    #expect(values[.contextLineCount].value == .text("all"))
    #expect(values.text(.color) == "never")
    #expect(values.path(.indexDirectory).bytes == project.root.appending("build/index").bytes)
  }

  @Test func `an unknown name is an error with its file, its line and the nearest name`() throws {
    try project.write("cairn.toml", "limit = 3\n\nlimt = 4\n")
    let error = try #require(mistake())
    #expect(error.code == .invalidConfiguration)
    #expect(error.path?.bytes == project.root.appending("cairn.toml").bytes)
    #expect(error.message == "line 3: there is no setting \"limt\"; did you mean \"limit\"?")
  }

  @Test(arguments: [
    ("limit = \"5\"", "\"limit\" must be a whole number from 1 to 10000", "it is the text \"5\""),
    ("limit = 0", "\"limit\" must be a whole number from 1 to 10000", "it is the number 0"),
    ("limit = 1.5", "\"limit\" must be a whole number from 1 to 10000", "it is a value of another type"),
    ("color = \"blue\"", "\"color\" must be \"auto\" or \"always\" or \"never\"", "it is the text \"blue\""),
    ("include_hidden = 1", "\"include_hidden\" must be true or false", "it is the number 1"),
    ("[limit]\nx = 1", "\"limit\" must be a whole number from 1 to 10000", "it is a table"),
    ("limit.x = 1", "\"limit\" must be a whole number from 1 to 10000", "it is a table"),
    ("limit = [1]", "\"limit\" must be a whole number from 1 to 10000", "it is a list"),
    ("limit = []", "\"limit\" must be a whole number from 1 to 10000", "it is a list"),
    ("limit = {}", "\"limit\" must be a whole number from 1 to 10000", "it is a table"),
    ("limit = 2020-01-01", "\"limit\" must be a whole number from 1 to 10000", "it is a value of another type"),
    ("[[limit]]", "\"limit\" must be a whole number from 1 to 10000", "it is a list"),
    ("[empty]", "there is no setting \"empty\"", nil),
    ("\"\" = 1", "there is no setting", nil),
  ])
  func `a value that is not accepted says what is`(_ text: String, _ message: String, _ cause: String?) throws {
    try project.write("cairn.toml", text)
    let error = try #require(mistake())
    #expect(error.message.contains(message))
    #expect(error.cause == cause)
  }

  @Test func `a file that is not TOML is an error with its place`() throws {
    try project.write("cairn.toml", "limit = 3\nthreads = = 4\n")
    let error = try #require(mistake())
    #expect(error.code == .invalidConfiguration && error.message.hasPrefix("line 2"))
  }

  @Test(arguments: [
    "limit = 3\nlimit = 4", "limit = 3\n\"limit\" = 4", "\"limit\\u0000x\" = 3", "color = \"never\\u0000x\"",
    "limit = 3\n[limit]", "limit = {a = 1}\nlimit = 2",
  ])
  func `a name that is set twice and a zero byte are errors`(_ text: String) throws {
    try project.write("cairn.toml", text)
    #expect(mistake()?.code == .invalidConfiguration)
  }

  @Test func `hostile files are errors, not crashes`() throws {
    let texts = [
      "a" + String(repeating: ".a", count: 30_000) + " = 1", String(repeating: "[", count: 60_000),
      "x = " + String(repeating: "{a=", count: 20_000), String(repeating: "a", count: 70_000), "\u{0}\u{FFFE}",
      "limit = 99999999999999999999",
    ]
    for text in texts {
      try project.write("cairn.toml", text)
      #expect(mistake() != nil)
    }
    var random = SeededRandom(seed: 3)
    for _ in 0..<50 {
      let bytes = (0..<100).map { _ in UInt8.random(in: 0...255, using: &random) }
      try project.write("cairn.toml", bytes)
      _ = mistake()
    }
  }

  @Test func `a variable that is not accepted says its name`() {
    let error = mistake(["CAIRN_LIMIT": "many"])
    #expect(error?.message == "the environment variable CAIRN_LIMIT must be a whole number from 1 to 10000")
    #expect(error?.cause == "it is \"many\"")
    #expect(mistake(["CAIRN_LIMIT": ""]) == nil, "an empty variable is one that is not set")
  }

  @Test(arguments: ["/tmp/elsewhere", "../outside", "a/../../outside", "link/index"])
  func `a project's file cannot choose an index directory outside the project`(_ directory: String) throws {
    _ = try #require(try? FileStatus(of: "/tmp"))
    makeLink(project.root.appending("link"), to: "/tmp")
    try project.write("cairn.toml", "index_dir = \"\(directory)\"")
    #expect(mistake()?.message.contains("must lie inside the project") == true)
  }

  @Test func `the user's file and the environment may, and a tilde is the home directory`() throws {
    try home.write(".config/cairn/config.toml", "index_dir = \"/somewhere\"")
    #expect(try load().path(.indexDirectory) == "/somewhere")
    #expect(try load(["CAIRN_INDEX_DIR": "~/i"]).path(.indexDirectory).bytes == home.root.appending("i").bytes)
    #expect(try load(["CAIRN_INDEX_DIR": "cache"]).path(.indexDirectory) == "cache")
  }

  @Test func `a written value can be read back`() throws {
    let text = Setting.Value.path(FilePath("a\"b\\c\u{1}\n\td é"))
    try project.write("cairn.toml", "index_dir = \(text)")
    #expect(try load().path(.indexDirectory).bytes == project.root.appending("a\"b\\c\u{1}\n\td é").bytes)
  }

  @Test func `memory is a number of MB or a share of the machine`() throws {
    try home.write(".config/cairn/config.toml", "max_memory_mb = \"50%\"")
    #expect(try load()[.maximumMemoryMegabytes].value == .text("50%"))
    #expect(try load(["CAIRN_MAX_MEMORY_MB": "64"]).integer(.maximumMemoryMegabytes) == 64)
    #expect(mistake(["CAIRN_MAX_MEMORY_MB": "0%"]) != nil && mistake(["CAIRN_MAX_MEMORY_MB": "101%"]) != nil)
    try project.write("cairn.toml", "max_memory_mb = \"64\"")
    #expect(mistake()?.message.contains("a share of the memory") == true, "a number is not written as a text")
  }

  @Test(arguments: Setting.all.filter(\.isPersonal))
  func `a project's file cannot say where text is sent, which secret goes with it, or where models are`(
    _ setting: Setting
  ) throws {
    let value =
      switch setting.kind {
      case .integer: "5"
      case .boolean: "true"
      case .directories: "\"/x\""
      case .choice(let words): "\"\(words[0])\""
      default: "\"x\""
      }
    try project.write("cairn.toml", "\(setting.key) = \(value)")
    #expect(mistake()?.message.contains("a project's file cannot set \"\(setting.key)\"") == true)
    try project.remove("cairn.toml")
    try home.write(".config/cairn/config.toml", "\(setting.key) = \(value)")
    #expect(try load()[setting].origin != .builtIn)
  }

  @Test(arguments: ["/m", "./m", "../m", "~/m", ".", ".."])
  func `a project's file names a model, not a directory`(_ name: String) throws {
    for key in ["embedding_model", "rerank_model"] {
      try project.write("cairn.toml", "\(key) = \"\(name)\"")
      #expect(mistake()?.message.contains("must be a model's name") == true)
    }
    try project.write("cairn.toml", "embedding_model = \"BAAI/bge-small-en-v1.5\"")
    #expect(try load()[.embeddingModel].value == .text("BAAI/bge-small-en-v1.5"))
  }

  @Test func `a model's directory in the user's file begins there`() throws {
    try home.write(".config/cairn/config.toml", "embedding_model = \"./m\"")
    let expected = home.root.appending(".config/cairn/./m").description
    #expect(try load()[.embeddingModel].value == .text(expected))
    #expect(
      try load(["CAIRN_EMBEDDING_MODEL": "~/m"])[.embeddingModel].value == .text(home.root.appending("m").description))
  }

  @Test func `a hint names the user's file where it is`() throws {
    try project.write("cairn.toml", "max_memory_mb = \"90%\"")
    #expect(mistake()?.message.contains("set more in ~/.config/cairn/config.toml") == true)
    let elsewhere = home.root.appending("elsewhere").description
    let told = mistake(["XDG_CONFIG_HOME": elsewhere])?.message ?? ""
    #expect(told.contains("set more in \(elsewhere)/cairn/config.toml"), "\(told)")
    try home.write("elsewhere/cairn/config.toml", "max_memory_mb = \"90%\"")
    try project.remove("cairn.toml")
    #expect(try load(["XDG_CONFIG_HOME": elsewhere])[.maximumMemoryMegabytes].origin != .builtIn)
  }

  @Test func `words are one line`() {
    #expect(mistake(["CAIRN_LLM_ENDPOINT": "http://a\nb"])?.message.contains("words on one line") == true)
    #expect(mistake(["CAIRN_LLM_ENDPOINT": String(repeating: "a", count: 1001)]) != nil)
  }

  @Test(arguments: SizeProfile.allCases)
  func `a profile is a values that holds`(_ profile: SizeProfile) throws {
    try project.write("cairn.toml", profile.toml)
    let values = try load()
    for (setting, value) in profile.values { #expect(values[setting].value == value) }
    #expect(profile.values.keys.allSatisfy { !$0.isPersonal })
  }
}
