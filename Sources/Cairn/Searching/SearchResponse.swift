import Corpus
import ResultNotes
import Retrieval
package import Searching

/// The answer to a `SearchRequest`.
///
///     let response = try await workspace.search(SearchRequest("parse a date"))
///     response.notes.forEach { print($0.message) }
public struct SearchResponse: Hashable, Sendable {
  /// Something that the query says and no indexed file holds, or none that its filters pass.
  public struct Absence: Hashable, Sendable {
    /// `phrase` (what was in quotation marks), `name` (as code writes it), `word`, `file` (a path that is all of the
    /// query), or `text` (anything else: signs, options, a token of several words, a long text of which no word is
    /// anywhere).
    public var kind: String
    public var text: String
    /// Names in the index that are spelt similarly, the nearest first; of a file, paths.
    public var nearNames: [String]
    /// Whether an indexed file holds it that the filters leave out.
    public var isElsewhere: Bool { elsewhere != nil }
    /// One such file.
    public var elsewhere: Path?
  }

  /// One of several trees that were searched together.
  public struct Repository: Hashable, Sendable {
    public var name: String
    public var root: Path
    /// How many files of it were searched, and whether these are all.
    public var fileCount: Int
    public var isComplete: Bool
    /// The full name of the commit that is checked out, if it is known.
    public var commit: String?
    public var freshness: Freshness
    /// Why it was not searched; nil where it was.
    public var failure: CairnError?

    package init(_ part: JointSearch.Part) {
      (name, root, fileCount, commit) = (part.name, Path(part.root), part.fileCount, part.commit)
      (isComplete, freshness) = (part.isComplete, Freshness(part.freshness))
      failure = part.failure.map { CairnError($0) }
    }
  }

  /// Best first.
  public var hits: [SearchHit]
  public var absences: [Absence]
  /// Whether what was asked for is nowhere, a quoted phrase, one name, or every word of it: all hits are only
  /// semantically similar.
  public var isAbsent: Bool
  /// Of a query with patterns what else it asks for; nil without them.
  package var textBesidePatterns: String?
  /// Chunks that would have been here but are no longer in their files.
  public var vanishedCount: Int
  /// Chunks that would have been here but whose files could not be read to show them.
  public var unreadableCount: Int
  /// Why: one for each file, in the order of their paths. A file whose code would perhaps have been here is among them
  /// too, where it could not be searched for a quoted phrase.
  public var unreadable: [CairnError]
  /// The committed state of the index that answered.
  public var generation: Int64
  /// False while a first run is running or after it was stopped, and where the index could not be brought up to date
  /// with a tree that has changed: files may be missing from the answer.
  public var isComplete: Bool
  /// The full name of the commit that was searched; nil for the files as they are.
  public var revision: String?
  /// What the answer stands on, and as of when.
  public var freshness: Freshness
  /// What the reader should know about the answer: it is from before a change, another process is indexing, ...
  public var notes: [CairnError]
  /// What the update before the answer did, where there was one.
  public var update: IndexReport?
  /// In a search of several trees: each of them, in their order.
  public var repositories: [Repository]

  init(_ outcome: SearchOutcome, _ parts: [JointSearch.Part] = []) {
    let results = outcome.results
    let all = parts.map { Repository($0) }
    repositories = all
    hits = results.results.map { SearchHit($0, outcome.commits, in: all) }
    absences = results.absences.map {
      Absence(
        kind: $0.kind.rawValue, text: $0.text, nearNames: $0.nearNames, elsewhere: $0.elsewhere.map { Path($0) })
    }
    (isAbsent, textBesidePatterns) = (results.isAbsent, results.textBesidePatterns)
    (vanishedCount, unreadableCount) = (results.vanishedCount, results.unreadableCount)
    unreadable = results.unreadable.map(CairnError.init)
    (generation, isComplete) = (results.generation, results.isComplete)
    (revision, freshness) = (outcome.revision?.description, Freshness(outcome.freshness))
    notes = (outcome.notes + results.filterProblems.map(\.note) + results.notes).map { CairnError($0) }
    update = outcome.update.map { IndexReport($0) }
  }
}
