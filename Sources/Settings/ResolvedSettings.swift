package import Disk
package import Primitives

/// Every setting as a plain value of the program: bytes, counts and durations, with what nobody has set derived from
/// the machine and the corpus. A pure function of its three inputs; nothing behind it reads a setting's text or units
/// again. A property without a comment is the setting of its name as it is; the table says what that is for.
package struct ResolvedSettings: Hashable, Sendable {
  // MARK: Files

  /// Files with more bytes are skipped.
  package var maximumFileByteCount: Int
  package var includesHidden: Bool
  package var includesVendored: Bool
  package var includesGenerated: Bool
  package var includesSecrets: Bool
  package var obeysGitIgnore: Bool
  package var followsLinks: Bool
  /// The walk ends after so many source files; nil is no limit.
  package var fileLimit: Int?
  /// The walk ends after so long; nil is no limit.
  package var walkTimeLimit: Duration?

  // MARK: Indexing and caches

  /// At least 1.
  package var threadCount: Int
  /// Whether runs that nobody waits for give way to whatever else runs on the machine; nil where nobody has said.
  package var givesWay: Bool?
  package var batteryUse: BatteryUse
  /// What the memory of a run is to stay under; at least 1 MiB.
  package var memoryByteCount: Int
  /// Segments with more bytes are mapped into memory, smaller ones read whole.
  package var memoryMappingThresholdByteCount: Int
  /// A run commits at least so often; nil leaves it to the size of what is gathered.
  package var commitInterval: Duration?
  /// Empty is `.cairn` at the root, `cache` is the user's cache directory.
  package var indexDirectory: FilePath
  /// As set: absolute paths, or such as begin with `~/`.
  package var trustedDirectories: [String]
  package var indexesPatterns: Bool
  /// So many commits back the history is indexed; nil is all of them.
  package var historyLimit: Int?
  package var isCaching: Bool
  /// Bytes on disk that kept embeddings take.
  package var embeddingCacheByteCount: Int
  /// Embeddings that were not used for so many days go; nil is never.
  package var embeddingCacheDays: Int?

  // MARK: Models and endpoints

  package var embeddingModel: String
  /// Nil keeps all dimensions.
  package var embeddingDimensions: Int?
  package var device: String
  package var precision: String
  /// Nil follows the device, the model and the texts.
  package var batchSize: Int?
  /// Nil is the user's data directory.
  package var modelDirectory: FilePath?
  package var hub: String
  package var isLocalFirst: Bool
  /// Nil is no reranking.
  package var rerankModel: String?
  package var rerankCount: Int
  package var embeddingEndpoint: String
  package var embeddingKeyVariable: String
  /// Nil is no limit but the server's own.
  package var requestsPerMinute: Int?
  package var requestTimeLimit: Duration
  package var llmEndpoint: String
  package var llmKeyVariable: String
  package var codeLLMModel: String
  package var generalLLMModel: String

  // MARK: Answers

  package var limit: Int
  /// Nil shows the whole chunk.
  package var contextLineCount: Int?
  /// `auto`, `always` or `never`.
  package var color: String

  /// - Parameters:
  ///   - machine: what the sizes that nobody has set are derived from.
  ///   - corpus: what an index knows of it; nil if there is none yet.
  package init(_ values: SettingValues, machine: Machine, corpus: CorpusSize?) {
    func number(_ setting: Setting) -> Int {
      values.derived(setting, machine: machine, corpus: corpus)?.value ?? values.integer(setting)
    }
    /// Nil if 0 stands for none.
    func positive(_ setting: Setting) -> Int? {
      let number = values.integer(setting)
      return number > 0 ? number : nil
    }
    func named(_ setting: Setting) -> String? {
      let text = values.text(setting)
      return text.isEmpty ? nil : text
    }
    maximumFileByteCount = values.integer(.maximumFileByteCount)
    includesHidden = values.boolean(.includesHidden)
    includesVendored = values.boolean(.includesVendored)
    includesGenerated = values.boolean(.includesGenerated)
    includesSecrets = values.boolean(.includesSecrets)
    obeysGitIgnore = values.boolean(.obeysGitIgnore)
    followsLinks = values.boolean(.followsLinks)
    fileLimit = positive(.fileLimit)
    walkTimeLimit = positive(.walkTimeLimitSeconds).map { .seconds($0) }

    threadCount = max(1, number(.threadCount))
    givesWay = values[.givesWay].origin == .builtIn ? nil : values.boolean(.givesWay)
    batteryUse = BatteryUse(rawValue: values.text(.batteryUse)) ?? .reduce
    memoryByteCount = max(1, number(.maximumMemoryMegabytes)) << 20
    memoryMappingThresholdByteCount = values.integer(.memoryMappingThresholdMegabytes) << 20
    commitInterval = positive(.commitIntervalSeconds).map { .seconds($0) }
    indexDirectory = values.path(.indexDirectory)
    trustedDirectories = values.text(.trustedDirectories).split(separator: ":").map(String.init)
    indexesPatterns = values.boolean(.indexesPatterns)
    historyLimit = positive(.historyLimit)
    isCaching = values.boolean(.isCaching)
    embeddingCacheByteCount = number(.embeddingCacheMegabytes) << 20
    embeddingCacheDays = positive(.embeddingCacheDays)

    embeddingModel = values.text(.embeddingModel)
    embeddingDimensions = positive(.embeddingDimensions)
    device = values.text(.device)
    precision = values.text(.precision)
    batchSize = positive(.batchSize)
    modelDirectory = values.path(.modelDirectory).isEmpty ? nil : values.path(.modelDirectory)
    hub = values.text(.hub)
    isLocalFirst = values.boolean(.localFirst)
    rerankModel = named(.rerankModel)
    rerankCount = values.integer(.rerankCount)
    embeddingEndpoint = values.text(.embeddingEndpoint)
    embeddingKeyVariable = values.text(.embeddingKeyVariable)
    requestsPerMinute = positive(.requestsPerMinute)
    requestTimeLimit = .seconds(values.integer(.requestTimeoutSeconds))
    llmEndpoint = values.text(.llmEndpoint)
    llmKeyVariable = values.text(.llmKeyVariable)
    codeLLMModel = values.text(.codeLLMModel)
    generalLLMModel = values.text(.generalLLMModel)

    limit = values.integer(.limit)
    if case .integer(let number) = values[.contextLineCount].value { contextLineCount = number }
    color = values.text(.color)
  }
}
