import Disk
import Inspection
import Primitives

// How what is known is made, and mended where something has changed.

extension WatchedTree {
  // MARK: The whole

  /// Forgets what is known, and every watch.
  func forgetAll() {
    if let events { for watch in targets.watches { events.forget(watch) } }
    targets = WatchTargets()
    contextWatches = []
    top = nil
    context = nil
    consulted = nil
    dirty = []
    isContextDirty = false
    mustList = true
    unwatchedCount = 0
    linkedDirectories = [:]
    linkedCount = 0
    newlyLinked = []
    isWrittenUnseen = false
    directoryCount = 0
    fileCount = 0
    leftOut = [:]
    unread = [:]
    difference = CorpusDifference()
  }

  /// Makes the directories of what a walk has visited.
  ///
  /// - Parameter began: when the walk began, in nanoseconds since 1970.
  func learn(_ visits: [VisitedDirectory], _ context: WalkContext, began: Int64) {
    var known: [[UInt8]: KnownDirectory] = [:]
    known.reserveCapacity(visits.count)
    for visit in visits where !watcher.isOwn(context.relative(visit.subtree.path)) {
      let directory = KnownDirectory(visit.subtree)
      directory.visitedAt = began
      known[visit.subtree.path] = directory
    }
    for visit in visits {
      guard let directory = known[visit.subtree.path] else { continue }
      take(visit, in: directory)
      directory.children = visit.deeper.compactMap { known[$0.path] }
    }
    directoryCount = known.count
    top = known[context.start.path]
  }

  /// Takes over what a directory lists itself.
  private func take(_ visit: VisitedDirectory, in directory: KnownDirectory) {
    visitCount += 1
    // They grew while they were made.
    directory.files = Array(visit.files[...])
    directory.skipped = visit.skipped.filter { !watcher.isOwn($0.path) }
    directory.unread = visit.unread.filter { !watcher.isOwn($0.path) }
    setLinked(visit.linked, of: directory)
    if directory.mark != visit.mark { setMark(visit.mark, of: directory) }
    let isOfOthers = directory.rules.consulted !== visit.rules.consulted
    directory.rules = visit.rules
    if isOfOthers || directory.mustFindPlaces { findPlaces(of: directory) }
  }

  private func setLinked(_ linked: [LinkedFile], of directory: KnownDirectory) {
    if linked == directory.linked { return }
    linkedCount += linked.count - directory.linked.count
    let known = Set(directory.linked.map(\.fingerprint.inode))
    newlyLinked.formUnion(linked.map(\.fingerprint.inode).filter { !known.contains($0) })
    directory.linked = linked
    linkedDirectories[ObjectIdentifier(directory)] = linked.isEmpty ? nil : directory
  }

  /// Has the directories visited that hold other names of files that were seen to have several: making such a name
  /// tells nobody of the first.
  private func markOtherNames() {
    let inodes = newlyLinked
    newlyLinked = []
    guard !inodes.isEmpty, let top else { return }
    var rest = [top]
    while let directory = rest.popLast() {
      rest += directory.children
      let known = Set(directory.linked.map(\.fingerprint.inode))
      let isOther = directory.files.contains { file in
        inodes.contains(file.fingerprint.inode) && !known.contains(file.fingerprint.inode)
      }
      if isOther { mark(directory) }
    }
  }

  func mark(_ directory: KnownDirectory) {
    if directory.isDirty || directory.isDropped { return }
    directory.isDirty = true
    dirty.append(directory)
  }

  // MARK: Watches

  func setMark(_ mark: DirectoryMark?, of directory: KnownDirectory) {
    if directory.isUnwatched { unwatchedCount -= 1 }
    if let watch = directory.mark?.watch, watch != mark?.watch, targets.remove(directory, watch) {
      events?.forget(watch)
    }
    if let watch = mark?.watch, watch != directory.mark?.watch { targets.add(directory, watch) }
    directory.mark = mark
    if directory.isUnwatched { unwatchedCount += 1 }
  }

