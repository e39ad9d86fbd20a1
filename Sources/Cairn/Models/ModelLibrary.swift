import ModelHub
import ModelOpening
import OnnxEmbedding
import Primitives

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

  private let collection: ModelCollection

  /// Throws `notFound` where neither a setting nor the environment says where models are kept.
  public init(configuration: Configuration = Configuration(), environment: Environment = .process) throws(CairnError) {
    collection = try asCairnError { () throws(Failure) in
      try ModelCollection(settings: configuration.values, environment: environment.variables)
    }
  }

  /// Where models are kept.
  public var directory: Path { Path(collection.store.directory) }

  /// Every model: the built-in one, those of the registry, and those that were added or fetched by the name of a
  /// repository.
  public func entries() throws(CairnError) -> [ModelEntry] {
    try asCairnError { () throws(Failure) in try collection.models().map(ModelEntry.init) }
  }

  /// The model that is called `name` or has it for a shorter name. Throws `modelMissing` where there is none.
  public func entry(named name: String) throws(CairnError) -> ModelEntry {
    try asCairnError { () throws(Failure) in ModelEntry(try collection.model(named: name)) }
  }

  /// Fetches a model of the registry, or any other by the name of its repository (`owner/name`), in the precision that
  /// is configured, `fp32` where that is `auto` and there is one. A download that was stopped resumes.
  ///
  /// Throws what the network and the disk say, and `damaged` for a file whose hash is not the published one.
  @concurrent public func pull(
    _ name: String, progress: (@Sendable (Progress) -> Void)? = nil
  ) async throws(CairnError) -> ModelEntry {
    let cancellation = Cancellation()
    let pulled = await onBlockingThread(cancelling: cancellation) {
      Result { () throws(Failure) in
        try collection.pull(name, cancellation) { step in
          progress?(Progress(file: step.file, bytesDone: step.bytesDone, bytesTotal: step.bytesTotal))
        }
      }
    }
    return ModelEntry(try asCairnError { () throws(Failure) in try pulled.get() })
  }

  /// Makes the model in `directory`, exported by someone, known as `name` (or the directory's own name), after opening
  /// it once. Its files stay where they are.
  @concurrent public func add(_ directory: Path, name: String? = nil) async throws(CairnError) -> ModelEntry {
    let added = await onBlockingThread {
      Result { () throws(Failure) in try collection.add(directory.filePath, name: name) }
    }
    return ModelEntry(.installed(try asCairnError { () throws(Failure) in try added.get() }))
  }

  /// Forgets a model: what was fetched is deleted, what was added stays where it is.
  public func remove(_ name: String) throws(CairnError) {
    try asCairnError { () throws(Failure) in try collection.remove(name) }
  }

  /// Opens a model as the settings say and embeds known texts.
  ///
  /// - Parameter name: what `--model` takes.
  @concurrent public func test(_ name: String) async throws(CairnError) -> ModelTest {
    let trial = await onBlockingThread { Result { () throws(Failure) in try collection.test(name) } }
    return ModelTest(try asCairnError { () throws(Failure) in try trial.get() })
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

/// What a model computed for known texts: whether it works, how fast it is, and whether it tells code from code.
public struct ModelTest: Hashable, Sendable {
  /// What the model calls itself in an index.
  public var modelName: String
  public var dimensions: Int
  /// On which device it runs and why not on others; nil if there is nothing to choose.
  public var device: String?
  public var openingSeconds: Double
  public var textsPerSecond: Double
  /// Of a function and a query that it answers.
  public var matchingSimilarity: Double
  /// Of the same query and a function that does something else.
  public var otherSimilarity: Double
  /// Whether the first is the greater one.
  public var tellsApart: Bool { matchingSimilarity > otherSimilarity }
}

extension ModelTest {
  init(_ trial: ModelTrial) {
    self.init(
      modelName: trial.modelName, dimensions: trial.dimensions, device: trial.device,
      openingSeconds: trial.openingTime / .seconds(1), textsPerSecond: trial.textsPerSecond,
      matchingSimilarity: trial.matchingSimilarity, otherSimilarity: trial.otherSimilarity)
  }
}
