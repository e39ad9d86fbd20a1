import Disk
package import Embedding
import ModelHub
import OnnxEmbedding
package import Primitives
package import RemoteEmbedding
package import Settings

/// Opens any model that a user may choose, as the settings say. Each is opened once in a process.
package struct ModelOpener: Sendable {
  let settings: SettingValues
  let environment: EnvironmentVariables
  /// What the program brings.
  let custom: CustomEmbedder?
  /// Ends the wait for an endpoint, or for another thread that opens the same model.
  package var cancellation = Cancellation()

  package init(settings: SettingValues, environment: EnvironmentVariables, custom: CustomEmbedder? = nil) {
    self.settings = settings
    self.environment = environment
    self.custom = custom
  }

  /// Throws what stands in the way, with a remedy. Costs what the model's kind costs to open: microseconds for the
  /// built-in one, a fifth of a second and more for a transformer, a request for an endpoint whose dimensions are not
  /// known.
  ///
  /// - Parameter knownDimensions: those of an endpoint's model, where an index of it knows them.
  package func open(_ choice: ModelChoice, knownDimensions: Int? = nil) throws(Failure) -> OpenedModel {
    switch choice {
    case .builtIn:
      // No cache: it embeds a chunk in about the time of a look-up.
      return try OpenedModels.shared.model(OpenedModels.Key(choice: .builtIn), cancellation) { () throws(Failure) in
        OpenedModel(choice: .builtIn, embedder: try StaticModel.builtIn(), cache: nil)
      }
    case .named(let name):
      let model = try installed(name)
      return try open(choice, in: model.directory, name: model.name)
    case .directory(let path): return try open(choice, in: path, name: nil)
    case .endpoint(let name): return try open(choice, atEndpoint: name, knownDimensions: knownDimensions)
    case .custom:
      guard let custom, custom.choice == choice else { throw CustomEmbedder.absence }
      return cached(choice, custom)
    }
  }

  /// The model that the store has under `name`.
  private func installed(_ name: String) throws(Failure) -> InstalledModel {
    let store = try settings.modelStore(environment)
    if let model = try store.model(named: name) { return model }
    if ModelRegistry.model(named: name) != nil {
      throw Failure(.modelMissing, "the model \(name) is not on this machine", remedy: .pullModel(name))
    }
    if Hub.isRepository(name) {
      throw Failure(
        .modelMissing, "the model \(name) is not on this machine, and may be on the hub", remedy: .pullModel(name))
    }
    let names =
      ["builtin"] + ModelRegistry.all.flatMap { [$0.name] + $0.aliases } + ((try? store.models().map(\.name)) ?? [])
    let near = nearestName(to: name, in: names)
    throw Failure(
      .modelMissing,
      "there is no model \"\(name)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? ""),
      remedy: near == nil ? .listModels : nil)
  }

  private func open(_ choice: ModelChoice, in directory: FilePath, name: String?) throws(Failure) -> OpenedModel {
    var options = transformerOptions()
    options.name = name
    let dimensions = settings.integer(.embeddingDimensions)
    options.dimensions = dimensions > 0 ? dimensions : nil
    var key = key(choice, directory, options)
    key.dimensions = dimensions
    key.usesCache = settings.boolean(.isCaching)
    return try OpenedModels.shared.model(key, cancellation) { [options] () throws(Failure) in
      cached(choice, try OnnxModel(directory, options))
    }
  }

  /// The cross-encoder that `rerank_model` names; nil if it names none. Throws and costs as `open` does.
  package func openReranker() throws(Failure) -> (any Reranker)? {
    let text = settings.text(.rerankModel)
    if text.isEmpty { return nil }
    let choice = try ModelChoice(text, environment)
    let directory: FilePath
    switch choice {
    case .named(let name): directory = try installed(name).directory
    case .directory(let path): directory = path
    case .builtIn, .endpoint, .custom:
      throw Failure(
        .modelMissing, "rerank_model names a cross-encoder, such as ms-marco-MiniLM-L6-v2, or the directory of one")
    }
    let options = transformerOptions()
    return try OpenedModels.shared.reranker(key(choice, directory, options), cancellation) { () throws(Failure) in
      try OnnxReranker(directory, options)
    }
  }

  /// How transformers are opened.
  private func transformerOptions() -> OnnxOptions {
    let settings = resolved()
    var options = OnnxOptions()
    options.device = settings.device
    options.precision = ModelPrecision(rawValue: settings.precision)
    options.batchSize = settings.batchSize ?? 0
    options.threadCount = settings.threadCount
    return options
  }

  private func key(_ choice: ModelChoice, _ directory: FilePath, _ options: OnnxOptions) -> OpenedModels.Key {
    OpenedModels.Key(
      choice: choice, place: directory, device: options.device, precision: options.precision?.rawValue ?? "",
      batchSize: options.batchSize, threadCount: options.threadCount)
  }

  private func open(
    _ choice: ModelChoice, atEndpoint name: String, knownDimensions: Int?
  ) throws(Failure) -> OpenedModel {
    let options = try endpointOptions(name)
    try settings.checkProjectWidensNothing(environment)
    let key = OpenedModels.Key(
      choice: choice, dimensions: options.requestedDimensions ?? 0, endpoint: options.endpoint,
      usesCache: settings.boolean(.isCaching))
    return try OpenedModels.shared.model(key, cancellation) { () throws(Failure) in
      // The key is taken from the variable that was named, and no other variable is shown to the endpoint's code.
      var variables: [String: [UInt8]] = [:]
      if let value = environment.bytes(of: options.keyVariable) { variables[options.keyVariable] = value }
      return cached(
        choice,
        try RemoteModel(
          options, knownDimensions: knownDimensions, environment: variables, cancellation: cancellation))
    }
  }

  /// How the endpoint is asked. Throws where none is configured.
  package func endpointOptions(_ name: String) throws(Failure) -> RemoteModelOptions {
    let settings = resolved()
    guard !settings.embeddingEndpoint.isEmpty else {
      throw Failure(
        .modelMissing,
        "the model \(name) is behind an endpoint and none is configured",
        remedy: .set("embedding_endpoint"))
    }
    var options = RemoteModelOptions(endpoint: settings.embeddingEndpoint, model: name)
    options.keyVariable = settings.embeddingKeyVariable
    options.requestsPerMinute = settings.requestsPerMinute ?? 0
    options.timeLimit = settings.requestTimeLimit
    options.requestedDimensions = settings.embeddingDimensions
    if let size = settings.batchSize { options.batchTextCount = size }
    return options
  }

  private func cached(_ choice: ModelChoice, _ model: any BatchEmbedder) -> OpenedModel {
    guard let path = settings.embeddingCachePath(environment) else {
      return OpenedModel(choice: choice, embedder: model, cache: nil)
    }
    let cache = OpenedModels.shared.cache(path, settings.embeddingCacheLimits(corpus: nil))
    return OpenedModel(choice: choice, embedder: CachedEmbedder(model, cache: cache), cache: cache)
  }

  private func resolved() -> ResolvedSettings { ResolvedSettings(settings, machine: .current, corpus: nil) }
}

extension Failure.Code {
  /// A model was named that is not on this machine, or not configured.
  package static let modelMissing = Self(rawValue: "model-missing")
}
