import Catalog
package import Corpus
import Disk
package import Primitives
import Segments

extension StoredIndex {
  /// Looks at everything of the index that its own directory and the files it is of can tell: what each check found, in
  /// the order of `IndexCheck`. Changes nothing but that segments which are damaged are marked. Takes as long as
  /// reading the index twice and analysing the sample.
  ///
  /// Throws what another attempt may find otherwise (a catalog that was cut meanwhile), and `.cancelled`.
  package func examine(
    _ tree: CorpusFiles, _ sample: PostingSample = .usual, _ cancellation: Cancellation = Cancellation()
  ) throws(Failure) -> [CheckResult] {
    let directory: IndexDirectory
    do throws(Failure) { directory = try site.open() } catch {
      let whole = CheckResult(.index, .bad, error)
      return [whole] + Self.notChecked(after: .index, upTo: .orphans, "there is no index that could be looked at")
    }
    guard directory.holdsIndex else {
      return [CheckResult(.index, .bad, Failure.noIndex(path))]
        + Self.notChecked(after: .index, upTo: .orphans, "there is no index that could be looked at")
    }
    return try examine(directory, tree, sample, cancellation)
  }

  private func examine(
    _ directory: IndexDirectory, _ tree: CorpusFiles, _ sample: PostingSample, _ cancellation: Cancellation
  ) throws(Failure) -> [CheckResult] {
    var results = [CheckResult(.index, .good, "it is yours and closed to others", path: path)]
    results += directory.checkPermissions()
    if let exposed = directory.checkHiding() { results.append(exposed) }
    results += directory.checkDisk(neededByteCount: directory.segmentByteCount)
    let lock = directory.checkLock()
    results.append(lock)
    let journal = directory.checkJournal()
    let catalog: IndexCatalog?
    if journal.state == .bad {
      results.append(CheckResult(.catalog, .notChecked, "it is not read while a rollback journal lies beside it"))
      catalog = nil
    } else {
      let (result, opened) = try directory.checkCatalog()
      results.append(result)
      catalog = opened
    }
    guard let catalog else {
      let reason = "the catalog, which says what there should be, cannot be read"
      results += Self.notChecked(.mark, reason)
      results.append(journal)
      results.append(directory.checkOptions())
      return results + Self.notChecked(after: .options, upTo: .orphans, reason)
    }
    results.append(directory.checkMark(catalog))
    results.append(journal)
    results.append(directory.checkOptions())
    var checked = CheckedSegments()
    results += try directory.checkSegments(catalog, &checked)
    try cancellation.check()
    results += try directory.checkChecksums(catalog, &checked)
    try cancellation.check()
    results += try PostingCheck.results(directory, catalog, checked, tree, sample, cancellation)
    return results + (try directory.checkOrphans(catalog, isWriting: Self.isWriting(lock)))
  }

  /// The same of the index of a commit or of a history, whose files are in git: nothing is compared with files of the
  /// tree, and what its directory has in common with the one around it is left to the examination of that. The
  /// first line says which index it is; what is not as it should be follows. Empty where there is none.
  ///
  /// Throws `.cancelled`.
  ///
  /// - Parameters:
  ///   - name: what it is the index of.
  ///   - remedy: what makes it again: no run over the tree does.
  package func examine(
    asIndexOf name: String, madeBy remedy: Remedy, _ cancellation: Cancellation = Cancellation()
  ) throws(Failure) -> [CheckResult] {
    let directory: IndexDirectory
    do throws(Failure) { directory = try site.open() } catch {
      if case .leftover(let fileCount, let byteCount)? = site.remains() {
        return [
          CheckResult(
            .index, .bad,
            "the index of \(name) is not used: it has no tag that can be believed, and "
              + "\(counted(fileCount, "file")) of \(byteCount) bytes that Cairn makes", path: path,
            repair: .removeRemains)
        ]
      }
      // One that nothing was written to yet is no fault.
      return error.code == .notFound ? [] : [CheckResult(.index, .bad, error).mended(by: remedy, at: path)]
    }
    guard directory.holdsIndex else {
      return [CheckResult(.index, .note, "nothing of \(name) is in it yet", path: path, remedy: remedy)]
    }
    var found: [CheckResult] = []
    do throws(Failure) { try examineAlone(directory, cancellation, &found) } catch {
      if error.code == .cancelled { throw error }
      // The others are looked at all the same.
      found.append(CheckResult(.catalog, .bad, error))
    }
    found = found.filter { $0.state != .good }.map { $0.mended(by: remedy, at: path) }
    let first =
      found.isEmpty
      ? CheckResult(.index, .good, "the index of \(name): sound", path: path)
      : CheckResult(.index, .note, "the index of \(name): \(counted(found.count, "finding")), told next", path: path)
    return [first] + found
  }

