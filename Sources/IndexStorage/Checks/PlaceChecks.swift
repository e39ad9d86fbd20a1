import Catalog
package import Disk
package import Primitives

// The directory of an index as the system sees it.

extension IndexDirectory {
  /// Whether all that is Cairn's is this user's and closed to others. Two system calls for each file.
  func checkPermissions() -> [CheckResult] {
    let entries: [Entry]
    do throws(Failure) { entries = try self.entries() } catch {
      return [CheckResult(.permissions, .bad, error)]
    }
    var results: [CheckResult] = []
    var openCount = 0
    for entry in entries {
      switch entry.role {
      case .foreign: continue
      case .obstacle:
        if let result = result(of: entry) { results.append(result) }
      case .file, .segmentFile, .request, .segmentsDirectory, .indexesDirectory, .historyDirectory, .requestsDirectory:
        if holdsForeign(entry) { continue }
        let wanted: UInt32 = entry.status.kind == .directory ? 0o700 : 0o600
        if entry.status.permissions & wanted != wanted {
          results.append(
            CheckResult(
              .permissions, .bad, "its mode keeps its owner from reading or writing it, so that runs fail",
              path: entry.path, repair: .restrict))
        } else if entry.status.permissions & 0o7777 & ~wanted != 0 {
          openCount += 1
        }
      }
    }
    if openCount > 0 {
      results.append(
        CheckResult(
          .permissions, .note,
          "\(openCount) of the index's own entries "
            + "\(openCount == 1 ? "has" : "have") a mode that is open to others, whom the directory around keeps out",
          path: path, repair: .restrict))
    }
    if results.isEmpty {
      results.append(CheckResult(.permissions, .good, "all of its files are yours and closed to others"))
    }
    return results
  }

  /// What to say where git is not kept from the index; nil where it is, or something else than a file is in the way,
  /// which is told of with the others of its kind.
  func checkHiding() -> CheckResult? {
    guard let status = try? held.status(of: Self.ignoreName) else {
      return CheckResult(
        .permissions, .note,
        "\(Self.ignoreName) is not there, so that git sees the index, and may be told to track it; the next run makes "
          + "it", path: path, repair: .run)
    }
    guard status.kind == .file, content(of: Self.ignoreName, limit: 1 << 16) != Self.ignoreContent else { return nil }
    return CheckResult(
      .permissions, .note,
      "it is not the one that is made there, so that git may see the index, and may be told to track it; remove it, "
        + "and the next run makes it again", path: path.appending(Self.ignoreName))
  }

  /// What to say of an entry that has a name of Cairn's and is something else; nil where a check of its own tells more.
  private func result(of entry: Entry) -> CheckResult? {
    if Self.hasOwnCheck(entry.name) { return nil }
    let isOthers = (try? held.status().owner).map { $0 != entry.status.owner } ?? false
    if isOthers {
      return CheckResult(
        .permissions, .bad,
        "it belongs to another user than the index around it, and is not used: give it back (chown), or move it away",
        path: entry.path)
    }
    // Without these nothing can be watched, or no index of a slower model, of a commit or of the history be made.
    let isNeeded = entry.name == Self.watchLockName || Self.neededDirectories.contains(entry.name)
    let what = isNeeded ? ", so that what needs it fails" : ", and is not used"
    if isVacant(entry) {
      return CheckResult(
        .permissions, isNeeded ? .bad : .note,
        "it has a name of the index's own and is \(Self.kindName(entry.status))\(what)", path: entry.path,
        repair: .removeObstacles)
    }
    let kind = entry.status.kind == .directory ? "a directory that holds something" : "a file that holds something"
    return CheckResult(
      .permissions, isNeeded || entry.status.kind == .directory ? .bad : .note,
      "\(kind) is where \(Self.isDirectoryName(entry.name) ? "a directory" : "a file") of the index belongs\(what), "
        + "and was not touched: move it away", path: entry.path)
  }

  /// Whether another check tells of an obstacle of this name, and what mends that removes it. Segments that are live
  /// are told as missing or damaged, and the others as left over.
  static func hasOwnCheck(_ name: FilePath) -> Bool {
    name == lockName || name == optionsName || IndexCatalog.fileNames.contains(name) || isSegmentEntry(name)
  }

  /// Whether nothing is lost when the entry, an obstacle, is removed.
  func isVacant(_ entry: Entry) -> Bool {
    switch entry.status.kind {
    case .symbolicLink, .other: true
    case .file: entry.status.byteCount == 0 || entry.status.linkCount > 1
    case .directory: (try? entry.directory.directory(entry.name).entries().isEmpty) == true
    }
  }

