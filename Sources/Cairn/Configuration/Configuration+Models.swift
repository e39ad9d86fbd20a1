import ModelOpening
import Settings

// What is configured of the topics models and answers.

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
  /// The most results shown.
  public var limit: Int {
    get { integer(.limit) }
    set { set(.limit, to: .integer(newValue), from: .program) }
  }
  /// Lines shown around the lines that answer best; nil is the whole chunk.
  public var contextLineCount: Int? {
    get { if case .integer(let number) = self[.contextLineCount].value { number } else { nil } }
    set { set(.contextLineCount, to: newValue.map { .integer($0) } ?? .text("all"), from: .program) }
  }
  /// Whether the tokens of answers to agents are added up.
  package var keepsSavings: Bool { boolean(.keepsSavings) }
  /// `auto`, `always` or `never`.
  public var color: String {
    get { if case .text(let word) = self[.color].value { word } else { "auto" } }
    set { set(.color, to: .text(newValue), from: .program) }
  }
}