  private func examineAlone(
    _ directory: IndexDirectory, _ cancellation: Cancellation, _ results: inout [CheckResult]
  ) throws(Failure) {
    results += directory.checkPermissions()
    let lock = directory.checkLock()
    results.append(lock)
    let journal = directory.checkJournal()
    results.append(journal)
    // Only that of a history has a list of commits.
    do throws(Failure) { _ = try directory.commitLog() } catch { results.append(CheckResult(.catalog, .bad, error)) }
    if journal.state == .bad { return }
    let (result, opened) = try directory.checkCatalog()
    results.append(result)
    guard let catalog = opened else { return }
    results.append(directory.checkMark(catalog))
    var checked = CheckedSegments()
    results += try directory.checkSegments(catalog, &checked)
    try cancellation.check()
    results += try directory.checkChecksums(catalog, &checked)
    results += try PostingCheck.results(withoutText: directory, checked, cancellation)
    results += try directory.checkOrphans(catalog, isWriting: Self.isWriting(lock))
  }

  /// A file of the lock's that nobody holds says nothing of a writer.
  private static func isWriting(_ lock: CheckResult) -> Bool { lock.state == .note && lock.repair == nil }

  private static func notChecked(_ check: IndexCheck, _ reason: String) -> [CheckResult] {
    [CheckResult(check, .notChecked, reason)]
  }

  /// One line for each check after `first`, up to `last`.
  package static func notChecked(
    after first: IndexCheck, upTo last: IndexCheck, _ reason: String
  ) -> [CheckResult] {
    let all = IndexCheck.allCases
    guard let begin = all.firstIndex(of: first), let end = all.firstIndex(of: last), begin < end else { return [] }
    return all[(begin + 1)...end].map { CheckResult($0, .notChecked, reason) }
  }
}

extension CheckResult {
  /// The same of an index at `path` that no run over the tree makes again, but the one that `remedy` says.
  fileprivate func mended(by remedy: Remedy, at path: FilePath) -> CheckResult {
    var result = self
    if result.path == nil { result.path = path }
    if result.remedy?.action == .index { result.remedy = remedy }
    switch repair {
    case .run?:
      result.remedy = remedy
      // A run reads what it needs of a catalog, and may not meet what is damaged.
      result.repair = check == .catalog ? .removeCatalog : nil
    case .reread?: result.repair = .removeCatalog
    case .restrict?, .removeObstacles?, .closeDirectory?, .removeRemains?, .vacuum?, .forgetOptions?, .removeJournal?,
      .removeCatalog?, nil:
      break
    }
    return result
  }
}

extension IndexDirectory {
  /// Whether there is a catalog, or something that says that there was one.
  fileprivate var holdsIndex: Bool {
    if [IndexCatalog.fileName, IndexCatalog.newestName].contains(where: { (try? held.status(of: $0)) != nil }) {
      return true
    }
    return (try? segments().entries().contains { Self.isSegmentName($0.name) }) == true
  }

  /// Whether there is anything that `remove` is for: more than what a removal leaves beside what others put there.
  var holdsAnyOfIndex: Bool {
    let left: Set<FilePath> = [IndexTagger.fileName, Self.lockName]
    return ((try? entries()) ?? []).contains { entry in
      switch entry.role {
      case .file, .request: !left.contains(entry.name) && isWrittenByCairn(entry)
      case .segmentFile, .indexesDirectory, .historyDirectory: true
      case .segmentsDirectory, .requestsDirectory, .obstacle, .foreign: false
      }
    }
  }

  /// Bytes of all segments, those that wait for the vacuum included.
  fileprivate var segmentByteCount: Int {
    ((try? entries()) ?? []).filter { $0.role == .segmentFile }.reduce(0) { $0 + $1.status.byteCount }
  }
}
