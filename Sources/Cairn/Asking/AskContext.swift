import Answering

/// What was retrieved for a question, packed for a model.
public struct AskContext: Hashable, Sendable {
  /// Lines of a file.
  public struct Excerpt: Hashable, Sendable {
    /// Relative to the root of the workspace.
    public var path: Path
    public var language: String
    /// Line numbers from 1, in the file as it is now.
    public var lines: ClosedRange<Int>
    public var text: [String]
  }

  /// Best first; empty where nothing was found.
  public var excerpts: [Excerpt]
  /// Rules, excerpts and question as one text, to paste into any assistant.
  public var prompt: String
  /// About how many tokens the prompt has.
  public var promptTokenCount: Int
  /// The chat model that will be asked and where; nil if none will be.
  public var destination: Destination?
  /// The search behind it, its hits left out.
  public var search: SearchResponse

  /// Where the prompt goes.
  public struct Destination: Hashable, Sendable {
    /// With the port where it is not the usual one.
    public var host: String
    public var model: String
    /// A sentence that says what leaves for where; to be shown before it does.
    public var statement: String
  }
}
