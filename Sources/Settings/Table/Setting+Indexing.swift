import Primitives

// The settings of the topics files, indexing and caches.

extension Setting {
  package static let maximumFileByteCount = Setting(
    "max_file_bytes", .integer(1...1 << 40), default: .integer(5_000_000), .files,
    "Files with more bytes are skipped.")
  package static let includesHidden = Setting(
    "include_hidden", .boolean, default: .boolean(false), .files,
    "Whether hidden files that git does not track are indexed.")
  package static let includesVendored = Setting(
    "include_vendored", .boolean, default: .boolean(false), .files,
    "Whether directories of other people's code (node_modules and its kin) are indexed.")
  package static let includesGenerated = Setting(
    "include_generated", .boolean, default: .boolean(false), .files,
    "Whether minified code, and generated files and data of more than half a megabyte, are indexed too.")
  package static let includesSecrets = Setting(
    "include_secrets", .boolean, default: .boolean(false), .files, isPersonal: true,
    "Whether files that hold keys or tokens, by name or content, are indexed and may be sent to an endpoint.")
  package static let obeysGitIgnore = Setting(
    "obey_gitignore", .boolean, default: .boolean(true), .files,
    "Whether git's ignore rules hold. Those in .cairnignore always do.")
  package static let followsLinks = Setting(
    "follow_links", .boolean, default: .boolean(false), .files, isPersonal: true,
    "Whether symbolic links to files and directories outside the tree are followed and what is there is indexed.")
  package static let fileLimit = Setting(
    "file_limit", .integer(0...1 << 40), default: .integer(0), .files,
    "The walk ends after so many source files and the report says so; 0 is no limit.")
  package static let walkTimeLimitSeconds = Setting(
    "walk_time_limit_s", .integer(0...86_400), default: .integer(0), .files, flag: "walk-time-limit",
    "The walk ends after so many seconds and the report says so; 0 is no limit.")

  static let files = [
    maximumFileByteCount, includesHidden, includesVendored, includesGenerated, includesSecrets, obeysGitIgnore,
    followsLinks, fileLimit,
    walkTimeLimitSeconds,
  ]

  package static let isParallel = Setting(
    "parallel", .boolean, default: .boolean(true), .indexing,
    "Whether several threads work; without it one does, whatever `threads` says.")
  package static let threadCount = Setting(
    "threads", .integer(0...1024), default: .integer(0), .indexing,
    "Threads for indexing; 0 is derived: one for each core.")
  package static let givesWay = Setting(
    "nice", .boolean, default: .boolean(false), .indexing, isPersonal: true,
    "Whether runs give way to whatever else wants the cores and the disk; where it is not set, those of a watcher do.")
  package static let batteryUse = Setting(
    "on_battery", .choice(BatteryUse.allCases.map(\.rawValue)), default: .text(BatteryUse.reduce.rawValue), .indexing,
    isPersonal: true,
    "What a watcher does on battery: reduce its work to one thread, the same as ever, or pause until a search asks.")
  package static let maximumMemoryMegabytes = Setting(
    "max_memory_mb", .megabytesOrShare(0...1 << 20), default: .integer(0), .indexing,
    "Memory that indexing may hold, in MiB or as a share of the machine; 0 is derived: a quarter of it, at most 256.")
  package static let memoryMappingThresholdMegabytes = Setting(
    "memory_mapping_threshold_mb", .integer(0...1 << 20), default: .integer(0), .indexing,
    "Segments with more MiB are mapped into memory, smaller ones read whole; 0 maps all, which is faster.")
  package static let commitIntervalSeconds = Setting(
    "commit_interval_s", .integer(0...86_400), default: .integer(0), .indexing, flag: "commit-interval",
    "A run commits at least so often, in seconds, so that it can be searched; 0 commits by size alone.")
  package static let indexDirectory = Setting(
    "index_dir", .path, default: .path(""), .indexing,
    "Where the index lives; empty is .cairn at the root, \"cache\" is the user's cache directory.")
  package static let trustedDirectories = Setting(
    "trusted_directories", .directories, default: .text(""), .indexing, placeholder: "PATHS", isPersonal: true,
    "Roots whose index is read although it belongs to another user: absolute paths with \":\" between them.")

  package static let indexesPatterns = Setting(
    "index_patterns", .boolean, default: .boolean(true), .indexing,
    "Whether the index has what lets a pattern search leave out files; without it such a search reads all of them.")
  package static let historyLimit = Setting(
    "history_limit", .integer(0...1 << 30), default: .integer(20_000), .indexing,
    "How many commits back the history is indexed, the newest first; 0 is all of them.")

  static let indexing = [
    isParallel, threadCount, givesWay, batteryUse, maximumMemoryMegabytes, memoryMappingThresholdMegabytes,
    commitIntervalSeconds, indexDirectory, trustedDirectories, indexesPatterns,
    historyLimit,
  ]

  package static let isCaching = Setting(
    "caching", .boolean, default: .boolean(true), .caches,
    "Whether embeddings are kept by content across runs, branches and repositories.")
  package static let embeddingCacheMegabytes = Setting(
    "embedding_cache_mb", .integer(0...1 << 20), default: .integer(0), .caches, isPersonal: true,
    "The most disk that kept embeddings take, in MiB; the least recently used go first. 0 is derived from the corpus.")
  package static let embeddingCacheDays = Setting(
    "embedding_cache_days", .integer(0...36_500), default: .integer(90), .caches, isPersonal: true,
    "Embeddings that were not used for so many days go; 0 is never.")

  static let caches = [isCaching, embeddingCacheMegabytes, embeddingCacheDays]
}

/// What a watcher does while the machine runs on its battery: the values of `on_battery`.
package enum BatteryUse: String, CaseIterable, Sendable {
  /// One thread works at a time.
  case reduce
  /// As ever.
  case same
  /// Changes are gathered and taken in when a search asks, or when there is power again.
  case pause
}
