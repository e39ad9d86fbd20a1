package import Primitives

/// What went wrong, where, and what to do about it.
///
///     do { try await workspace.search(SearchRequest("parse a date")) }
///     catch where error.code == .locked { print("another process is indexing") }
public struct CairnError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of error, for callers that act on it. Open: later versions may give codes that have no name here.
  public struct Code: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let notFound = Code(rawValue: "not-found")
    public static let permissionDenied = Code(rawValue: "permission-denied")
    public static let diskFull = Code(rawValue: "disk-full")
    public static let inputOutput = Code(rawValue: "input-output")
    public static let invalidArgument = Code(rawValue: "invalid-argument")
    /// A configuration file, variable or flag says something that no setting accepts.
    public static let invalidConfiguration = Code(rawValue: "invalid-configuration")
    public static let damaged = Code(rawValue: "damaged")
    /// A directory that should hold the index is not Cairn's.
    public static let notOurs = Code(rawValue: "not-ours")
    /// A file of the index is not what its name says.
    public static let wrongFormat = Code(rawValue: "wrong-format")
    public static let unsupportedVersion = Code(rawValue: "unsupported-version")
    /// Another writer is at work on the index.
    public static let locked = Code(rawValue: "locked")
    /// There is no index to answer from.
    public static let noIndex = Code(rawValue: "no-index")
    /// The index was built with another model than this program's; index again.
    public static let differentModel = Code(rawValue: "different-model")
    /// The tree is in no git repository, so that it has neither commits nor a history.
    public static let noRepository = Code(rawValue: "no-repository")
    /// The repository has no such commit, or not any more.
    public static let unknownRevision = Code(rawValue: "unknown-revision")
    /// git is not installed, or not to be had outside of the tree.
    public static let gitMissing = Code(rawValue: "git-missing")
    /// git ended with an error, did not answer, or said what it does not say.
    public static let gitFailed = Code(rawValue: "git-failed")
    /// git refuses a repository that belongs to somebody else.
    public static let untrustedRepository = Code(rawValue: "untrusted-repository")
    /// The directory of a tree that is watched was removed or moved, or another one is in its place.
    public static let treeGone = Code(rawValue: "tree-gone")
    public static let cancelled = Code(rawValue: "cancelled")
    /// The parser of a file's language failed: the file is indexed by its lines, without symbols.
    public static let parserFailed = Code(rawValue: "parser-failed")
    /// A file is still without the syntax that an earlier run had no memory for: it is indexed by its lines, without
    /// symbols.
    public static let withoutSyntax = Code(rawValue: "without-syntax")
    /// An earlier run ended while it was at the file, which is skipped, whole or its syntax.
    public static let endedRun = Code(rawValue: "ended-a-run")
  }

  public var code: Code
  /// A sentence that says what happened.
  public var message: String
  /// The file or directory it happened at.
  public var path: Path?
  /// What the layer below said: the system, the database, a parser.
  public var cause: String?
  /// What to do about it; nil where the message says it, or nothing can be done.
  public var remedy: Remedy?

  public init(_ code: Code, _ message: String, path: Path? = nil, cause: String? = nil, remedy: Remedy? = nil) {
    self.code = code
    self.message = message
    self.path = path
    self.cause = cause
    self.remedy = remedy
  }

  /// Path, message, remedy and cause in one line. The remedy is in words of no program: `index again`, not a command.
  public var description: String { description { $0.words(after: code) } }

  /// The same with the remedy in the words of a door, which `words` gives; nil for a remedy that it does not know.
  package func description(remedyWords words: (Remedy) -> String?) -> String {
    // `there is no such file or directory (No such file or directory)` says one thing twice.
    let isSaid = cause.map { message.lowercased().hasSuffix($0.lowercased()) } ?? true
    return (path.map { "\($0): " } ?? "") + message + (remedy.flatMap(words).map { "; \($0)" } ?? "")
      + (isSaid ? "" : " (\(cause ?? ""))")
  }
}

extension CairnError {
  package init(_ failure: Failure) {
    self.init(
      Code(rawValue: failure.code.rawValue), failure.message, path: failure.path.map { Path($0) }, cause: failure.cause,
      remedy: Remedy(failure.remedy))
  }
}

/// Runs `body` and hands its failure to the library's users in their own type.
package func asCairnError<Result>(_ body: () throws(Failure) -> Result) throws(CairnError) -> Result {
  do { return try body() } catch { throw CairnError(error) }
}
