import Settings

// The keys of semindex 0.4 (TOML) and LeIndex 1.1 to 2.0 (YAML), from their sample configurations and references. More
// particular patterns come before more general ones. A key that sets something is known by all of its names: what has
// the same last name elsewhere (`pattern_trie.cache_size`) means something else.

extension ForeignRule {
  static let all: [ForeignRule] =
    foreignSecrets + secrets + threads + memory + models + endpoints + caches + files + storage + rest

  /// Of servers that nothing here speaks to.
  private static let foreignSecrets: [ForeignRule] = [
    "elasticsearch_api_key", "elasticsearch_api_key_id", "elasticsearch_password", "postgresql_password",
    "encryption_key",
  ].map { ForeignRule($0, .secret("no such server is used here, so it has no use")) }

  private static let secrets: [ForeignRule] = [
    "api_key", "password", "token",
  ].map {
    ForeignRule(
      $0,
      .secret(
        "secrets never stand in Cairn's files: put it into an environment variable, and that variable's name into "
          + "embedding_key_variable or llm_key_variable"))
  }

  private static let threads: [ForeignRule] = [
    ForeignRule("parallel_scanner.max_workers", in: ["performance"], .convert(.threadCount, oneQuota)).ifNothingElse,
    ForeignRule("parallel_processor.max_workers", in: ["performance"], .convert(.threadCount, oneQuota)).ifNothingElse,
    ForeignRule(
      "worker_count", in: ["", "performance", "async_processing", "performance.async_processing"],
      .convert(.threadCount, oneQuota)
    ).ifNothingElse,
    ForeignRule("parallel_workers", .take(.threadCount)),
    ForeignRule("workers", in: ["performance"], .take(.threadCount)),
    ForeignRule("parsing.parallel_parsers", notNeeded: "one quota of threads, `threads`, serves all stages"),
    ForeignRule("max_workers", .take(.threadCount)),
    ForeignRule("enable_parallel_processing", .take(.isParallel)),
    ForeignRule("parallel_processing", .take(.isParallel)),
    ForeignRule("parallel_scanner.enabled", in: ["performance"], .take(.isParallel)),
    ForeignRule("parallel_processor.enabled", in: ["performance"], .take(.isParallel)),
    ForeignRule("parallel_scanner.timeout_seconds", in: ["performance"], .convert(.walkTimeLimitSeconds, whole)),
    ForeignRule("parallel_scanner.timeout", in: ["performance"], .convert(.walkTimeLimitSeconds, whole)),
    ForeignRule("indexing.batch_size", notNeeded: "files stream through the stages one by one"),
    ForeignRule("parsing.batch_size", notNeeded: "files stream through the stages one by one"),
    ForeignRule("parallel_processor.batch_size", notNeeded: "files stream through the stages one by one"),
  ]

  private static let memory: [ForeignRule] = [
    ForeignRule("max_memory_mb", in: ["", "performance", "memory"], .convert(.maximumMemoryMegabytes, megabytes)),
    ForeignRule("memory_limit_mb", in: ["performance"], .convert(.maximumMemoryMegabytes, megabytes)),
    ForeignRule("total_budget_mb", in: ["memory"], .convert(.maximumMemoryMegabytes, megabytes)),
    ForeignRule("budget_mb", in: ["memory"], .convert(.maximumMemoryMegabytes, megabytes)),
    ForeignRule("hard_limit_mb", in: ["memory", "memory_caps"], .convert(.maximumMemoryMegabytes, megabytes)),
    ForeignRule("soft_limit_mb", notNeeded: "there is one limit, max_memory_mb, and it holds"),
    ForeignRule("soft_limit_percent", notNeeded: "there is one limit, max_memory_mb, and it holds"),
    ForeignRule("hard_limit_percent", notNeeded: "there is one limit, max_memory_mb, and it holds"),
    ForeignRule("emergency_percent", notNeeded: "there is one limit, max_memory_mb, and it holds"),
    ForeignRule("gc_threshold_mb", notNeeded: "there is no garbage collector"),
    ForeignRule("spill_threshold_mb", notNeeded: "what does not fit is written out as a segment, always"),
    ForeignRule("spill.*", notNeeded: "what does not fit is written out as a segment, always"),
    ForeignRule("max_loaded_files", notNeeded: "files are not kept in memory"),
    ForeignRule("max_cached_queries", notNeeded: "an answer takes milliseconds, so answers are not kept"),
    ForeignRule("memory_mapping_threshold_mb", .convert(.memoryMappingThresholdMegabytes, mappingThreshold)),
    ForeignRule("memory.monitoring.*", notNeeded: "the profile of a run shows its peak"),
    ForeignRule("memory.priority", notNeeded: "each project is indexed by itself"),
    ForeignRule("memory.project_defaults.*", notNeeded: "each project is indexed by itself"),
    ForeignRule("memory.*", notNeeded: "memory is bounded by max_memory_mb; the profile of a run shows its peak"),
  ]

