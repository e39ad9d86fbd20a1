import Disk
package import Embedding
import HTTP
package import ModelHub
import OnnxEmbedding
package import Primitives
package import Settings

/// A model that can be chosen.
package enum AvailableModel: Hashable, Sendable {
  /// The one that is part of the program.
  case builtIn(ModelIdentity)
  /// One of the registry, with what is on this machine of it.
  case registered(RegisteredModel, InstalledModel?)
  /// One that only this machine knows: a directory that was added, or fetched by the name of a repository.
  case installed(InstalledModel)

  /// What a setting calls it.
  package var name: String { registered?.name ?? installed?.name ?? "builtin" }
  /// Whether it is the one that is part of the program.
  package var isBuiltIn: Bool { if case .builtIn = self { true } else { false } }
  /// Shorter names.
  package var aliases: [String] { registered?.aliases ?? [] }
  /// Whether its files are on this machine.
  package var isInstalled: Bool { registered == nil || installed != nil }

  /// What the registry says of it.
  package var registered: RegisteredModel? { if case .registered(let model, _) = self { model } else { nil } }
  /// What is on this machine of it beside the program.
  package var installed: InstalledModel? {
    switch self {
    case .builtIn: nil
    case .registered(_, let model): model
    case .installed(let model): model
    }
  }

  /// One line that says what it is.
  package var summary: String {
    switch self {
    case .builtIn(let identity):
      "\(identity.name), a part of the program: no download, no GPU, a hundred times as fast as a transformer."
    case .registered(let model, _): model.summary
    case .installed(let model): model.isAdded ? "A directory that was added." : "Fetched from the hub."
    }
  }
  /// The length of its vectors; nil for a reranker, and where nobody has looked.
  package var dimensions: Int? {
    switch self {
    case .builtIn(let identity): identity.dimensions
    case .registered(let model, _): model.kind == .reranker ? nil : model.dimensions
    case .installed: nil
    }
  }
  /// `owner/name@commit` on the hub.
  package var source: String? { registered.map { "\($0.repository)@\($0.revision)" } ?? installed?.source }
  /// Its files, those that are here or else those that would be fetched, and whether each is known to be the published
  /// one.
  package var files: [(path: String, byteCount: Int?, sha256: String?, isVerified: Bool)] {
    if let installed { return installed.files.map { ($0.path, $0.byteCount, $0.sha256, $0.wasVerified) } }
    guard let registered else { return [] }
    return registered.files(for: registered.precisions.first ?? .fp32).map {
      ($0.target, $0.byteCount, $0.sha256, false)
    }
  }
}

