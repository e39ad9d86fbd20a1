import Disk
import Glibc
import Primitives
import Settings
import TestSupport
import Testing

/// What the `cairn.toml` of a stranger's repository can and cannot do.
@Suite struct HostileProjectFileTests {
  let project: TemporaryTree
  let home: TemporaryTree

  init() throws {
    project = try TemporaryTree()
    home = try TemporaryTree()
  }

  func load() throws(Failure) -> SettingValues {
    try SettingValues.load(
      root: project.root, environment: EnvironmentVariables(["HOME": home.root.description]))
  }

  func mistake() -> Failure? { failure { () throws(Failure) in try load() } }

  /// Of every setting, what a stranger may say at the most: a new setting needs a line here.
  enum Decision {
    /// It takes nothing from the user, whatever the value.
    case harmless
    case personal
    /// A model's name, which is neither a directory nor an endpoint's.
    case model
    /// Inside the project.
    case place
    /// No number above this.
    case atMost(Int)
  }

  static let decisions: [String: Decision] = [
    "max_file_bytes": .atMost(50_000_000), "include_hidden": .harmless, "include_vendored": .harmless,
    "obey_gitignore": .harmless, "file_limit": .harmless, "walk_time_limit_s": .harmless, "parallel": .harmless,
    "threads": .atMost(64), "max_memory_mb": .atMost(1024), "memory_mapping_threshold_mb": .atMost(64),
    "commit_interval_s": .harmless, "index_dir": .place, "caching": .harmless, "embedding_cache_mb": .personal,
    "embedding_cache_days": .personal, "embedding_model": .model, "embedding_dimensions": .atMost(8192),
    "device": .harmless, "precision": .harmless, "batch_size": .atMost(256), "model_dir": .personal, "hub": .personal,
    "local_first": .harmless, "rerank_model": .model, "rerank_count": .atMost(200), "embedding_endpoint": .personal,
    "embedding_key_variable": .personal, "requests_per_minute": .personal, "request_timeout_s": .personal,
    "llm_endpoint": .personal, "llm_key_variable": .personal, "code_llm_model": .personal,
    "include_generated": .harmless, "general_llm_model": .personal, "include_secrets": .personal,
    "follow_links": .personal,
    "trusted_directories": .personal, "nice": .personal, "on_battery": .personal, "limit": .harmless,
    "history_limit": .harmless, "index_patterns": .harmless,
    "context": .harmless, "color": .harmless, "store": .personal, "collection": .personal, "qdrant_url": .personal,
    "qdrant_key_variable": .personal, "qdrant_template": .personal, "qdrant_quantisation": .personal,
    "savings": .personal,
  ]

  @Test func `there is a decision on every setting`() {
    let undecided = Setting.all.map(\.key).filter { Self.decisions[$0] == nil }
    #expect(undecided.isEmpty, "say what a stranger's cairn.toml may do with \(undecided)")
  }

  /// Values that a stranger might hope for, for every setting, as TOML.
  static let hostileValues = [
    "\"endpoint:x\"", "\" endpoint:x\"", "\"ENDPOINT:x\"", "\"http://evil.example/v1\"", "\"/etc\"", "\"../x\"",
    "\"~/x\"",
    "\"$HOME\"", "\"100%\"", "\"26%\"", "1000000", "65536", "1024", "10000", "9223372036854775807", "-1", "0", "true",
    "false",
    "[1]", "[]", "[\"builtin\"]", "{}", "{a = 1}", "1.5", "inf", "nan", "1979-05-27", "07:32:00", "\"\"", "\"a\\nb\"",
    "\"a\\u0000b\"",
    "\"\\u001b[31m\"",
  ]

  @Test(arguments: Setting.all) func `no hostile value gets past the decision`(_ setting: Setting) throws {
    let decision = try #require(Self.decisions[setting.key])
    for text in Self.hostileValues {
      try project.write("cairn.toml", "\(setting.key) = \(text)")
      let value: Setting.Value
      do throws(Failure) {
        let entry = try load()[setting]
        guard case .file = entry.origin else {
          Issue.record("\(setting.key) = \(text) was ignored without a word")
          continue
        }
        value = entry.value
      } catch {
        #expect(error.code == .invalidConfiguration && error.path != nil, "\(setting.key) = \(text): \(error)")
        continue
      }
      let isType = !["[", "{", "1.5", "inf", "nan", "1979", "07:"].contains { text.hasPrefix($0) }
      #expect(isType, "\(setting.key) = \(text) is of no type that a setting has")
      switch (decision, value) {
      case (.personal, _): Issue.record("\(setting.key) = \(text) was taken from a project")
      case (.model, .text(let name)):
        #expect(!name.lowercased().contains("endpoint:") && !name.hasPrefix("/") && !name.hasPrefix("."))
      case (.place, .path(let path)):
        let isInside = path.bytes.starts(with: project.root.bytes) || path.bytes.isEmpty
        #expect(isInside && !path.description.contains(".."), "\(path)")
      case (.atMost(let most), .integer(let number)): #expect(number <= most, "\(setting.key) = \(text)")
      case (.atMost, .text(let share)): #expect(share.hasSuffix("%") && (Int(share.dropLast()) ?? 100) <= 25)
      case (.harmless, _): break
      default: Issue.record("\(setting.key) = \(text) came out as \(value)")
      }
    }
  }

  @Test func `the user's own file may say what a project's may not`() throws {
    try home.write(
      ".config/cairn/config.toml", "embedding_model = \"endpoint:x\"\nmax_memory_mb = 2000\nthreads = 100\n")
    let values = try load()
    #expect(values.text(.embeddingModel) == "endpoint:x" && values.integer(.maximumMemoryMegabytes) == 2000)
  }

  @Test func `a pipe, a directory, a device and a huge file are refused at once`() throws {
    let file = project.root.appending("cairn.toml")
    _ = unsafe mkfifo(file.description, 0o600)
    #expect(mistake()?.message.contains("not a regular file") == true)
    try project.remove("cairn.toml")
    try project.write("cairn.toml/x", "")
    #expect(mistake()?.message.contains("not a regular file") == true)
    removeTree(file)
    // 1 GB, of which none is written.
    try project.write("cairn.toml", "")
    #expect(unsafe truncate(file.description, 1 << 30) == 0)
    #expect(mistake()?.code == Failure.Code(rawValue: "too-large"))
  }

  @Test(arguments: ["/dev/zero", "/etc/passwd", "missing"])
  func `a link that leads out of the project is not followed`(_ target: String) throws {
    makeLink(project.root.appending("cairn.toml"), to: FilePath(target))
    #expect(mistake()?.message.contains("leads out of the project") == true)
  }

  @Test func `a link inside the project is followed`() throws {
    try project.write("settings/cairn.toml", "limit = 7")
    makeLink(project.root.appending("cairn.toml"), to: "settings/cairn.toml")
    #expect(try load().integer(.limit) == 7)
  }
}
