import Catalog
import Corpus
import Disk
import Embedding
package import IndexStorage
import Indexing
import ModelOpening
import Primitives
import Settings
import TreeSitterChunking

// What an index needs besides its own directory: the tree that it is of, the model, the settings, the machine.

extension IndexSession {
  /// What is looked at after the index, whose examination says whether it can be asked.
  func examineSurroundings(_ parts: [ExaminedIndex]) -> [CheckResult] {
    let results = parts.first?.results ?? []
    func state(_ check: IndexCheck) -> CheckResult.State? { results.first { $0.check == check }?.state }
    var found: [CheckResult] = []
    if state(.catalog) == .good {
      let pending = Result { () throws(Failure) in try pendingFiles() }
      found.append(checkFreshness(pending))
      found.append(checkLastRun(pending, isWriting: state(.lock) == .note))
      found += checkLeftOut()
      found.append(checkModel(isWhole: state(.segments) != .bad))
    } else {
      found += StoredIndex.notChecked(after: .orphans, upTo: .model, "there is no sound catalog that says it")
    }
    found.append(checkSettings())
    found.append(checkGrammars())
    found.append(checkWatches(isKnown: state(.catalog) == .good))
    found.append(checkMemory())
    return found
  }

  // MARK: The tree

  /// What the next run would read or forget: a walk, and the reading of files whose times alone have changed.
  private func pendingFiles() throws(Failure) -> PendingFiles {
    try PendingFiles(
      root: root, index, indexingOptions(rebuild: false, for: try chosenModel() ?? .builtIn), naming: 1)
  }

  private func checkFreshness(_ pending: Result<PendingFiles, Failure>) -> CheckResult {
    let files: PendingFiles
    switch pending {
    case .failure(let failure): return CheckResult(.freshness, .notChecked, failure)
    case .success(let found): files = found
    }
    do throws(Failure) {
      if let identity = try index.committed().identity, try isOutdated(identity) {
        return CheckResult(
          .freshness, .note, "the index is of another version of Cairn, and the next run builds it again",
          remedy: .index)
      }
    } catch { return CheckResult(.freshness, .notChecked, error) }
    guard let first = files.first.first else {
      return CheckResult(.freshness, .good, "no file has changed since it was indexed")
    }
    return CheckResult(
      .freshness, .note,
      "\(counted(files.count, "file")) changed, came or went since the index was brought up to date, which a search "
        + "sees to first", path: first, remedy: .index)
  }

  private func checkLastRun(_ pending: Result<PendingFiles, Failure>, isWriting: Bool) -> CheckResult {
    do throws(Failure) {
      guard let run = try index.lastRun() else {
        return CheckResult(.lastRun, .good, "no run is in the journal")
      }
      let left = (try? pending.get()).map { ": \(counted($0.count, "file")) left" } ?? ""
      if run.finished == nil {
        if isWriting { return CheckResult(.lastRun, .note, "a run is at work\(left)") }
        return CheckResult(
          .lastRun, .note, "the last run was killed; the next one goes on from what it committed\(left)",
          remedy: .index)
      }
      if let failure = run.failure {
        return CheckResult(
          .lastRun, .note,
          "the last run did not come to its end (\(failure)); the next one goes on from what it "
            + "committed\(left)", remedy: .index)
      }
      let isComplete = try index.committed().isComplete
      if !isComplete {
        return CheckResult(
          .lastRun, .note,
          "the last run finished, and has not seen the whole tree: a limit, or something that could "
            + "not be read, kept it from that", remedy: Remedy(.showStatus))
      }
      return CheckResult(
        .lastRun, .good,
        "finished: \(counted(run.filesIndexed, "file")) read, \(run.filesUnchanged) unchanged, \(run.filesSkipped) "
          + "left out, \(run.filesRemoved) removed")
    } catch { return CheckResult(.lastRun, .notChecked, error) }
  }

  private func checkLeftOut() -> [CheckResult] {
    do throws(Failure) {
      let counts = try index.leftOutCounts()
      let unread = try index.unread()
      let list = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
      let total = counts.values.reduce(0, +)
      var results: [CheckResult] = []
      if let first = unread.first {
        results.append(
          CheckResult(
            .leftOut, .note,
            "\(counted(unread.count, "place")) could not be read, the first for this reason: \(first.failure.message); "
              + "what the index had of them stays", path: first.path, remedy: Remedy(.showStatus)))
      }
      results.append(
        CheckResult(
          .leftOut, .good,
          total == 0 ? "nothing is left out" : "\(total) left out: \(list.joined(separator: ", "))",
          remedy: total == 0 ? nil : .listLeftOut))
      return results
    } catch { return [CheckResult(.leftOut, .notChecked, error)] }
  }

  // MARK: The model

