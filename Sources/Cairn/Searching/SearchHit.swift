import Chunking
import IndexStorage
import Inspection
import Retrieval

/// A hit: a range of lines of a file, checked against the file as it is on disk.
///
///     for hit in response.hits { print("\(hit.path):\(hit.answerLine)", hit.score) }
public struct SearchHit: Hashable, Sendable {
  /// A named thing that is defined in these lines.
  public struct Symbol: Hashable, Sendable {
    public var kind: SymbolKind
    public var name: String
    /// With the names around it: `Parser.Options.limit`.
    public var qualifiedName: String
    /// The line, from 1, on which its name is.
    public var line: Int
  }

  /// One signal's part in the score.
  public struct Reason: Hashable, Sendable {
    /// `words`, `meaning`, `definition`, ...
    public var signal: String
    public var value: Float
    /// In words, for a person.
    public var note: String
  }

  /// Where on a line of the snippet something stands that the query says.
  public struct Match: Hashable, Sendable {
    /// The number of the line in the file as it is now, from 1.
    public var line: Int
    /// Columns of the line in bytes of UTF-8, from 1; the upper bound is the column after the match.
    public var columns: Range<Int>
  }

  /// In a search of several trees: what the one is called that the file is in.
  public var repository: String?
  /// Relative to the root of the workspace.
  public var path: Path
  /// The lower-case name of its language, `text` for none that is known.
  public var language: String
  /// Line numbers from 1, in the file as it is now.
  public var lines: ClosedRange<Int>
  /// The one of them that answers best: where what was asked for is defined, else the one with most of the query's
  /// words.
  public var answerLine: Int
  /// Where on that line what was asked for begins, in bytes of UTF-8, from 1; 1 too where the line holds none of it.
  public var answerColumn: Int
  public var symbols: [Symbol]
  /// Higher is better; comparable inside one response only.
  public var score: Float
  /// The lines to show, without their newlines. Bytes that are not UTF-8 become U+FFFD. Of a very long line the part
  /// around what was asked for, with an ellipsis where the rest is.
  public var snippet: [String]
  /// The number of the snippet's first line.
  public var snippetFirstLine: Int
  /// What of the query the lines of the snippet hold, in their order, if the request asked for that: quoted phrases,
  /// the query as a whole, and its words in all forms that are searched for. None overlap; a line that is shown in part
  /// has none.
  public var matches: [Match]
  /// Why it ranks where it does, if the request asked for that.
  public var reasons: [Reason]
  /// Whether the lines were found elsewhere in the file than where the index had them.
  public var hasMoved: Bool
  /// Lines of the file where other chunks that answer nearly as well begin, or define what is asked for; at most five,
  /// of which some may be in other hits.
  public var otherLines: [Int]
  /// In a search of the history: the commit that removed the lines, which are those of its `revision`.
  public var removedBy: RemovingCommit?
}

extension SearchHit {
  init(_ result: SearchResult, _ commits: CommitLog?, in repositories: [SearchResponse.Repository]) {
    repository = repositories.isEmpty ? nil : repositories[result.corpus].name
    removedBy = result.removal.flatMap { RemovingCommit($0, in: commits) }
    (path, language, lines) = (Path(result.path), result.language.name, result.lines)
    (answerLine, answerColumn) = (result.answerLine, result.answerOffset + 1)
    symbols = result.symbols.map {
      Symbol(kind: SymbolKind($0.kind), name: $0.name, qualifiedName: $0.qualifiedName, line: $0.line)
    }
    (snippet, snippetFirstLine) = (result.snippet, result.snippetFirstLine)
    matches = result.matches.map {
      Match(line: $0.line, columns: $0.columns.lowerBound + 1..<$0.columns.upperBound + 1)
    }
    reasons = result.explanation.map { Reason(signal: $0.signal, value: $0.value, note: $0.note) }
    (score, hasMoved, otherLines) = (result.score, result.hasMoved, result.otherLines)
  }
}
