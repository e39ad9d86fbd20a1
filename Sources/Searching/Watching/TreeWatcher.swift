import Disk
package import IndexStorage
import Indexing
import ModelOpening
package import Primitives
import Settings

/// What a watcher tells of itself.
package enum WatchNews: Sendable {
  /// Another process watches the tree: this one waits for its turn. Nil where that one has not said who it is.
  case standingBy(processID: Int?)
  /// The tree was seen whole, and is watched from here on.
  case watching(WatchRecord, UpdateReport)
  /// Something had changed and is in the index.
  case updated(UpdateReport)
  /// Something went wrong; it is tried again.
  case failed(Failure)
}

/// Keeps the index of one tree fresh, on the thread that calls `run`.
///
/// It waits for the system to tell of changes, gathers what comes in a moment, looks at the directories that these were
/// in, and commits what is new as a small generation. Larger merges are left to times when nothing happens, and end
/// when something does. It holds the index' watch, not its writer's lock: that is taken for each run.
///
/// The tree's directory is held open, and nothing is made or written once its path leads elsewhere.
struct TreeWatcher {
  /// Whose index is reached from `tree`.
  let session: IndexSession
  let tree: HeldRoot
  /// Whether it looks at the files now and then though the system could tell of changes.
  let polls: Bool
  let cancellation: Cancellation
  let makeEvents: @Sendable () throws(Failure) -> FileEvents
  let tell: @Sendable (WatchNews) -> Void

  // MARK: Times

  /// What comes in so short a time is taken together: a program that saves a file makes several changes of it.
  static let shortestGathering = Duration.milliseconds(2)
  /// While changes go on, those of so long a time; of as long as the run before took, where that is more.
  static let gathering = Duration.milliseconds(25)...Duration.milliseconds(500)
  /// While files only go, the next is awaited for so long, and all for no longer than so: what is being removed may be
  /// the whole tree, whose last directory could not be removed if a file were made in it.
  static let goingGathering = Duration.milliseconds(200)...Duration.seconds(3)
  /// Without changes for so long, there is time to merge.
  static let quiet = Duration.seconds(2)
  /// Without changes for so long, nobody is removing the index, or writing the settings, any more.
  static let settling = Duration.milliseconds(500)
  /// While another process writes for longer, searches are left to look for themselves.
  static let lockPatience = Duration.milliseconds(500)
  /// After the first failure; twice as long after each that follows, up to about a minute.
  static let pauseAfterFailure = Duration.seconds(1)
  /// How often it is seen whether the watcher before is gone.
  private static let patience = Duration.milliseconds(500)
  /// A tree that is back in its place after so short a time is watched on.
  private static let absence = Duration.seconds(1)
  /// Polling takes no more than this share of one core, and comes no more often than so.
  static let pollingShare = 0.01
  static let shortestPollInterval = Duration.seconds(1)

  /// Watches until it is cancelled, which it throws, the tree is gone, which it throws too, or the settings are others.
  func run() throws(Failure) {
    try session.checkTree()
    try session.place.checkWritable()
    let site = session.place.site
    var before: IndexDirectory?
    while true {
      try checkTreeIsThere()
      let directory: IndexDirectory
      do throws(Failure) {
        if let before { try site.renew(before) }
        directory = try site.make()
      } catch {
        // What has taken the place of an index is left alone, and another place is looked up.
        if before != nil, error.code == .notOurs { return }
        if error.code == .locked {
          try wait(for: Self.patience)
          continue
        }
        throw error
      }
      let lock = try waitForTurn(directory)
      defer { withExtendedLifetime(lock) {} }
      var watch = try RunningWatch(of: self, directory, isRenewed: before != nil)
      switch try watch.run() {
      case .settingsChanged: return try checkTreeIsThere()
      case .indexReplaced: before = directory
      }
    }
  }

  /// Takes the watch, and waits for the one who has it to end.
  private func waitForTurn(_ directory: IndexDirectory) throws(Failure) -> FileLock {
    var told = false
    while true {
      try cancellation.check()
      try checkTreeIsThere()
      if let lock = try directory.lockForWatching() { return lock }
      if !told {
        var processID: Int?
        if case .watching(let record) = try directory.watch() { processID = record.processID }
        tell(.standingBy(processID: processID))
        told = true
      }
      try wait(for: Self.patience)
    }
  }

  /// Throws `.treeGone` where the tree's path leads to another directory or to none, and still does after a moment. It
  /// costs a few system calls where that is not so.
  func checkTreeIsThere() throws(Failure) {
    if tree.isInPlace { return }
    let end = ContinuousClock.now + Self.absence
    while ContinuousClock.now < end {
      try wait(for: .milliseconds(20))
      if tree.isInPlace { return }
    }
    throw .treeGone(tree.path)
  }

  func wait(for duration: Duration) throws(Failure) {
    try pause(for: duration, SearchContext(cancellation: cancellation))
  }

  /// The files that say which files are indexed and how, as they are now.
  func settingFiles(_ directory: IndexDirectory) -> [FileStatus?] {
    [try? FileStatus(of: tree.path.appending(SettingValues.fileName)), directory.statusOfOptions()]
  }
}
