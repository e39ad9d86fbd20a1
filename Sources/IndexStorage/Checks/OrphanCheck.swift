import Catalog
import Disk
import Primitives

extension IndexDirectory {
  /// What belongs to no committed state, by the names and in the places that the vacuum knows; and what is in the
  /// directory and not Cairn's.
  ///
  /// - Parameter isWriting: a writer is at work, whose files look like what a killed one left.
  func checkOrphans(_ catalog: IndexCatalog, isWriting: Bool) throws(Failure) -> [CheckResult] {
    if isWriting {
      return [CheckResult(.orphans, .notChecked, "a writer is at work, whose files are not committed yet")]
    }
    let kept = try namesInUse(catalog)
    var orphans: [Entry] = []
    var others: [CheckResult] = []
    for entry in try entries() {
      switch entry.role {
      case .segmentFile where !kept.contains(entry.name): orphans.append(entry)
      case .file where Self.isTemporary(entry.name): orphans.append(entry)
      case .obstacle where Self.isSegmentEntry(entry.name) && !kept.contains(entry.name):
        others.append(
          CheckResult(
            .orphans, .note, "it has the name of a segment, is none that Cairn made, and was left alone: remove it",
            path: entry.path))
      case .foreign:
        others.append(CheckResult(.orphans, .note, "Cairn did not make it, and it was left alone", path: entry.path))
      default: continue
      }
    }
    var results: [CheckResult] = []
    if let first = orphans.first {
      let byteCount = orphans.reduce(0) { $0 + $1.status.byteCount }
      results.append(
        CheckResult(
          .orphans, .note,
          "\(counted(orphans.count, "file")) of \(byteCount) bytes that no committed state needs, left by a killed run",
          path: first.path, repair: .vacuum))
    }
    results += others.prefix(Self.namedEntryCount)
    if others.count > Self.namedEntryCount {
      let count = others.count - Self.namedEntryCount
      results.append(
        CheckResult(
          .orphans, .note, "\(counted(count, "more entry", "more entries")) in it that Cairn did not make", path: path))
    }
    if results.isEmpty { results.append(CheckResult(.orphans, .good, "nothing is left over")) }
    return results
  }

  /// More lines than these hide what else was found.
  private static let namedEntryCount = 8
}
