import Disk
import Embedding
import ModelHub
import Primitives
import Settings

// What is configured of the topic models.

extension Configuration {
  /// The embedding model, as the user calls it.
  public var embeddingModel: String {
    get { text(.embeddingModel) }
    set { set(.embeddingModel, to: .text(newValue), from: .program) }
  }
  /// Whether somebody chose a model; without a choice an index keeps the one that it was built with.
  public var hasChosenModel: Bool { self[.embeddingModel].origin != .builtIn }
  /// The base address of the endpoint that embeds, or empty.
  public var embeddingEndpoint: String {
    get { text(.embeddingEndpoint) }
    set { set(.embeddingEndpoint, to: .text(newValue), from: .program) }
  }
  /// Whether the built-in model answers while the vectors of a slower one are being made.
  public var isLocalFirst: Bool {
    get { boolean(.localFirst) }
    set { set(.localFirst, to: .boolean(newValue), from: .program) }
  }

  /// Where models are kept. Throws where neither a setting nor the environment says it.
  func modelStore(_ environment: Environment) throws(Failure) -> ModelStore {
    let configured = values.path(.modelDirectory)
    if !configured.isEmpty { return ModelStore(directory: configured) }
    guard
      let base = environment.absolutePath("XDG_DATA_HOME") ?? environment.home.map({ $0.appending(".local/share") })
    else {
      throw Failure(
        .notFound, "neither HOME nor XDG_DATA_HOME is set, so there is no place to keep models in",
        remedy: .set("model_dir"))
    }
    return ModelStore(directory: base.appending("cairn/models"))
  }

  /// Where embeddings are kept, or nothing where they are not.
  func embeddingCachePath(_ environment: Environment) -> FilePath? {
    guard boolean(.isCaching) else { return nil }
    let base = environment.absolutePath("XDG_CACHE_HOME") ?? environment.home.map { $0.appending(".cache") }
    return base.map { $0.appending("cairn").appending(EmbeddingCache.fileName) }
  }

  /// - Parameter corpus: what an index knows of the corpus, from which a limit is derived that nobody has set.
  func embeddingCacheLimits(corpus: CorpusSize?) -> EmbeddingCacheLimits {
    let settings = resolved(corpus: corpus)
    return EmbeddingCacheLimits(byteCount: settings.embeddingCacheByteCount, days: settings.embeddingCacheDays ?? 0)
  }
}
