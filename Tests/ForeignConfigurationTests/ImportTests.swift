import Disk
import ForeignConfiguration
import Primitives
import Settings
import TestSupport
import Testing

@Suite struct ImportTests {
  let tree: TemporaryTree
  init() throws { tree = try TemporaryTree() }

  func imported(_ text: String, _ name: String = "config.yaml") throws -> ConfigurationImport {
    try tree.write(FilePath(name), text)
    return try ConfigurationImport(of: path(name))
  }
  func path(_ name: String) -> FilePath { tree.root.appending(FilePath(name)) }
  func mistake(_ bytes: [UInt8], _ name: String = "config.yaml") throws -> Failure? {
    try tree.write(FilePath(name), bytes)
    return failure { () throws(Failure) in try ConfigurationImport(of: path(name)) }
  }
  func outcome(_ imported: ConfigurationImport, _ key: String) -> ConfigurationImport.Outcome? {
    imported.entries.first { $0.key == key }?.outcome
  }

  /// Every key that semindex 0.4 has, as its reference writes them.
  static let semindex = """
    [PERFORMANCE]
    MAX_WORKERS = 8
    BATCH_SIZE = 0
    CACHE_SIZE = 20000
    MAX_MEMORY_MB = 4096
    ENABLE_CACHING = true
    ENABLE_PARALLEL_PROCESSING = false
    MEMORY_MAPPING_THRESHOLD_MB = 200

    [MODELS]
    EMBEDDING_MODEL = "BAAI/bge-small-en-v1.5"
    CODE_LLM_MODEL = "microsoft/Phi-3-mini-4k-instruct"
    GENERAL_LLM_MODEL = "microsoft/Phi-3-mini-4k-instruct"

    [MODELS.OPENAI]
    API_KEY = "sk-very-secret"

    [MODELS.OLLAMA]
    API_URL = "http://localhost:11434"
    """

  @Test func `every key of semindex comes to something, and the rest is said to be unknown`() throws {
    let result = try imported(Self.semindex + "\n[OTHER]\nFLUX_CAPACITOR = 1\n", "config.toml")
    #expect(result.values[.threadCount] == .integer(8))
    #expect(outcome(result, "PERFORMANCE.BATCH_SIZE") == .alreadyDefault(.batchSize))
    #expect(result.personalValues[.embeddingCacheMegabytes] == .integer(30))
    #expect(result.personalValues[.maximumMemoryMegabytes] == .integer(4096), "more than a project may ask for")
    #expect(outcome(result, "PERFORMANCE.ENABLE_CACHING") == .alreadyDefault(.isCaching))
    #expect(result.values[.isParallel] == .boolean(false))
    #expect(result.personalValues[.memoryMappingThresholdMegabytes] == .integer(200))
    #expect(result.values[.embeddingModel] == .text("BAAI/bge-small-en-v1.5"))
    #expect(result.personalValues[.codeLLMModel] == .text("microsoft/Phi-3-mini-4k-instruct"))
    #expect(outcome(result, "OTHER.FLUX_CAPACITOR") == .unknown)
    #expect(result.entries.map(\.line) == result.entries.map(\.line).sorted())
    #expect(result.entries.count == 13)
  }

  @Test(arguments: ["max_workers = 3", "[Performance]\nMax_Workers = 3", "[performance]\nMAX_WORKERS = 3"])
  func `keys are known whatever their case`(_ text: String) throws {
    #expect(try imported(text, "config.toml").values == [.threadCount: .integer(3)])
  }

  @Test(arguments: [
    "pattern_trie.cache_size", "a.b.c.max_workers", "vector_store.cache_size", "search.max_files", "ui.batch_size",
    "server.api_url", "cache.max_memory_mb", "other.parallel_scanner.timeout", "reports.ignore_patterns",
    "speech.embedding_model", "uploads.max_file_size", "audio.device.embeddings.device",
  ])
  func `a key with the last name of another sets nothing`(_ key: String) throws {
    for value in ["5000", "\"cpu\"", "[\"a\"]", "\"http://localhost:1\""] {
      let result = try imported("\(key) = \(value)\n", "config.toml")
      #expect(result.values.isEmpty && result.personalValues.isEmpty && result.ignorePatterns.isEmpty, "\(key)")
      let outcome = try #require(result.entries.first?.outcome)
      switch outcome {
      case .unknown, .notNeeded: break
      default: Issue.record("\(key): \(outcome)")
      }
    }
  }

  @Test func `a time limit of the scanner is known by both of its names`() throws {
    for name in ["timeout", "timeout_seconds"] {
      let result = try imported("performance:\n  parallel_scanner:\n    \(name): 120\n")
      #expect(result.values == [.walkTimeLimitSeconds: .integer(120)], "\(name)")
    }
  }

