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
    // A file of the lock's that nobody holds says nothing of a writer.
    let isWriting = lock.state == .note && lock.repair == nil
    return results + (try directory.checkOrphans(catalog, isWriting: isWriting))
  }

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
