package import Disk
import Inspection
package import Primitives

/// A corpus that is kept known: it is listed once, and then asked what has changed, which costs what the directories
/// with changes cost and nothing that grows with the tree. Whatever happens to the tree, what is known after `changes`
/// is what a fresh `CorpusWalker` would list.
///
///     let events = try FileEvents()
///     let tree = WatchedTree(root: root, ownDirectory: index, events: events)
///     let listing = try tree.list()
///     while true {
///       tree.note(events.next(timeout: nil))
///       if let changes = try tree.changes() { ... } else { ... try tree.list() ... }
///     }
///
/// Each directory is watched before it is listed, so that nothing is missed in between; so are the files of git's and
/// the user's that decide what belongs to the tree, wherever they lie. Directories that the rules leave out have no
/// watch. `FileEvents` says which changes the kernel does not tell of; `poll` finds them. Some of these may be known to
/// be possible: files with other names, something mounted in the tree, a file that is written after its name is gone.
/// `lookForUntold` finds them, for little.
///
/// For one thread at a time. Keeps the path and the fingerprint of each file, in the same memory as the listing.
package final class WatchedTree {
  let root: FilePath
  let options: WalkOptions
  let environment: GitEnvironment
  private let ownDirectory: FilePath?
  let events: FileEvents?
  private let afterWatch: (@Sendable (FilePath) -> Void)?

  // What is known, which the visits keep (WatchedTree+Visiting.swift).
  var context: WalkContext?
  /// On what it hangs that the context is right.
  var consulted: ConsultedFiles?
  var contextWatches: [FileEvents.Watch] = []
  var top: KnownDirectory?
  var watcher: DirectoryWatcher
  var targets = WatchTargets()
  var difference = CorpusDifference()
  var fileCount = 0
  var leftOut: [SkipReason: Int] = [:]
  var unread: [FilePath: UnreadEntry] = [:]
  /// How often a directory was visited: while it is the same, so is all that is known.
  package internal(set) var visitCount = 0
  /// Whether a limit kept something out of the listing.
  private var isListingCut = false

  /// What is to be visited again.
  var dirty: [KnownDirectory] = []
  var isContextDirty = false
  /// Whether nothing is known, or what is known cannot be mended.
  var mustList = true

  /// The directories that hold files with other names.
  var linkedDirectories: [ObjectIdentifier: KnownDirectory] = [:]
  /// The files with other names.
  package internal(set) var linkedCount = 0
  /// The inodes of such files that were not known before: their other names may be in the tree.
  var newlyLinked: Set<UInt64> = []
  /// Whether a file was written under a name that is gone, so that it may be known by another.
  var isWrittenUnseen = false
  private var mounts: MountTable?

  /// Directories that are not watched, because the system's limit was reached or there are no events: changes in them
  /// are found by `poll` alone.
  package internal(set) var unwatchedCount = 0
  /// The directories of the corpus.
  package internal(set) var directoryCount = 0

  /// Reads no disk.
  ///
  /// - Parameters:
  ///   - ownDirectory: the index, which is no part of the corpus and is not watched, if it lies in the tree.
  ///   - events: a queue for this tree alone, whose reader hands what comes on to `note`; nil to have nothing watched.
  ///   - afterWatch: called with the path of each directory once it is watched, and before it is listed, from any
  ///     thread; only a test wants to know.
  package init(
    root: FilePath, ownDirectory: FilePath? = nil, options: WalkOptions = WalkOptions(),
    environment: GitEnvironment = .process, events: FileEvents?, afterWatch: (@Sendable (FilePath) -> Void)? = nil
  ) {
    self.root = root
    self.ownDirectory = ownDirectory
    self.options = options
    self.environment = environment
    self.events = events
    self.afterWatch = afterWatch
    watcher = DirectoryWatcher(events, ownDirectory: nil, afterWatch: nil)
  }

  deinit { forgetAll() }

  /// Why not all changes are known without `poll`; nil if they are, after `lookForUntold`. `.watchLimit` says what to
  /// do.
  package var watchFailure: Failure? {
    if unwatchedCount > 0 { return watcher.failure }
    if linkedCount <= Self.linkedLimit { return nil }
    return Failure(
      .untold,
      "\(linkedCount) of its files have other names too (hard links), under which they may change without the system "
        + "telling of it")
  }

  /// Whether changes may come about that neither events nor `lookForUntold` tell of.
  package var mustBePolled: Bool { unwatchedCount > 0 || linkedCount > Self.linkedLimit }

  /// Of more files with other names not each is looked at when somebody asks: it would take longer than a search.
  package static let linkedLimit = 5_000

  /// Whether `changes` may have something to tell.
  package var isDirty: Bool { mustList || isContextDirty || !dirty.isEmpty || !difference.isEmpty }

  /// Whether single directories can be visited again: what a limit or a link that is followed makes of a tree depends
  /// on the whole of it.
  var isLocal: Bool { !options.followsLinks && options.fileLimit == 0 && options.timeLimit == nil }

  /// Whether something could not be read, so that what is in it is not known.
  package var hasUnread: Bool { !unread.isEmpty }

  /// What is left out, as far as it is known, in no particular order.
  package var skippedEntries: [SkippedEntry] {
    var entries: [SkippedEntry] = []
    var rest = top.map { [$0] } ?? []
    while let directory = rest.popLast() {
      entries += directory.skipped
      rest += directory.children
    }
    return entries
  }

  /// Lists the tree, as `CorpusWalker` does but for the index, and begins to watch it. Throws as that does; the tree is
  /// then not known.
  package func list(progress: (@Sendable (Int) -> Void)? = nil) throws(Failure) -> CorpusListing {
    forgetAll()
    let began = wallClockNanoseconds()
    if events != nil { mounts = MountTable(below: try resolvedPath(root)) }
    var own: FilePath?
    if let ownDirectory { own = try resolvedPath(ownDirectory).relative(to: resolvedPath(root)) }
    watcher = DirectoryWatcher(events, ownDirectory: own, afterWatch: afterWatch)
    let walker = CorpusWalker(root: root, options: options, environment: environment)
    var (listing, context) = try walker.list(progress: progress, observer: watcher)
    if let own { listing.leaveOut(own) }
    self.context = context
    consulted = context.consulted
    learn(watcher.takeVisits(), context, began: began)
    newlyLinked = []
    fileCount = listing.files.count
    for entry in listing.skipped { leftOut[entry.reason, default: 0] += 1 }
    for entry in listing.unread { unread[entry.path] = entry }
    difference = CorpusDifference()
    isListingCut = !isLocal && listing.isCut
    mustList = false
    findContextPlaces()
    return listing
  }

  /// What differs from what was known at the last call, or from the listing if this is the first since. Nil if the tree
  /// must be listed anew: events were lost, the root was replaced, what decides outside the tree which files belong to
  /// it has changed; or if anything may have changed, where the options set a limit of files or of time or follow
  /// links.
  ///
  /// Blocks the calling thread and works on it alone, also where a repository in the tree tracks other paths than
  /// before or an ignore file was changed: all that it rules is visited again. Throws where `list` would; what was to
  /// be visited stays so.
  package func changes() throws(Failure) -> CorpusChanges? {
    if mustList { return nil }
    if isDirty {
      guard isLocal, try settle() else {
        mustList = true
        return nil
      }
    }
    var changes = difference.changes()
    difference = CorpusDifference()
    changes.fileCount = fileCount
    changes.leftOut = leftOut
    changes.isCut = isListingCut || !unread.isEmpty
    changes.unread = unread.values.sorted { $0.path < $1.path }
    return changes
  }

  /// Takes note of where something has happened. Touches no disk.
  package func note(_ events: [FileEvents.Event]) {
    for event in events {
      guard let watch = event.watch else {
        mustList = true
        continue
      }
      let isOver = event.kind == .directoryGone
      for place in targets.places(watch) where isOver || place.names.contains(event.name) {
        place.owner?.mustFindPlaces = true
        if let owner = place.owner { mark(owner) } else { isContextDirty = true }
      }
      for directory in targets.knownDirectories(watch) { note(event, in: directory) }
      if isOver { targets.remove(watch) }
    }
  }

  /// Looks for changes that no event tells of, as far as it is known that there may be any: in files that have other
  /// names, by what was mounted in the tree since, and by a file that was written when its name was gone, for which the
  /// whole tree is visited. Then `isDirty` says whether there are any. Costs a system call for each file with other
  /// names, and one more.
  package func lookForUntold() {
    if mounts?.hasChanged() == true { mustList = true }
    // What events have told of comes first: it shows which of the names are gone.
    if !dirty.isEmpty, isLocal { settleOrRelist() }
    guard !mustList else { return }
    let now = wallClockNanoseconds()
    for directory in linkedDirectories.values {
      for file in directory.linked {
        let status = try? FileStatus(of: root.appending(file.path), followsLinks: false)
        // One of a time to come would be so for ever.
        let isRacy = file.fingerprint.isRacy(readAt: directory.visitedAt) && file.fingerprint.modified <= now
        if let status, !isRacy, Fingerprint(status) == file.fingerprint { continue }
        mark(directory)
        // As if an event had told of it.
        if status != nil { directory.touched.insert(file.path.lastComponent) }
      }
    }
    if isWrittenUnseen {
      isWrittenUnseen = false
      poll(everything: true)
    }
  }

  private func note(_ event: FileEvents.Event, in directory: KnownDirectory) {
    if event.kind == .directoryGone {
      setMark(nil, of: directory)
      if directory === top { mustList = true }
    }
    // Writing the index is no news.
    if event.name == FilePath.indexDirectoryName { return }
    mark(directory)
    if !event.isDirectory {
      if event.kind == .vanished { directory.touched.remove(event.name) } else { directory.touched.insert(event.name) }
    }
    if event.isDirectory, !event.name.isEmpty, let child = directory.child(event.name) { mark(child) }
  }

  /// Looks for changes that no event tells of: visits the directories that are not watched, all where there are no
  /// events. Then `isDirty` says whether there are any, and `changes` which. Costs what a walk of these directories on
  /// one thread costs; with no such directory, a look at a few files of git's.
  ///
  /// - Parameter everything: also visits directories that are watched, for what the kernel does not tell.
  package func poll(everything: Bool = false) {
    guard !mustList, let top else { return }
    if !everything { lookForUntold() }
    if mustList { return }
    guard isLocal else {
      mustList = everything || unwatchedCount > 0
      return
    }
    if consulted?.isUnchanged(distrustsTimes: true) == false { isContextDirty = true }
    var rest = [top]
    while let directory = rest.popLast() {
      rest += directory.children
      let isSuspect = everything || directory.mark?.watch == nil
      if isSuspect || directory.rules.consulted?.isUnchanged(distrustsTimes: true) == false { mark(directory) }
    }
    settleOrRelist()
  }

  private func settleOrRelist() {
    do throws(Failure) { if try !settle() { mustList = true } } catch {
      // What could not be visited is dirty still: `changes` meets the same failure, and throws it.
    }
  }
}
