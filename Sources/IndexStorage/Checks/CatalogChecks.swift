import Catalog
import Disk
import Primitives

// The catalog and the files beside it.

extension IndexDirectory {
  static let journalName = FilePath(bytes: IndexCatalog.fileName.bytes + Array("-journal".utf8))
  private static let logName = FilePath(bytes: IndexCatalog.fileName.bytes + Array("-wal".utf8))
  /// More than this in the log is worth a word: a commit moves it into the database at about 4 MB.
  private static let largeLogByteCount = 64 << 20

  /// A rollback journal, which Cairn never makes, and a log that nobody moved into the database.
  func checkJournal() -> CheckResult {
    let file = path.appending(Self.journalName)
    if let status = try? held.status(of: Self.journalName) {
      if let barred = barred(Self.journalName) { return CheckResult(.journal, .bad, barred) }
      return CheckResult(
        .journal, .bad,
        "a rollback journal of \(status.byteCount) bytes lies beside the catalog, which Cairn never makes, so that "
          + "the catalog is not read; nobody plays it back", path: file, repair: .removeJournal)
    }
    let byteCount = (try? held.status(of: Self.logName).byteCount) ?? 0
    if byteCount > Self.largeLogByteCount {
      return CheckResult(
        .journal, .note,
        "the catalog's log has \(byteCount >> 20) MB, which the next run moves into the catalog", path: file,
        remedy: .index)
    }
    return CheckResult(.journal, .good, "no rollback journal; the log has \(byteCount) bytes")
  }

  /// Why a name of the catalog's is taken by a directory that holds something; nil where it is not.
  private func barred(_ name: FilePath) -> Failure? {
    guard (try? held.status(of: name))?.kind == .directory,
      (try? held.directory(name).entries().isEmpty) != true
    else { return nil }
    return Failure(
      .notRegular,
      "a directory that holds something is where a file of the catalog belongs, and was not touched: move it away",
      path: path.appending(name))
  }

  /// The catalog by SQLite's own checks, by its checksums, and by what its tables say of each other. Reads all of it.
  ///
  /// Throws only what another attempt may find otherwise: a catalog that was cut while it was open.
  func checkCatalog() throws(Failure) -> (result: CheckResult, catalog: IndexCatalog?) {
    for name in IndexCatalog.fileNames where name != IndexCatalog.newestName {
      if let barred = barred(name) { return (CheckResult(.catalog, .bad, barred), nil) }
    }
    do throws(Failure) {
      let catalog = try self.catalog(.reading)
      try catalog.verify()
      let live = try catalog.snapshot()
      if live.generation == 0 {
        return (
          CheckResult(
            .catalog, .note, "nothing was committed to it yet", path: path.appending(IndexCatalog.fileName),
            remedy: .index), catalog
        )
      }
      return (CheckResult(.catalog, .good, "sound, at generation \(live.generation)"), catalog)
    } catch {
      switch error.code {
      case .cut: throw error
      case .damaged, .wrongFormat: return (CheckResult(.catalog, .bad, error, repair: .run), nil)
      case .unsupportedVersion:
        // One of a newer program is not thrown away unasked.
        let isOlder = IndexCatalog.isOlder(in: held, path: path)
        return (CheckResult(.catalog, .bad, error, repair: isOlder ? .run : nil), nil)
      default: return (CheckResult(.catalog, .bad, error), nil)
      }
    }
  }

  /// The mark of the newest generation.
  func checkMark(_ catalog: IndexCatalog) -> CheckResult {
    do throws(Failure) {
      guard var damage = try catalog.damageOfMark() else {
        return CheckResult(.mark, .good, "the newest generation is the one that was committed last")
      }
      // What no run takes away, a person must.
      if damage.flaw == nil { damage.failure.remedy = nil }
      return CheckResult(.mark, .bad, damage.failure, repair: damage.flaw == nil ? nil : .run)
    } catch {
      return CheckResult(.mark, .notChecked, error)
    }
  }
}
