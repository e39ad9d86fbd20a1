import ModelOpening

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
