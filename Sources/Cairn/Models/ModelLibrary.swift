import Disk
import Embedding
import HTTP
import ModelHub
import OnnxEmbedding
import Primitives
import Settings

/// The models on this machine and those that can be fetched: what `cairn model` does.
///
///     let library = try ModelLibrary()
///     try await library.pull("minilm") { print($0.bytesDone) }
public struct ModelLibrary: Sendable {
  /// How far a download is.
  public struct Progress: Hashable, Sendable {
    public var file: String
    public var bytesDone: Int
    /// Unknown where nobody says it.
    public var bytesTotal: Int?
  }

  private let configuration: Configuration
  private let environment: Environment
  private let store: ModelStore

  /// Throws `notFound` where neither a setting nor the environment says where models are kept.
  public init(configuration: Configuration = Configuration(), environment: Environment = .process) throws(CairnError) {
    self.configuration = configuration
    self.environment = environment
    store = try asCairnError { () throws(Failure) in try configuration.modelStore(environment) }
  }

  /// Where models are kept.
  public var directory: Path { Path(store.directory) }

  /// Every model: the built-in one, those of the registry, and those that were added or fetched by the name of a repository.
  public func entries() throws(CairnError) -> [ModelEntry] {
    try asCairnError { () throws(Failure) in
      let installed = try store.models()
      var entries = [try ModelEntry.builtIn()]
      for model in ModelRegistry.all {
        entries.append(ModelEntry(model, installed: installed.first { $0.name == model.name && !$0.isAdded }))
      }
      for model in installed where !entries.contains(where: { $0.name == model.name && $0.isInstalled }) {
        entries.removeAll { $0.name == model.name }
        entries.append(ModelEntry(model))
      }
      return entries
    }
  }

  /// The model that is called `name` or has it for a shorter name. Throws `modelMissing` where there is none.
  public func entry(named name: String) throws(CairnError) -> ModelEntry {
    let entries = try entries()
    let wanted = name.lowercased()
    if let entry = entries.first(where: { $0.name.lowercased() == wanted || $0.aliases.contains(wanted) }) {
      return entry
    }
    let names = entries.flatMap { [$0.name] + $0.aliases }
    let near = nearestName(to: name, in: names)
    throw CairnError(
      .modelMissing,
      "there is no model \"\(name)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? ""),
      remedy: near == nil ? .listModels : nil)
  }

  /// Fetches a model of the registry, or any other by the name of its repository (`owner/name`), in the precision that is
  /// configured, `fp32` where that is `auto` and there is one. A download that was stopped goes on where it was.
  ///
  /// Throws what the network and the disk say, and `damaged` for a file whose hash is not the published one.
  @concurrent public func pull(
    _ name: String, progress: (@Sendable (Progress) -> Void)? = nil
  ) async throws(CairnError) -> ModelEntry {
    let watch = Cancellation()
    let pulled = await withTaskCancellationHandler {
      await onBlockingThread {
        Result { () throws(Failure) in
          let address = configuration.text(.hub)
          let hub = Hub(address: address.isEmpty ? Hub.defaultAddress : address, client: HTTPClient())
          let pull = ModelPull(store: store, hub: hub, cancellation: watch) { step in
            progress?(Progress(file: step.file, bytesDone: step.bytesDone, bytesTotal: step.bytesTotal))
          }
          return try self.pull(name, pull)
        }
      }
    } onCancel: {
      watch.cancel()
    }
    let model = try asCairnError { () throws(Failure) in try pulled.get() }
    return try entry(named: model.name)
  }

  private func pull(_ name: String, _ pull: ModelPull) throws(Failure) -> InstalledModel {
    let asked = RegisteredModel.Precision(rawValue: configuration.text(.precision))
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

  /// Makes the model in `directory`, exported by someone, known as `name` (or the directory's own name), after opening it
  /// once. Its files stay where they are.
  @concurrent public func add(_ directory: Path, name: String? = nil) async throws(CairnError) -> ModelEntry {
    let added = await onBlockingThread {
      Result { () throws(Failure) in
        let place = try resolvedPath(directory.filePath)
        let name = name ?? place.lastComponent.description
        guard ModelRegistry.model(named: name) == nil else {
          throw Failure(
            .invalidArgument, "\(name) is the name of a model in the registry", remedy: Remedy(.renameModel))
        }
        // A directory that cannot be opened is not made known. Without a runtime its files are all that can be looked at.
        _ = try ModelFiles(place)
        do throws(Failure) {
          _ = try ModelOpener(configuration: configuration, environment: environment).open(.directory(place))
        } catch  where error.code == .runtimeMissing {}
        return try store.add(place, name: name)
      }
    }
    return ModelEntry(try asCairnError { () throws(Failure) in try added.get() })
  }

  /// Forgets a model: what was fetched is deleted, what was added stays where it is.
  public func remove(_ name: String) throws(CairnError) {
    let entry = try entry(named: name)
    guard !entry.isBuiltIn else {
      throw CairnError(.invalidArgument, "the built-in model is part of the program and cannot be removed")
    }
    try asCairnError { () throws(Failure) in
      guard let model = try store.model(named: entry.name) else {
        throw Failure(.modelMissing, "the model \(entry.name) is not on this machine: there is nothing to remove")
      }
      try store.remove(model)
    }
  }

  /// Opens a model as the settings say and embeds texts that are known.
  ///
  /// - Parameter name: what `--model` takes.
  @concurrent public func test(_ name: String) async throws(CairnError) -> ModelTest {
    let result = await onBlockingThread {
      Result { () throws(Failure) in
        var configuration = configuration
        // From the model itself, not from an earlier run.
        configuration.set(.isCaching, to: .boolean(false), from: .program)
        let opener = ModelOpener(configuration: configuration, environment: environment)
        let began = ContinuousClock.now
        let model = try opener.open(try ModelChoice(name, environment))
        return try ModelTest(model.embedder, openingTime: ContinuousClock.now - began)
      }
    }
    return try asCairnError { () throws(Failure) in try result.get() }
  }

  /// Which ONNX Runtime is found, what it can run on, and why not on the rest; one fact a line.
  public static func runtimeReport() -> (isFound: Bool, lines: [String]) {
    let report = RuntimeReport()
    return (report.version != nil, report.lines)
  }
}

extension CairnError.Code {
  /// A model was named that is not on this machine, or not configured.
  public static let modelMissing = Self(rawValue: "model-missing")
}