  /// Watches the places in which it shows that the directory's repository is another.
  private func findPlaces(of directory: KnownDirectory) {
    directory.mustFindPlaces = false
    let old = directory.placeWatches
    directory.placeWatches = watchPlaces(of: directory.rules.consulted, owner: directory, instead: old)
    // It may have become so before they were watched.
    if directory.rules.consulted?.isUnchanged(distrustsTimes: false) == false { mark(directory) }
  }

  func findContextPlaces() {
    contextWatches = watchPlaces(of: consulted, owner: nil, instead: contextWatches)
    isContextDirty = consulted?.isUnchanged(distrustsTimes: false) == false
  }

  private func watchPlaces(
    of consulted: ConsultedFiles?, owner: KnownDirectory?, instead old: [FileEvents.Watch]
  ) -> [FileEvents.Watch] {
    guard let events else { return [] }
    var watches: [FileEvents.Watch] = []
    var found: [(FileEvents.Watch, Set<FilePath>)] = []
    for (path, names) in consulted?.places() ?? [:] {
      // One that is not there, or that this user may not read: the one above is among the places, too.
      guard let directory = try? OpenDirectory(path),
        let watch = watcher.watch(directory, for: .finishedEntries, path)
      else { continue }
      found.append((watch, names))
      watches.append(watch)
    }
    // Those that stay are not let go in between.
    for watch in Set(old) {
      let isFree = targets.removePlaces(of: owner, watch)
      if isFree, !watches.contains(watch) { events.forget(watch) }
    }
    for (watch, names) in found { targets.add(WatchTargets.Place(names: names, owner: owner), watch) }
    return watches
  }

  // MARK: Visits

  /// Visits what is dirty. False if that is not enough.
  func settle() throws(Failure) -> Bool {
    guard let context, top != nil else { return false }
    // Under another name it may be the same, and under this one another.
    let (held, named) = (try context.start.anchor.status(), try FileStatus(of: context.root))
    guard LinkedPlace.Identity(held) == LinkedPlace.Identity(named), try resolvedPath(root) == context.root else {
      return false
    }
    if isContextDirty {
      if consulted?.isUnchanged(distrustsTimes: true) == false {
        let now = try WalkContext(
          root: context.root, directory: context.start.anchor, options: options, environment: environment,
          observer: watcher)
        guard now.decides(as: context) else { return false }
        consulted = now.consulted
      }
      findContextPlaces()
    }
    // What lies above comes first: it may have to do with the same change, or be gone with all below.
    // Twice, where the first shows what else is to be visited.
    for _ in 0..<2 where !dirty.isEmpty {
      var rest = dirty.sorted { $0.subtree.path.count > $1.subtree.path.count }
      dirty = []
      while let directory = rest.last {
        if directory.isDirty, !directory.isDropped {
          do throws(Failure) { try visit(directory, context) } catch {
            dirty += rest
            throw error
          }
        }
        rest.removeLast()
      }
      markOtherNames()
    }
    return true
  }

  /// Visits the directory, and those below it that this shows to be new or to be judged otherwise.
  private func visit(_ start: KnownDirectory, _ context: WalkContext) throws(Failure) {
    var waiting = [start]
    while let directory = waiting.popLast() {
      let began = wallClockNanoseconds()
      var visit = DirectoryVisit(directory.subtree, on: context, knownRules: directory.rules)
      let deeper = directory === top ? try visit.runAtRoot() : visit.run()
      directory.isDirty = false
      waiting += absorb(VisitedDirectory(directory.subtree, visit, deeper: deeper), in: directory, context)
      tellDoubtful(in: directory, context)
      directory.visitedAt = began
    }
  }

