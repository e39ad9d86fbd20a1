/// What an examination of a tree's index found.
///
///     for check in try await workspace.examine().checks where check.state == .bad { print(check.message) }
public struct Examination: Hashable, Sendable {
  /// What one check found; one that finds several things is there several times.
  public struct Check: Hashable, Sendable {
    /// `note`: nothing is wrong, and somebody may want to know. `bad`: answers may be wrong or missing, or the next run
    /// fails. `notChecked`: it could not be looked at.
    public enum State: String, Hashable, Sendable {
      case good, note, bad
      case notChecked = "not-checked"
    }
    /// `catalog`, `segments`, `postings` ...: the names are stable, and there may be more of them.
    public var name: String
    public var state: State
    /// What was found and, where something is wrong, what that means.
    public var message: String
    public var path: Path?
    /// What to do about it; nil where the message says it.
    public var remedy: CairnError.Remedy?
  }
  public var root: Path
  public var indexDirectory: Path
  public var checks: [Check]
  /// What a repair did, a sentence each; `notes` say what kept it from something.
  public var repairs: [String] = []
  public var notes: [CairnError] = []
  public var seconds = 0.0

  /// Whether no check found anything bad.
  public var isSound: Bool { !checks.contains { $0.state == .bad } }
}

/// What became of the files of an index that was removed; of no directory where only what is not Cairn's was there.
public struct Removal: Hashable, Sendable {
  /// Directories that held an index: the tree's, and those of slower models in it.
  public var directories: [Path]
  public var fileCount: Int
  public var byteCount: Int
  /// What is still there, and why.
  public var left: [CairnError]
}