  private static func isDirectoryName(_ name: FilePath) -> Bool {
    name == segmentsName || neededDirectories.contains(name)
  }

  /// Those of which a file or a link in their place keeps something from being made; `segments` has a check of its own.
  private static let neededDirectories: Set<FilePath> = [requestsName, modelsName, revisionsName, historyName]

  private static func kindName(_ status: FileStatus) -> String {
    switch status.kind {
    case .symbolicLink: "a symbolic link"
    case .other: "a pipe, a socket or a device"
    case .directory: "an empty directory"
    case .file: status.byteCount == 0 ? "an empty file" : "a file that has another name too"
    }
  }

  /// Whether the file system lets an index be written and has room for it.
  ///
  /// - Parameter neededByteCount: what a run may have to write beside what is there.
  func checkDisk(neededByteCount: Int) -> [CheckResult] {
    let status: FileSystemStatus
    do throws(Failure) { status = try FileSystemStatus(of: held) } catch {
      return [CheckResult(.disk, .notChecked, error)]
    }
    return Self.results(of: status, path: path, neededByteCount: neededByteCount)
  }

  /// The least with which a commit can be written: its log, and a segment.
  private static let leastFreeByteCount = 16 << 20

  package static func results(
    of status: FileSystemStatus, path: FilePath, neededByteCount: Int
  ) -> [CheckResult] {
    var results: [CheckResult] = []
    if status.isReadOnly {
      results.append(
        CheckResult(
          .disk, .note, "the file system is read-only: the index answers, and is not brought up to date", path: path))
    } else if status.freeByteCount < leastFreeByteCount || status.hasNoNames {
      results.append(
        CheckResult(
          .disk, .bad,
          status.hasNoNames
            ? "the file system has no room for the name of another file, so that the next run fails: remove some files"
            : "the disk is full (\(status.freeByteCount >> 20) MB are free), so that the next run fails: make room",
          path: path))
    } else if status.freeByteCount < neededByteCount {
      results.append(
        CheckResult(
          .disk, .note,
          "\(status.freeByteCount >> 20) MB are free, less than a merge of all segments or a rebuild may take for a "
            + "while (\(neededByteCount >> 20) MB)", path: path))
    }
    if let name = status.networkName {
      results.append(
        CheckResult(
          .disk, .note,
          "the index lies on a network file system (\(name)), where the locks of SQLite may not hold between machines: "
            + "write it from one machine only, or keep it on a local disk", path: path, remedy: .set("index_dir")))
    }
    if results.isEmpty {
      results.append(CheckResult(.disk, .good, "\(status.freeByteCount >> 20) MB are free"))
    }
    return results
  }

  /// Who holds the writer's lock, and whether anything keeps it from being taken. Does not ask for it: that would keep
  /// a run from it.
  func checkLock() -> CheckResult {
    if let obstacle = obstacleOfLock() { return CheckResult(.lock, .bad, obstacle) }
    let file = path.appending(Self.lockName)
    guard let status = try? held.status(of: Self.lockName), let owner = try? held.status().owner else {
      return CheckResult(.lock, .good, "nobody is writing")
    }
    guard status.isOwnFile(of: owner) else {
      return CheckResult(
        .lock, .note, "what has the name of the writer's lock is no file of the index's own: the next run removes it",
        path: file, repair: .run)
    }
    do throws(Failure) {
      guard let holder = try LockHolder(of: status) else { return CheckResult(.lock, .good, "nobody is writing") }
      let name = holder.name.map { " (\($0))" } ?? ""
      let who = holder.process.map { "process \($0)\(name)" } ?? "a process that cannot be seen from here"
      return CheckResult(
        .lock, .note, "\(who) is writing: what is found may be in the middle of a change", path: file)
    } catch {
      return CheckResult(.lock, .notChecked, error)
    }
  }

  /// Who holds the writer's lock; nil where nobody does. Does not ask for the lock where the system says who has it.
  package func writer() throws(Failure) -> LockHolder? {
    let status: FileStatus
    do throws(Failure) { status = try held.status(of: Self.lockName) } catch {
      if error.code == .notFound { return nil }
      throw error
    }
    return try LockHolder(of: status)
  }

  /// Whether the options that were kept with the index can be read.
  func checkOptions() -> CheckResult {
    do throws(Failure) {
      let count = try options().count
      return CheckResult(
        .options, .good, count == 0 ? "none are kept with the index" : "\(count) kept from the command line")
    } catch {
      guard error.code == .damaged else { return CheckResult(.options, .bad, error) }
      let isFull = (try? held.directory(Self.optionsName).entries().isEmpty) == false
      return CheckResult(.options, .bad, error, repair: isFull ? nil : .forgetOptions)
    }
  }
}