  private static let models: [ForeignRule] = [
    ForeignRule("embeddings.batch_size", .convert(.batchSize, whole)),
    ForeignRule("embeddings.enable_gpu", .convert(.device, gpu)),
    ForeignRule("enable_gpu", in: ["performance"], .convert(.device, gpu)),
    ForeignRule("embeddings.model", in: ["", "performance"], .take(.embeddingModel)),
    ForeignRule(
      "embedding.*", notNeeded: "models behind an endpoint are named so: embedding_endpoint, and endpoint:NAME as model"
    ),
    ForeignRule("neural.model_dir", notNeeded: "an exported model is made known by its directory"),
    ForeignRule("neural.execution_provider", in: [""], .convert(.device, provider)),
    ForeignRule(
      "neural.ort_dylib_path", notNeeded: "CAIRN_ONNXRUNTIME names the library where it is not found by itself"),
    ForeignRule("neural.*", notNeeded: "the list of models shows them, embedding_model chooses one"),
    ForeignRule("embeddings.device", .convert(.device, device)),
    ForeignRule("embeddings.fp16", .convert(.precision, halfPrecision)),
    ForeignRule("async_processing.batch_size", notNeeded: "files stream through the stages one by one"),
    ForeignRule("performance.batch_size", in: [""], .convert(.batchSize, whole)),
    ForeignRule("embedding_model", in: ["", "models", "vector_store"], .take(.embeddingModel)),
    ForeignRule("embedding_dim", notNeeded: "a model knows its own; embedding_dimensions is there to cut them"),
    ForeignRule("code_llm_model", in: ["", "models"], .take(.codeLLMModel)),
    ForeignRule("general_llm_model", in: ["", "models"], .take(.generalLLMModel)),
    ForeignRule("similarity_measure", notNeeded: "vectors are compared by their cosine"),
    ForeignRule("keep_alive", notNeeded: "a model is loaded once and kept as long as the program runs"),
  ]

  private static let endpoints: [ForeignRule] = [
    ForeignRule("ollama.api_url", in: ["", "models"], .convert(.llmEndpoint, versioned)),
    ForeignRule("lemonade.api_url", in: ["", "models"], .convert(.llmEndpoint, endpoint)),
    ForeignRule("lm_studio.api_url", in: ["", "models"], .convert(.llmEndpoint, versioned)),
    ForeignRule(
      "api_url", in: ["openai", "models.openai", "custom_openai", "models.custom_openai"],
      .convert(.llmEndpoint, endpoint)),
    ForeignRule("custom_openai.model_name", in: ["", "models"], .take(.generalLLMModel)),
    ForeignRule("api_endpoints.*", notNeeded: "Cairn does not search the web"),
    ForeignRule("retry.*", notNeeded: "requests that fail are repeated with back-off, as the server asks"),
  ]

  private static let caches: [ForeignRule] = [
    ForeignRule("enable_caching", .take(.isCaching)),
    ForeignRule("global_index.tier2.*", notNeeded: "an answer takes milliseconds, so answers are not kept"),
    ForeignRule("enhancements.cache.*", notNeeded: "an answer takes milliseconds, so answers are not kept"),
    ForeignRule("cache_size", .convert(.embeddingCacheMegabytes, embeddingCount)),
    ForeignRule(
      "file_stat_cache.*", notNeeded: "one pass compares the walk with the catalog, which needs no copy of it"),
    ForeignRule(
      "cache_directory_scans", notNeeded: "one pass compares the walk with the catalog, which needs no copy of it"),
    ForeignRule("cache.enabled", notNeeded: "one pass compares the walk with the catalog, which needs no copy of it"),
    ForeignRule("pattern_trie.*", notNeeded: "ignore rules are compiled once for each directory, always"),
  ]

