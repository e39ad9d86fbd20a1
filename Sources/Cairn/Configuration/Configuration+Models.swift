import ModelOpening
import Settings

// What is configured of the topic models.

extension Configuration {
  /// The embedding model, as the user calls it.
  public var embeddingModel: String {
    get { text(.embeddingModel) }
    set { set(.embeddingModel, to: .text(newValue), from: .program) }
  }
  /// Whether somebody chose a model; without a choice an index keeps the one that it was built with.
  public var hasChosenModel: Bool { values.hasChosenModel }
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
}