  @Test func `a secret is neither taken nor shown, and where text is sent is for the user's own file`() throws {
    let result = try imported(Self.semindex, "config.toml")
    let key = try #require(result.entries.first { $0.key == "MODELS.OPENAI.API_KEY" })
    #expect(key.value == "(hidden)")
    guard case .secret = key.outcome else { return #expect(Bool(false), "\(key.outcome)") }
    #expect(result.personalValues[.llmEndpoint] == .text("http://localhost:11434/v1"))
    #expect(!result.toml.contains("llm_endpoint") && !result.toml.contains("secret"))
  }

  /// A part of the sample configuration of LeIndex 1.1, and its reference of 2.0.
  static let leindex = """
    # comment
    memory:
      total_budget_mb: 3072  # 3 GB
      soft_limit_percent: 0.80
    performance:
      parallel_scanner:
        enabled: true
        max_workers: 4
        timeout_seconds: 300
      parallel_processor:
        max_workers: 6
        batch_size: 100
      embeddings:
        batch_size: 32
        device: "mps"
        fp16: true
      file_stat_cache:
        max_size: 10000
        ttl_seconds: 300
    vector_store:
      embedding_model: "${LEANN_MODEL:-nomic-ai/CodeRankEmbed}"
      embedding_dim: 768
    size_limits:
      max_file_size: 1073741824
    memory_caps:
      hard_limit_mb: 16384.0
    directory_filtering:
      skip_large_directories: ["**/node_modules/**", '**/tmp/**']
    explicit_inclusions:
      files: []
    performance_monitoring:
      custom_counters:
        - name: "files_skipped_total"
          labels:
            reason: "size_limit"
    security:
      encryption_key: null
      allowed_users: []
    """

  @Test func `every key of LeIndex comes to something`() throws {
    let result = try imported(Self.leindex)
    for entry in result.entries { #expect(entry.outcome != .unknown, "\(entry.key)") }
    #expect(result.personalValues[.maximumMemoryMegabytes] == .integer(3072))
    #expect(result.values[.threadCount] == .integer(4))
    #expect(
      outcome(result, "performance.parallel_processor.max_workers")
        == .covered(.threadCount, by: "performance.parallel_scanner.max_workers"))
    #expect(
      outcome(result, "memory_caps.hard_limit_mb") == .covered(.maximumMemoryMegabytes, by: "memory.total_budget_mb"))
    #expect(result.values[.walkTimeLimitSeconds] == .integer(300))
    #expect(result.values[.batchSize] == .integer(32))
    #expect(result.values[.device] == .text("coreml"))
    #expect(result.values[.embeddingModel] == .text("nomic-ai/CodeRankEmbed"))
    #expect(result.personalValues[.maximumFileByteCount] == .integer(1_073_741_824))
    #expect(result.ignorePatterns == ["**/node_modules/**", "**/tmp/**"])
    guard case .notNeeded = outcome(result, "performance.file_stat_cache.ttl_seconds") else {
      return #expect(Bool(false), "a key without a counterpart says why")
    }
  }

