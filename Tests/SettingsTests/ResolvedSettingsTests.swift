import Disk
import Primitives
import Settings
import Testing

/// What each setting comes to: one table of written values, one of machines.
@Suite struct ResolvedSettingsTests {
  static let machine = Machine(coreCount: 6, memoryByteCount: 8 << 30)

  func resolved(
    _ written: [Setting: String], machine: Machine = Self.machine, corpus: CorpusSize? = nil
  ) throws -> ResolvedSettings {
    var values = SettingValues()
    for (setting, text) in written {
      values.set(setting, to: try #require(setting.value(parsing: Array(text.utf8))), from: .program)
    }
    return ResolvedSettings(values, machine: machine, corpus: corpus)
  }

  @Test func `what nobody has set has its default, in plain units`() throws {
    let settings = try resolved([:])
    #expect(settings.maximumFileByteCount == 5_000_000 && settings.obeysGitIgnore && !settings.includesHidden)
    #expect(settings.fileLimit == nil && settings.walkTimeLimit == nil && settings.commitInterval == nil)
    #expect(settings.threadCount == 6 && settings.memoryByteCount == 256 << 20)
    #expect(settings.memoryMappingThresholdByteCount == 0 && settings.embeddingCacheByteCount == 1 << 30)
    #expect(settings.embeddingCacheDays == 90 && settings.isCaching && settings.trustedDirectories.isEmpty)
    #expect(settings.embeddingModel == "builtin" && settings.rerankModel == nil && settings.modelDirectory == nil)
    #expect(settings.embeddingDimensions == nil && settings.batchSize == nil && settings.requestsPerMinute == nil)
    #expect(settings.requestTimeLimit == .seconds(60) && settings.limit == 10 && settings.contextLineCount == 3)
  }

  @Test func `what is set is in bytes, counts and durations`() throws {
    let settings = try resolved([
      .walkTimeLimitSeconds: "5", .commitIntervalSeconds: "30", .fileLimit: "7", .maximumMemoryMegabytes: "64",
      .memoryMappingThresholdMegabytes: "2", .embeddingCacheMegabytes: "3", .embeddingCacheDays: "0",
      .requestTimeoutSeconds: "9", .requestsPerMinute: "8", .contextLineCount: "all", .rerankModel: "x",
      .modelDirectory: "/m", .trustedDirectories: "/a:~/b", .batchSize: "4", .embeddingDimensions: "128",
    ])
    #expect(settings.walkTimeLimit == .seconds(5) && settings.commitInterval == .seconds(30) && settings.fileLimit == 7)
    #expect(settings.memoryByteCount == 64 << 20 && settings.memoryMappingThresholdByteCount == 2 << 20)
    #expect(settings.embeddingCacheByteCount == 3 << 20 && settings.embeddingCacheDays == nil)
    #expect(settings.requestTimeLimit == .seconds(9) && settings.requestsPerMinute == 8)
    #expect(settings.contextLineCount == nil && settings.rerankModel == "x" && settings.modelDirectory == "/m")
    #expect(settings.trustedDirectories == ["/a", "~/b"] && settings.batchSize == 4)
    #expect(settings.embeddingDimensions == 128)
  }

  /// What is written, on which machine, and what it comes to.
  struct Memory: Sendable {
    var written: String
    var megabytesOfMachine: Int
    var megabytes: Int
  }

  @Test(arguments: [
    Memory(written: "0", megabytesOfMachine: 8192, megabytes: 256),
    Memory(written: "0", megabytesOfMachine: 256, megabytes: 64),
    Memory(written: "0", megabytesOfMachine: 8, megabytes: 16),
    Memory(written: "25%", megabytesOfMachine: 8192, megabytes: 2048),
    Memory(written: "100%", megabytesOfMachine: 300, megabytes: 300),
    Memory(written: "1%", megabytesOfMachine: 50, megabytes: 1),
    Memory(written: "77", megabytesOfMachine: 8, megabytes: 77),
  ])
  func `memory is what is set, a share of the machine, or what suits it, and is shown as it is`(_ memory: Memory) throws
  {
    let machine = Machine(coreCount: 2, memoryByteCount: memory.megabytesOfMachine << 20)
    #expect(
      try resolved([.maximumMemoryMegabytes: memory.written], machine: machine).memoryByteCount
        == memory.megabytes << 20)
    var values = SettingValues()
    values.set(
      .maximumMemoryMegabytes,
      to: try #require(Setting.maximumMemoryMegabytes.value(parsing: Array(memory.written.utf8))),
      from: .environment("CAIRN_MAX_MEMORY_MB"))
    let shown = values.effectiveEntries(machine: machine).first { $0.setting == .maximumMemoryMegabytes }
    #expect(shown?.value == .integer(memory.megabytes))
    if memory.written.hasSuffix("%") {
      #expect(
        shown?.origin
          == .derived(
            from: "\(memory.written) of \(memory.megabytesOfMachine) MB of memory, "
              + "from the environment: CAIRN_MAX_MEMORY_MB"))
    }
  }

  @Test(arguments: [("0", "true", 6), ("3", "true", 3), ("3", "false", 1), ("0", "false", 1), ("1", "false", 1)])
  func `threads are one for each core, or one alone`(_ written: String, _ isParallel: String, _ count: Int) throws {
    #expect(try resolved([.threadCount: written, .isParallel: isParallel]).threadCount == count)
  }

  @Test func `who has not said whether runs give way has not said that they do not`() throws {
    #expect(try resolved([:]).givesWay == nil && resolved([:]).batteryUse == .reduce)
    #expect(try resolved([.givesWay: "false"]).givesWay == false && resolved([.givesWay: "true"]).givesWay == true)
    for use in BatteryUse.allCases {
      #expect(try resolved([.batteryUse: use.rawValue]).batteryUse == use)
    }
  }

  @Test(arguments: [(1, 256), (100, 600), (100_000, 16_384)])
  func `the cache of embeddings follows the corpus`(_ megabytesOfCorpus: Int, _ megabytes: Int) throws {
    let corpus = CorpusSize(fileCount: 1, byteCount: megabytesOfCorpus << 20)
    #expect(try resolved([:], corpus: corpus).embeddingCacheByteCount == megabytes << 20)
    #expect(try resolved([.embeddingCacheMegabytes: "5"], corpus: corpus).embeddingCacheByteCount == 5 << 20)
  }

  @Test func `settings are compared by their keys`() {
    #expect(Set(Setting.all).count == Setting.all.count && Set(Setting.all.map(\.key)).count == Setting.all.count)
  }
}