  private static let files: [ForeignRule] = [
    ForeignRule(
      "max_file_size", in: ["", "size_limits", "file_filtering", "performance", "indexing"],
      .convert(.maximumFileByteCount, whole)),
    ForeignRule(
      "max_file_size_mb", in: ["", "size_limits", "file_filtering", "performance"],
      .convert(.maximumFileByteCount, megabytesAsBytes)),
    ForeignRule("type_specific_limits.*", notNeeded: "one limit, max_file_bytes, holds for every type"),
    ForeignRule("ignore_patterns", in: ["", "directory_filtering", "file_filtering"], .patterns),
    ForeignRule("exclude_patterns", in: ["", "directory_filtering", "file_filtering", "indexing"], .patterns),
    ForeignRule("ignore", in: [""], .patterns),
    ForeignRule("path_patterns", in: ["exclusions"], .patterns),
    ForeignRule("file_patterns", in: ["exclusions"], .patterns),
    ForeignRule("directory_patterns", in: ["exclusions"], .patterns),
    ForeignRule("skip_large_directories", in: ["", "directory_filtering"], .patterns),
    ForeignRule("max_files_per_directory", notNeeded: "a directory may be as large as it is; file_limit ends a walk"),
    ForeignRule(
      "max_subdirectories_per_directory", notNeeded: "a directory may be as large as it is; file_limit ends a walk"),
    ForeignRule("explicit_inclusions.*", notNeeded: "a line with ! in .cairnignore takes a file back in"),
    ForeignRule("extensions.*", notNeeded: "every text file is indexed; path: and ext: narrow a search"),
    ForeignRule("max_files", in: ["", "size_limits", "directory_filtering", "indexing"], .convert(.fileLimit, whole)),
    ForeignRule("preferred_search_tool", notNeeded: "Cairn searches by itself"),
  ]

  private static let storage: [ForeignRule] = [
    ForeignRule("dal_settings.*", notNeeded: "the index is segments and a catalog in SQLite; index_dir says where"),
    ForeignRule(
      "vector_store.index_path", notNeeded: "the index is in .cairn at the root; index_dir names another place"),
    ForeignRule("incremental_updates", notNeeded: "only what changed is indexed again, always"),
    ForeignRule("deduplication.*", notNeeded: "an embedding is made once for each text while caching is on"),
    ForeignRule("vector_store.*", notNeeded: "vectors are scanned exactly; there is no graph to tune"),
    ForeignRule("max_task_retries", notNeeded: "a file that could not be read is told of, and the next run reads it"),
    ForeignRule("rabbitmq_settings.*", notNeeded: "queues between the stages are inside the program"),
    ForeignRule("async_processing.*", notNeeded: "queues between the stages are bounded by max_memory_mb"),
    ForeignRule("global_registry.*", notNeeded: "each project has an index of its own"),
    ForeignRule("global.*", notNeeded: "each project has an index of its own, and there is no log"),
    ForeignRule("global_index.*", notNeeded: "each project has an index of its own"),
  ]

  private static let rest: [ForeignRule] = [
    ForeignRule("performance_monitoring.*", notNeeded: "the profile and the trace of a run show it"),
    ForeignRule("log_filtering_decisions", notNeeded: "the report of every run counts what was left out, by reason"),
    ForeignRule("logging.*", notNeeded: "Cairn keeps no log; errors and notes go to standard error"),
    ForeignRule("security.*", notNeeded: "what a project's file may not set is listed in Docs/CONFIGURATION.md"),
    ForeignRule(
      "search.*",
      notNeeded: "the ranking is measured and has no weights to set; limit says how many results there are"),
    ForeignRule("chunking.*", notNeeded: "files are cut along their syntax"),
    ForeignRule("watch.*", notNeeded: "every search brings the index up to date by itself"),
    ForeignRule("store.*", notNeeded: "the index is segments and a catalog in SQLite; index_dir says where"),
    ForeignRule(
      "embedder.*",
      notNeeded: "the built-in model needs no server; embedding_endpoint and endpoint:NAME as model name one"),
    ForeignRule("external_gitignore", notNeeded: "git's own settings, core.excludesFile among them, are obeyed"),
    ForeignRule("file_watcher.*", notNeeded: "every search brings the index up to date by itself"),
    ForeignRule("mcp.*", notNeeded: "no server runs; each command opens the index by itself"),
    ForeignRule("server.*", notNeeded: "no server runs; each command opens the index by itself"),
    ForeignRule("analysis.*", notNeeded: "there is no analysis besides the index"),
    ForeignRule("phase.*", notNeeded: "there is no analysis besides the index"),
    ForeignRule("version", notNeeded: "it is the version of the file's format"),
    ForeignRule("project_id", notNeeded: "a project is its root directory"),
    ForeignRule("batch_size", in: [""], .take(.batchSize)),
  ]
}