  /// Whether the model that made the vectors can be opened, and is the same. No request is sent to an endpoint.
  ///
  /// - Parameter isWhole: every segment opens, without which a session does not know the index's model.
  private func checkModel(isWhole: Bool) -> CheckResult {
    do throws(Failure) {
      guard let identity = try index.committed().identity else {
        return CheckResult(.model, .notChecked, "nothing was committed yet")
      }
      let name = identity.modelName
      let isFollowed = (try? secondary.get()) != nil
      let choice = isFollowed ? nil : try chosenModel()
      if let choice, !choice.mayBe(modelNamed: name) {
        return CheckResult(
          .model, .bad,
          "the index was built with the model \(name), and \(choice.text) is chosen: the next run does not begin",
          remedy: .rebuild)
      }
      if case .endpoint? = choice {
        return CheckResult(.model, .notChecked, "\(name) is behind an endpoint, to which nothing was sent")
      }
      if choice == nil, name.utf8.contains(UInt8(ascii: "@")), !ModelIdentity.isBuiltIn(name) {
        return CheckResult(.model, .notChecked, "\(name) is behind an endpoint, to which nothing was sent")
      }
      guard isWhole || isFollowed || choice != nil || ModelIdentity.isBuiltIn(name) else {
        return CheckResult(.model, .notChecked, "\(name) made the vectors; segments that are bad come first")
      }
      let opened = isFollowed ? try models.open(.builtIn).identity : try indexingModel().identity
      guard opened.contentHash == identity.modelHash, opened.dimensions == identity.dimensions else {
        // The next run builds an index of another built-in model anew.
        return CheckResult(
          .model, .note, "the index was built with another version of \(name): the next run builds it anew",
          remedy: .rebuild)
      }
      return CheckResult(
        .model, .good,
        "\(name) opens and is the one that made the vectors: \(identity.dimensions) components, hash "
          + identity.modelHash.description)
    } catch {
      return CheckResult(.model, .bad, error)
    }
  }

  // MARK: Settings, grammars, machine

  /// That they can be read at all is known by then: a session has them.
  private func checkSettings() -> CheckResult {
    if case .failure(let failure) = secondary { return CheckResult(.settings, .bad, failure) }
    let set = settings.entries.filter { $0.origin != .builtIn }
    var files: [FilePath] = []
    for entry in set {
      if case .file(let path, _) = entry.origin, !files.contains(path) { files.append(path) }
    }
    let sources = files.isEmpty ? "" : ", in \(files.map(\.description).joined(separator: " and "))"
    return CheckResult(
      .settings, .good, set.isEmpty ? "as they are built in" : "\(counted(set.count, "setting")) set\(sources)")
  }

  private func checkGrammars() -> CheckResult {
    let count = TreeSitterParser.grammarNames.count
    return count > 0
      ? CheckResult(.grammars, .good, "\(count) are part of this program")
      : CheckResult(.grammars, .note, "this program has no grammar: files are cut by their lines, without symbols")
  }

  /// Whether the system would let a program watch every directory of the tree.
  private func checkWatches(isKnown: Bool) -> CheckResult {
    func limit(_ name: String) -> Int? {
      (try? readSystemFile(FilePath("/proc/sys/fs/inotify/" + name))).flatMap { Int($0.prefix { $0.isNumber }) }
    }
    guard let watches = limit("max_user_watches"), let instances = limit("max_user_instances") else {
      return CheckResult(.watches, .notChecked, "the system does not say how much may be watched")
    }
    guard isKnown, let count = try? indexedDirectoryCount() else {
      return CheckResult(.watches, .notChecked, "how many directories there are is not known")
    }
    return Self.watchResult(directoryCount: count, watches: watches, instances: instances)
  }

  package static func watchResult(directoryCount: Int, watches: Int, instances: Int) -> CheckResult {
    let have = "\(counted(directoryCount, "directory", "directories")) of indexed files"
    if directoryCount > watches || instances < 1 {
      return CheckResult(
        .watches, .note,
        "\(have), and the system lets a user watch \(watches) in \(instances) instances, so that what follows changes "
          + "as they happen sees only a part of the tree: raise fs.inotify.max_user_watches")
    }
    return CheckResult(.watches, .good, "\(have), and \(watches) may be watched, by \(instances) instances")
  }

  private func indexedDirectoryCount() throws(Failure) -> Int {
    var directories: Set<FilePath> = [""]
    try index.forEachFile { (file) throws(Failure) in
      var directory = file.path.parent
      // With each all above it are there.
      while directories.insert(directory).inserted { directory = directory.parent }
    }
    return directories.count
  }

  private func checkMemory() -> CheckResult {
    let ceiling = ResolvedSettings(settings, machine: .current, corpus: nil).memoryByteCount
    return Self.memoryResult(
      ceiling: ceiling, free: SystemMemory.freeByteCount(), limit: SystemMemory.limitedByteCount(),
      total: Machine.current.memoryByteCount)
  }

  /// Less than this, and a run leaves files for the next one, or cuts them without their syntax.
  static let comfortableByteCount = 256 << 20

  package static func memoryResult(ceiling: Int, free: Int?, limit: Int?, total: Int) -> CheckResult {
    func megabytes(_ byteCount: Int) -> String { "\(byteCount >> 20) MB" }
    if let limit, limit < comfortableByteCount {
      return CheckResult(
        .memory, .note,
        "a limit (ulimit -v or -d) leaves this process \(megabytes(limit)), so that large files may be left for "
          + "another run or cut without their syntax: raise it")
    }
    if let free, free < comfortableByteCount {
      return CheckResult(
        .memory, .note,
        "\(megabytes(free)) are free, so that large files may be left for another run or cut without their syntax: "
          + "free memory, or raise the limit of the control group")
    }
    return CheckResult(
      .memory, .good,
      "a run stays under \(megabytes(ceiling)); " + (free.map { "\(megabytes($0)) are free of " } ?? "there are ")
        + megabytes(total))
  }
}
