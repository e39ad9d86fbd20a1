import Answering
import Searching

/// The answer to an `AskRequest`.
///
///     for citation in response.citations where citation.verdict != .valid { print("not backed:", citation.place) }
public struct AskResponse: Hashable, Sendable {
  /// Lines that the answer cites.
  public struct Citation: Hashable, Sendable {
    public enum Verdict: String, Sendable {
      /// Retrieved, and in the file now as the model was shown it.
      case valid
      /// The file was retrieved, but not all of these lines.
      case beyondRetrieved = "beyond-retrieved"
      /// Nothing of this file was retrieved.
      case notRetrieved = "not-retrieved"
      /// Retrieved, but the file holds other lines there by now.
      case changed
    }
    /// As the answer writes it. A model is shown a name with something unseen in it as `search` shows it.
    public var path: String
    /// The file that it names, where the model was shown something of it.
    public var file: Path?
    /// As the answer writes them, so that they need not be in order.
    public var firstLine: Int
    public var lastLine: Int
    public var verdict: Verdict

    /// `src/dates.py:3-9`
    public var place: String { firstLine == lastLine ? "\(path):\(firstLine)" : "\(path):\(firstLine)-\(lastLine)" }
  }

  public var context: AskContext
  /// What the model said, nil where none was asked or nothing came. With a `failure` it is a part.
  public var answer: String?
  /// Whether the model reached its limit of tokens before its end.
  public var isCutShort = false
  /// Each place once, in the order of the answer.
  public var citations: [Citation] = []
  /// What went wrong on the way to the model or back; the context is whole all the same.
  public var failure: CairnError?

  /// Whether the answer cites, and cites nothing but what was retrieved. It says that the places are real, not that the
  /// answer reads them rightly.
  public var isBacked: Bool { !citations.isEmpty && citations.allSatisfy { $0.verdict == .valid } }
}

extension AskResponse.Citation {
  init(_ citation: Answering.Citation, _ verdict: CitationVerdict, file: Path?) {
    (path, self.file) = (citation.path, file)
    (firstLine, lastLine) = (citation.firstLine, citation.lastLine)
    // Both have the same verdicts.
    self.verdict = Verdict(rawValue: verdict.rawValue) ?? .notRetrieved
  }
}

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

  init(_ packed: PackedContext, search: SearchResponse) {
    excerpts = packed.excerpts.map {
      Excerpt(path: Path($0.path), language: $0.language, lines: $0.lines, text: $0.text)
    }
    (prompt, promptTokenCount) = (packed.prompt.text, packed.prompt.tokenCount)
    self.search = search
  }
}