  @Test func `what comes out is a configuration that holds`() throws {
    let project = try TemporaryTree()
    for result in [try imported(Self.leindex), try imported(Self.semindex, "config.toml")] {
      try project.write("cairn.toml", result.toml)
      let configuration = try SettingValues.load(
        root: project.root, environment: EnvironmentVariables(["HOME": project.root.description]))
      for (setting, value) in result.values { #expect(configuration[setting].value == value, "\(setting.key)") }
    }
  }

  @Test func `a value that makes no sense is said to be invalid`() throws {
    let result = try imported("MAX_WORKERS = -4\nMAX_MEMORY_MB = \"much\"\nEMBEDDING_MODEL = \"\"\n", "config.toml")
    for key in ["MAX_WORKERS", "MAX_MEMORY_MB"] {
      guard case .invalid = outcome(result, key) else { return #expect(Bool(false), "\(key)") }
    }
    #expect(result.values.isEmpty)
  }

  @Test(arguments: [
    ("a: &x 1\nb: *x\n", "line 2: aliases"),
    (String(repeating: "[", count: 5000), "line 1"),
    ("a:\n" + (1...40).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), "nested more than 32"),
    ("a: 1\n---\nb: 2\n", "a second document"),
    ("- 1\n- 2\n", "a list of values"),
    ("just words", "no list of settings"),
    ("a: \"open\n", "this is not valid YAML"),
    ("? [x]\n: 1\n", "a name must be a word"),
    ("a: b: c\n", "line 1"),
    (String(repeating: "k", count: 300) + ": 1\n", "a name is too long"),
    ("\ta: 1", "line 1"),
  ])
  func `hostile YAML is an error with its line`(_ text: String, _ message: String) throws {
    let error = try #require(try mistake(Array(text.utf8)))
    #expect(error.code == .invalidConfiguration, "\(error)")
    #expect(error.message.contains(message), "\(error)")
    #expect(error.path == path("config.yaml"))
  }

  @Test func `the bomb of nested aliases is an error, not a blast`() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for i in 1...20 {
      text += "a\(i): &a\(i) [" + Array(repeating: "*a\(i - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    #expect(try mistake(Array(text.utf8))?.message.contains("aliases") == true)
  }

  @Test func `bytes that are no text, huge files and too many values are errors`() throws {
    #expect(try mistake([0x61, 0x3A, 0x20, 0x0A, 0xFF, 0xFE, 0x00])?.message.hasPrefix("line 2") == true)
    #expect(try mistake(Array(repeating: 0x20, count: 300 << 10)) != nil)
    #expect(try mistake(Array(String(repeating: "a: 1\n", count: 20_000).utf8))?.message.contains("too many") == true)
    var random = SeededRandom(seed: 11)
    for _ in 0..<300 {
      let bytes = (0..<200).map { _ in
        Array("ab:- \n[]{}*&!|>'\"%@`#,?\t\u{FF}".utf8).randomElement(using: &random) ?? 0
      }
      _ = try mistake(bytes)
    }
  }

  @Test func `a file that is not there says so`() {
    #expect(throws: Failure.self) { try ConfigurationImport(of: path("none.yaml")) }
  }

  @Test func `a quota of all stages comes before that of one, wherever it stands`() throws {
    let text = """
      async_processing:
        worker_count: "${ASYNC_WORKER_COUNT:-4}"
      performance:
        parallel_scanner:
          max_workers: 6
        max_workers: 8
      """
    let result = try imported(text)
    #expect(result.values == [.threadCount: .integer(8)])
    for key in ["async_processing.worker_count", "performance.parallel_scanner.max_workers"] {
      #expect(outcome(result, key) == .covered(.threadCount, by: "performance.max_workers"))
    }
    #expect(result.entries.map(\.line) == [2, 5, 6])
    #expect(try imported("async_processing:\n  worker_count: 4\n").values == [.threadCount: .integer(4)])
  }

  @Test func `a mapping and a key of nothing are told of too`() throws {
    let result = try imported("dal_settings:\n  postgresql_ssl_args: {}\nother: {}\nsearch:\n  x: 1\n")
    #expect(result.entries.map(\.key) == ["dal_settings.postgresql_ssl_args", "other", "search.x"])
    #expect(result.entries.map(\.line) == [2, 3, 5])
    #expect(outcome(result, "other") == .notNeeded("it is empty"))
    let toml = try imported("[MODELS.LEMONADE]\nAPI_URL = \"\"\n[X]\nY = \"\"\n", "config.toml")
    for entry in toml.entries { #expect(entry.outcome == .notNeeded("it is empty"), "\(entry.key)") }
  }

  @Test func `a secret of a server that nothing here speaks to has no use, and is not shown`() throws {
    let result = try imported("dal_settings:\n  postgresql_password: hunter2\n  elasticsearch_api_key: abc\n")
    for entry in result.entries {
      #expect(entry.value == "(hidden)" && entry.outcome == .secret("no such server is used here, so it has no use"))
    }
  }

  @Test(arguments: [
    ("performance.workers", "8", Setting.threadCount, Setting.Value.integer(8)),
    ("performance.memory_limit_mb", "512", .maximumMemoryMegabytes, .integer(512)),
    ("performance.enable_gpu", "false", .device, .text("cpu")),
    ("indexing.max_files", "50000", .fileLimit, .integer(50_000)),
    ("indexing.max_file_size", "1000000", .maximumFileByteCount, .integer(1_000_000)),
    ("embeddings.model", "BAAI/bge-small-en-v1.5", .embeddingModel, .text("BAAI/bge-small-en-v1.5")),
    ("neural.execution_provider", "migraphx", .device, .text("rocm")),
    ("neural.execution_provider", "cuda", .device, .text("cuda")),
  ])
  func `keys of LeIndex's guides are taken by their meaning and unit`(
    key: String, value: String, setting: Setting, wanted: Setting.Value
  ) throws {
    let names = key.split(separator: ".")
    let result = try imported("\(names[0]):\n  \(names[1]): \(value)\n")
    #expect((result.values[setting] ?? result.personalValues[setting]) == wanted, "\(result.entries)")
  }

  @Test func `patterns are taken under each of their names, and the rest of the guides says why it is not`() throws {
    let text = """
      file_filtering:
        exclude_patterns: ["*.log"]
      indexing:
        exclude_patterns: ["**/gen/**"]
        batch_size: 200
      exclusions:
        path_patterns: ["a/**"]
        file_patterns: ["*.tmp"]
        directory_patterns: ["out"]
      search:
        semantic_threshold: 0.8
        max_results: 100
      file_watcher:
        enabled: true
      mcp:
        idle_timeout_secs: 1800
      parsing:
        parallel_parsers: 4
      embedding:
        provider: voyage
      rabbitmq_settings:
        rabbitmq_port: 5672
      """
    let result = try imported(text)
    #expect(result.ignorePatterns == ["*.log", "**/gen/**", "a/**", "*.tmp", "out"])
    #expect(result.values.isEmpty && result.personalValues.isEmpty)
    for entry in result.entries { #expect(entry.outcome != .unknown, "\(entry.key)") }
  }
}