extension ForeignRule {
  // MARK: What is made of values

  private static let whole: @Sendable (ForeignValue) -> Conversion? = { value in
    value.integer.flatMap { $0 >= 0 ? Conversion(.integer($0), how: nil) : nil }
  }

  private static let oneQuota: @Sendable (ForeignValue) -> Conversion? = { value in
    guard let count = value.integer, (0...1024).contains(count) else { return nil }
    return Conversion(.integer(count), how: "one quota of threads serves all stages")
  }

  private static let megabytes: @Sendable (ForeignValue) -> Conversion? = { value in
    guard let count = value.number, count >= 1, count <= Double(1 << 20) else { return nil }
    return Conversion(.integer(Int(count)), how: nil)
  }

  private static let mappingThreshold: @Sendable (ForeignValue) -> Conversion? = { value in
    guard let count = value.integer, (0...1 << 20).contains(count) else { return nil }
    return count == 100
      ? Conversion(notNeeded: "it is semindex's own default, and mapping was faster at every size measured")
      : Conversion(.integer(count), how: nil)
  }

  private static let megabytesAsBytes: @Sendable (ForeignValue) -> Conversion? = { value in
    guard let count = value.number, count > 0, count <= Double(1 << 20) else { return nil }
    return Conversion(.integer(Int(count * 1_048_576)), how: "in bytes")
  }

  private static let gpu: @Sendable (ForeignValue) -> Conversion? = { value in
    value.boolean.map { $0 ? Conversion(.text("auto"), how: nil) : Conversion(.text("cpu"), how: "no GPU is the CPU") }
  }

  private static let device: @Sendable (ForeignValue) -> Conversion? = { value in
    switch value.text?.lowercased() {
    case "mps": Conversion(.text("coreml"), how: "Apple's devices are reached through CoreML")
    case let name?: Conversion(Setting.device.value(parsing: Array(name.utf8)))
    case nil: nil
    }
  }

  /// What ONNX Runtime calls the devices.
  private static let provider: @Sendable (ForeignValue) -> Conversion? = { value in
    switch value.text?.lowercased() {
    case "migraphx": Conversion(.text("rocm"), how: "AMD's devices are reached through ROCm")
    case let name?: Conversion(Setting.device.value(parsing: Array(name.utf8)))
    case nil: nil
    }
  }

  private static let halfPrecision: @Sendable (ForeignValue) -> Conversion? = { value in
    value.boolean.map {
      $0
        ? Conversion(notNeeded: "auto takes half precision where the device is faster with it")
        : Conversion(.text("fp32"), how: "no half precision is fp32")
    }
  }

  /// semindex counts embeddings of 384 numbers of 4 bytes.
  private static let embeddingCount: @Sendable (ForeignValue) -> Conversion? = { value in
    guard let count = value.integer, count >= 0, count < 1 << 40 else { return nil }
    let megabytes = (count * 384 * 4 + (1 << 20) - 1) >> 20
    guard megabytes <= 1 << 20 else { return nil }
    return Conversion(.integer(megabytes), how: "\(count) embeddings of 384 numbers are \(megabytes) MB")
  }

  private static let endpoint: @Sendable (ForeignValue) -> Conversion? = { value in
    guard let text = value.text, text.hasPrefix("http://") || text.hasPrefix("https://"),
      let url = Setting.llmEndpoint.value(parsing: Array(text.utf8))
    else { return nil }
    return Conversion(url, how: "for your own file: a project's file cannot say where text is sent")
  }

  /// The OpenAI-compatible side of these servers is under `/v1`.
  private static let versioned: @Sendable (ForeignValue) -> Conversion? = { value in
    guard let text = value.text else { return nil }
    let base = text.hasSuffix("/") ? String(text.dropLast()) : text
    let full = base.hasSuffix("/v1") ? base : base + "/v1"
    return endpoint(ForeignValue(key: value.key, texts: [full], line: value.line))
  }
}
