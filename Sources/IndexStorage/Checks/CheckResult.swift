package import Primitives

/// What an examination looks at, in the order in which it is told. The raw values are what programs see.
package enum IndexCheck: String, Hashable, Sendable, CaseIterable {
  /// There is an index, and it is this user's.
  case index
  /// What owners, links and modes of the index's own files are.
  case permissions
  /// The file system that the index lies on.
  case disk
  /// The writer's lock.
  case lock
  /// The catalog, by SQLite's own checks and by its checksums.
  case catalog
  /// The mark of the newest generation.
  case mark
  /// A rollback journal, and a log that holds commits.
  case journal
  /// What was named on the command line that built the index.
  case options
  /// The segments and what the catalog says of them.
  case segments
  /// Every byte of the segments.
  case checksums
  /// The posting lists and the text that they were made of.
  case postings
  /// What belongs to no committed state.
  case orphans
  /// How far the files have changed since.
  case freshness
  /// The newest run in the journal.
  case lastRun = "last-run"
  /// What is not in the index.
  case leftOut = "left-out"
  /// The model that made the vectors.
  case model
  /// The settings and their files.
  case settings
  /// The grammars that are part of the program.
  case grammars
  /// What the system lets a program watch.
  case watches
  /// Memory, and limits of it.
  case memory
}

/// One line of an examination: what a check found. A check that finds several things has several.
package struct CheckResult: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case good
    /// Nothing is wrong, and somebody may want to know.
    case note
    /// Something is wrong: an answer may be wrong or missing, or the next run fails.
    case bad
    /// It could not be looked at; the message says why.
    case notChecked = "not-checked"
  }
  /// What a repair does about a finding.
  package enum Repair: Hashable, Sendable {
    /// Files of Cairn's own get the mode that they are made with.
    case restrict
    /// What has the name of a file of Cairn's, is none, and holds nothing, is removed: a pipe, a link, an empty
    /// directory.
    case removeObstacles
    /// The directory of an index that is not used, since others may look into it, is closed to them.
    case closeDirectory
    /// What is left of an index that is not believed is removed.
    case removeRemains
    /// What no committed state needs is removed.
    case vacuum
    /// The options that were kept with the index, which cannot be read, are removed.
    case forgetOptions
    /// The rollback journal, which nobody plays back, is removed.
    case removeJournal
    /// A run mends the catalog, or reads the files of marked segments again.
    case run
    /// A run reads the files of the segment again, although its bytes are those that were written.
    case reread(segment: Int64)
    /// The catalog of an index that no run over the tree fills is removed: the next run over its commits makes all of
    /// it again.
    case removeCatalog
  }

  package var check: IndexCheck
  package var state: State
  /// A sentence without the words of any door: what was found and, where something is wrong, what that means.
  package var message: String
  /// The file or directory that it is about.
  package var path: FilePath?
  /// What to do about it; nil where the message says it, or nothing need be done.
  package var remedy: Remedy?
  /// What mends it; nil where nothing is wrong, or only a person can.
  package var repair: Repair?

  package init(
    _ check: IndexCheck, _ state: State, _ message: String, path: FilePath? = nil, remedy: Remedy? = nil,
    repair: Repair? = nil
  ) {
    self.check = check
    self.state = state
    self.message = message
    self.path = path
    self.remedy = remedy ?? (repair == nil ? nil : Remedy(.repair))
    self.repair = repair
  }

  /// A finding in the words of `failure`, whose remedy gives way to a repair.
  package init(_ check: IndexCheck, _ state: State, _ failure: Failure, repair: Repair? = nil) {
    // `there is no such file or directory (No such file or directory)` says one thing twice.
    let cause = failure.cause.flatMap { failure.message.lowercased().hasSuffix($0.lowercased()) ? nil : " (\($0))" }
    self.init(
      check, state, failure.message + (cause ?? ""), path: failure.path,
      remedy: repair == nil ? failure.remedy : Remedy(.repair), repair: repair)
  }
}

/// `1 file`, `2 files`.
package func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
