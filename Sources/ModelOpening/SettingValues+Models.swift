import Disk
package import Embedding
package import ModelHub
package import Primitives
package import Settings

// Where models and their vectors are kept, and which model is chosen.

extension SettingValues {
  /// Where models are kept. Throws `notFound` if neither a setting nor the environment says it.
  package func modelStore(_ environment: EnvironmentVariables) throws(Failure) -> ModelStore {
    let configured = path(.modelDirectory)
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

  /// The file in which embeddings are kept; nil if they are not.
  package func embeddingCachePath(_ environment: EnvironmentVariables) -> FilePath? {
    guard boolean(.isCaching) else { return nil }
    return environment.cacheDirectory.map { $0.appending("cairn").appending(EmbeddingCache.fileName) }
  }

  /// - Parameter corpus: what an index knows of the corpus, from which a limit is derived that nobody has set.
  package func embeddingCacheLimits(corpus: CorpusSize?) -> EmbeddingCacheLimits {
    let settings = ResolvedSettings(self, machine: .current, corpus: corpus)
    return EmbeddingCacheLimits(byteCount: settings.embeddingCacheByteCount, days: settings.embeddingCacheDays ?? 0)
  }

  /// Whether somebody chose a model; without a choice an index keeps the one that it was built with.
  package var hasChosenModel: Bool { self[.embeddingModel].origin != .builtIn }

  /// The embedder that a program brings, else the model that the settings name; nil if nobody chose one. Throws as
  /// `ModelChoice` does.
  package func chosenModel(
    _ environment: EnvironmentVariables, _ embedder: CustomEmbedder?
  ) throws(Failure) -> ModelChoice? {
    if let embedder { return embedder.choice }
    guard hasChosenModel else { return nil }
    return try namingOrigin { () throws(Failure) in try ModelChoice(text(.embeddingModel), environment) }
  }

  /// Runs `body`, whose failure with the chosen model then says which file asked for it: a project's may be somebody
  /// else's.
  package func namingOrigin<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    do throws(Failure) { return try body() } catch {
      if error.code == .cancelled { throw error }
      var failure = error
      failure.message += origin(of: .embeddingModel)
      throw failure
    }
  }
}
