import ModelOpening
import Settings

// The settings that programs set most; `set` takes any.

extension Configuration {
  /// Whether hidden files that git does not track are indexed.
  public var includesHidden: Bool {
    get { boolean(.includesHidden) }
    set { set(.includesHidden, to: .boolean(newValue), from: .program) }
  }
  /// Whether files that hold keys or tokens are indexed and may be sent.
  public var includesSecrets: Bool {
    get { boolean(.includesSecrets) }
    set { set(.includesSecrets, to: .boolean(newValue), from: .program) }
  }
  /// Whether git's ignore rules hold.
  public var obeysGitIgnore: Bool {
    get { boolean(.obeysGitIgnore) }
    set { set(.obeysGitIgnore, to: .boolean(newValue), from: .program) }
  }
  /// Where the index lives: empty is `.cairn` at the root, `cache` is the user's cache directory, a relative path
  /// begins at the root.
  public var indexDirectory: Path {
    get { Path(values.path(.indexDirectory)) }
    set { set(.indexDirectory, to: .path(newValue.filePath), from: .program) }
  }
  /// Whether embeddings are kept across runs, branches and repositories.
  public var isCaching: Bool {
    get { boolean(.isCaching) }
    set { set(.isCaching, to: .boolean(newValue), from: .program) }
  }
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
}