  /// Takes over what the visit has shown, and returns the directories to visit next.
  private func absorb(
    _ visit: VisitedDirectory, in directory: KnownDirectory, _ context: WalkContext
  ) -> [KnownDirectory] {
    let isReplaced =
      directory.mark?.identity != visit.mark?.identity
      || directory.mark?.watch != nil && directory.mark?.watch != visit.mark?.watch
    var before = directory.children[...]
    var children: [KnownDirectory] = []
    var next: [KnownDirectory] = []
    for subtree in visit.deeper where !watcher.isOwn(context.relative(subtree.path)) {
      while let first = before.first, first.subtree.path.lexicographicallyPrecedes(subtree.path) {
        drop(first)
        before.removeFirst()
      }
      if let first = before.first, first.subtree.path == subtree.path {
        before.removeFirst()
        if isReplaced {
          drop(first)
        } else {
          if !first.subtree.isJudged(as: subtree) {
            first.subtree = subtree
            next.append(first)
          }
          children.append(first)
          continue
        }
      }
      let child = KnownDirectory(subtree)
      directoryCount += 1
      children.append(child)
      next.append(child)
    }
    for child in before { drop(child) }
    directory.children = children
    let (files, skipped, unread) = (directory.files, directory.skipped, directory.unread)
    take(visit, in: directory)
    compare(files, directory.files, \.path, removed: remove, added: add)
    compare(skipped, directory.skipped, \.path, removed: remove, added: add)
    compare(unread, directory.unread, \.path, removed: remove, added: add)
    return next
  }

  /// A file that is written twice within a step of the file system's clock, and read in between, has the same times and
  /// perhaps the same size after both: only the event tells of the second time. So one that something has happened to
  /// is told of although its fingerprint is what it was, where its times are not older than the visit before.
  private func tellDoubtful(in directory: KnownDirectory, _ context: WalkContext) {
    if directory.touched.isEmpty { return }
    // Of what was removed since, that is told. One that is gone without that was written when its name was: the file
    // may be in the tree by another.
    let place = context.root.appending(context.relative(directory.subtree.path))
    if directory.touched.contains(where: { !fileExists(place.appending($0)) }) { isWrittenUnseen = true }
    for file in directory.files
    where directory.touched.contains(file.path.lastComponent)
      && file.fingerprint.isRacy(readAt: directory.visitedAt)
    { difference.doubt(file) }
    directory.touched = []
  }

  /// Takes the directory and all below it out of what is known.
  private func drop(_ start: KnownDirectory) {
    var rest = [start]
    while let directory = rest.popLast() {
      rest += directory.children
      directory.isDropped = true
      directoryCount -= 1
      setMark(nil, of: directory)
      setLinked([], of: directory)
      _ = watchPlaces(of: nil, owner: directory, instead: directory.placeWatches)
      directory.files.forEach(remove)
      directory.skipped.forEach(remove)
      directory.unread.forEach(remove)
    }
  }

  // MARK: What is told

  private func add(_ file: SourceFile) {
    fileCount += 1
    difference.add(file)
  }
  private func remove(_ file: SourceFile) {
    fileCount -= 1
    difference.remove(file)
  }
  private func add(_ entry: SkippedEntry) {
    leftOut[entry.reason, default: 0] += 1
    difference.add(entry)
  }
  private func remove(_ entry: SkippedEntry) {
    let count = leftOut[entry.reason] ?? 0
    leftOut[entry.reason] = count > 1 ? count - 1 : nil
    difference.remove(entry)
  }
  private func add(_ entry: UnreadEntry) {
    unread[entry.path] = entry
    difference.add(entry)
  }
  private func remove(_ entry: UnreadEntry) {
    unread[entry.path] = nil
    difference.remove(entry)
  }
}

/// Hands on how two lists in the order of `path` differ: everything that is not in both as it is, what was removed
/// first.
private func compare<Entry: Equatable>(
  _ before: [Entry], _ now: [Entry], _ path: (Entry) -> FilePath, removed: (Entry) -> Void, added: (Entry) -> Void
) {
  var new: [Entry] = []
  var rest = before[...]
  for entry in now {
    while let first = rest.first, path(first) < path(entry) {
      removed(first)
      rest.removeFirst()
    }
    if let first = rest.first, path(first) == path(entry) {
      rest.removeFirst()
      if first == entry { continue }
      removed(first)
    }
    new.append(entry)
  }
  rest.forEach(removed)
  new.forEach(added)
}