/// The models on this machine and those that can be fetched. Every function blocks; `pull` for as long as the network
/// takes.
package struct ModelCollection: Sendable {
  package let settings: SettingValues
  package let environment: EnvironmentVariables
  package let store: ModelStore

  /// Throws `notFound` if neither a setting nor the environment says where models are kept.
  package init(settings: SettingValues, environment: EnvironmentVariables) throws(Failure) {
    self.settings = settings
    self.environment = environment
    store = try settings.modelStore(environment)
  }

  /// Every model: the built-in one, those of the registry, and those that were added or fetched by the name of a
  /// repository.
  package func models() throws(Failure) -> [AvailableModel] {
    let installed = try store.models()
    var models: [AvailableModel] = [.builtIn(try StaticModel.builtIn().identity)]
    for model in ModelRegistry.all {
      models.append(.registered(model, installed.first { $0.name == model.name && !$0.isAdded }))
    }
    for model in installed where !models.contains(where: { $0.name == model.name && $0.isInstalled }) {
      models.removeAll { $0.name == model.name }
      models.append(.installed(model))
    }
    return models
  }

  /// The model that is called `name` or has it for a shorter name. Throws `modelMissing` if there is none.
  package func model(named name: String) throws(Failure) -> AvailableModel {
    let models = try models()
    let wanted = name.lowercased()
    if let model = models.first(where: { $0.name.lowercased() == wanted || $0.aliases.contains(wanted) }) {
      return model
    }
    let near = nearestName(to: name, in: models.flatMap { [$0.name] + $0.aliases })
    throw Failure(
      .modelMissing,
      "there is no model \"\(name)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? ""),
      remedy: near == nil ? .listModels : nil)
  }

  /// Fetches a model of the registry, or any other by the name of its repository (`owner/name`), in the precision that
  /// is configured, `fp32` where that is `auto` and there is one. A download that was stopped resumes.
  ///
  /// Throws what the network and the disk say, and `damaged` for a file whose hash is not the published one.
  package func pull(
    _ name: String, _ cancellation: Cancellation, progress: @escaping @Sendable (ModelPull.Progress) -> Void
  ) throws(Failure) -> AvailableModel {
    let address = settings.text(.hub)
    let hub = Hub(address: address.isEmpty ? Hub.defaultAddress : address, client: HTTPClient())
    let pull = ModelPull(store: store, hub: hub, cancellation: cancellation, progress: progress)
    return try model(named: self.pull(name, pull).name)
  }

  private func pull(_ name: String, _ pull: ModelPull) throws(Failure) -> InstalledModel {
    let asked = RegisteredModel.Precision(rawValue: settings.text(.precision))
    if let model = ModelRegistry.model(named: name) {
      return try pull.pull(model, asked ?? model.precisions.first ?? .fp32)
    }
    if name.lowercased() == "builtin" {
      throw Failure(.invalidArgument, "the built-in model is part of the program: there is nothing to fetch")
    }
    guard Hub.isRepository(name), let last = name.split(separator: "/").last else {
      let near = nearestName(to: name, in: ModelRegistry.all.flatMap { [$0.name] + $0.aliases })
      throw Failure(
        .modelMissing,
        "there is no model \"\(name)\" in the registry"
          + (near.map { "; did you mean \"\($0)\"?" } ?? "; one on the hub is named owner/name"),
        remedy: near == nil ? .listModels : nil)
    }
    return try pull.pull(repository: name, name: String(last), asked ?? .fp32)
  }

  /// Makes the model in `directory`, exported by someone, known as `name` (or the directory's own name), after opening
  /// it once. Its files stay where they are.
  package func add(_ directory: FilePath, name: String?) throws(Failure) -> InstalledModel {
    let resolved = try resolvedPath(directory)
    let name = name ?? resolved.lastComponent.description
    guard ModelRegistry.model(named: name) == nil else {
      throw Failure(
        .invalidArgument, "\(name) is the name of a model in the registry", remedy: Remedy(.renameModel))
    }
    // A directory that cannot be opened is not made known. Without a runtime its files are all that can be inspected.
    _ = try ModelFiles(resolved)
    do throws(Failure) {
      _ = try ModelOpener(settings: settings, environment: environment).open(.directory(resolved))
    } catch  where error.code == .runtimeMissing {}
    return try store.add(resolved, name: name)
  }

  /// Forgets a model: what was fetched is deleted, what was added stays where it is.
  package func remove(_ name: String) throws(Failure) {
    let wanted = try model(named: name)
    if case .builtIn = wanted {
      throw Failure(.invalidArgument, "the built-in model is part of the program and cannot be removed")
    }
    guard let model = try store.model(named: wanted.name) else {
      throw Failure(.modelMissing, "the model \(wanted.name) is not on this machine: there is nothing to remove")
    }
    try store.remove(model)
  }

  /// Opens a model as the settings say and embeds texts that are known.
  ///
  /// - Parameter name: as the setting `embedding_model` takes it.
  package func test(_ name: String) throws(Failure) -> ModelTrial {
    var settings = settings
    // From the model itself, not from an earlier run.
    settings.set(.isCaching, to: .boolean(false), from: .program)
    let opener = ModelOpener(settings: settings, environment: environment)
    let began = ContinuousClock.now
    let model = try opener.open(try ModelChoice(name, environment))
    return try ModelTrial(model.embedder, openingTime: ContinuousClock.now - began)
  }
}
