package import Catalog
import Chunking
import Embedding
import IndexStorage
import ModelHub
package import ModelOpening
package import Primitives
import RemoteEmbedding
import Segments
import Settings

extension IndexSession {
  /// The model that embeds queries, or what replaces it.
  enum QueryModel: Sendable {
    case opened(OpenedModel)
    /// The index was built with a model that cannot be opened here.
    case absent(AbsentModel)

    var embedder: any Embedder {
      switch self {
      case .opened(let model): model.embedder
      case .absent(let model): model
      }
    }
  }

  /// What leaves this machine, and where to, where the chosen model is behind an endpoint.
  package var disclosure: String? {
    guard case .endpoint(let name)? = try? chosenModel() else { return nil }
    return try? models.endpointOptions(name).statementOfWhatLeaves()
  }

  /// How models are opened for a request that may end before its model is open.
  func models(_ context: SearchContext) -> ModelOpener {
    var models = models
    models.cancellation = context.cancellation
    return models
  }

  /// The embedder that the program brings, else the model that the settings name, or nil if nobody chose one.
  package func chosenModel() throws(Failure) -> ModelChoice? {
    // A commit has one index, so that with `local_first` it is that of the model which answers first.
    if revision != nil, settings.boolean(.localFirst) { return .builtIn }
    return try settings.chosenModel(environment, embedder)
  }

  /// Runs `body`, whose failure with the model then says where it was chosen, if by a setting.
  func naming<Result>(_ choice: ModelChoice, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    if case .custom = choice { return try body() }
    return try settings.namingOrigin(body)
  }

  /// The model of the next run over the index: the chosen one, else the one that the index was built with, else the
  /// built-in one. Throws what keeps it from being opened.
  package func indexingModel() throws(Failure) -> OpenedModel {
    if let choice = try chosenModel() {
      return try naming(choice) { () throws(Failure) in try open(choice, models) }
    }
    guard let identity = try indexedModel(), !ModelIdentity.isBuiltIn(identity.name) else {
      return try open(.builtIn, models)
    }
    do throws(Failure) { return try model(of: identity, models) } catch { throw Self.unopened(identity, error) }
  }

  /// The model for a query. Throws where a chosen model cannot be opened and the index is of another one.
  func queryModel(_ context: SearchContext) throws(Failure) -> QueryModel {
    let choice = try chosenModel()
    let identity = try indexedModel()
    if choice == nil, identity == nil || ModelIdentity.isBuiltIn(identity?.name ?? "") {
      return .opened(try open(.builtIn, models(context)))
    }
    do throws(Failure) {
      if let choice {
        return .opened(try naming(choice) { () throws(Failure) in try open(choice, models(context)) })
      }
      if let identity { return .opened(try model(of: identity, models(context))) }
      return .opened(try open(.builtIn, models(context)))
    } catch {
      guard error.code != .cancelled, let identity, choice?.mayBe(modelNamed: identity.name) ?? true else {
        throw error
      }
      return .absent(AbsentModel(identity: identity, reason: error))
    }
  }

  /// The model that the index records; nil where there is no usable index. Throws where the catalog was cut or
  /// could not be read, which says nothing of the model.
  func indexedModel() throws(Failure) -> ModelIdentity? {
    let held: IndexIdentity?
    do throws(Failure) { held = try index.identity() } catch {
      if error.isOfUnreadCatalog { throw error }
      held = nil
    }
    // A commit without an index is to have one like the tree's.
    guard let identity = held ?? (try? revision?.treeIndex.identity()) else { return nil }
    return ModelIdentity(
      name: identity.modelName, contentHash: identity.modelHash, dimensions: identity.dimensions)
  }

  /// Whether the next run builds an index of `identity` anew without being asked to. Opens no model but the built-in
  /// one.
  package func isOutdated(_ identity: IndexIdentity) throws(Failure) -> Bool {
    if identity.chunkerVersion != Chunker.version || identity.analyzerVersion != Analyzer.version { return true }
    let model: ModelIdentity
    if ModelIdentity.isBuiltIn(identity.modelName) {
      model = try models.open(.builtIn).identity
    } else if let embedder, embedder.identity.name == identity.modelName {
      model = embedder.identity
    } else {
      return false
    }
    return identity.modelName != model.name || identity.modelHash != model.contentHash
      || identity.dimensions != model.dimensions
  }

  private func open(_ choice: ModelChoice, _ models: ModelOpener) throws(Failure) -> OpenedModel {
    // Opening a remote model asks the endpoint for its dimensions, which an index of the same model knows.
    var known: Int?
    if case .endpoint = choice, let identity = try indexedModel(), choice.mayBe(modelNamed: identity.name) {
      known = identity.dimensions
    }
    return try models.open(choice, knownDimensions: known)
  }

  /// The model that made the vectors of an index: what the user called it when it was last used, else the one of its
  /// name.
  func model(of identity: ModelIdentity, _ models: ModelOpener) throws(Failure) -> OpenedModel {
    if ModelIdentity.isCustom(identity.name) { throw CustomEmbedder.absence }
    let store = try settings.modelStore(environment)
    let name = String(identity.name.prefix { $0 != "/" })
    let choice = try store.choice(for: identity).map { text throws(Failure) in
      try ModelChoice(text, environment)
    }
    let model = try open(choice ?? .named(name), models)
    guard model.identity == identity else {
      throw Failure(
        .differentModel,
        "the model \(identity.name) on this machine is not the one that the index was built with")
    }
    return model
  }

  /// After a run: what an index says is an identity, and which model that is only the user's own files say.
  func remember(_ model: OpenedModel) {
    switch model.choice {
    case .builtIn, .custom: return
    case .named, .directory, .endpoint: break
    }
    // Where it cannot be written, the model must be named again.
    if let store = try? settings.modelStore(environment) {
      try? store.remember(model.choice.text, for: model.identity)
    }
  }

  private static func unopened(_ identity: ModelIdentity, _ cause: Failure) -> Failure {
    Failure(
      cause.code,
      "the index was built with the model \(identity.name), which cannot be opened: \(cause.message)",
      path: cause.path, cause: cause.cause,
      remedy: cause.remedy?.or(.rebuildWithBuiltInModel) ?? Remedy(.rebuildWithBuiltInModel))
  }
}
