import Settings

// What is configured of the topic answers.

extension Configuration {
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
  /// `auto`, `always` or `never`.
  public var color: String {
    get { if case .text(let word) = self[.color].value { word } else { "auto" } }
    set { set(.color, to: .text(newValue), from: .program) }
  }
}
