package import Inspection
package import Primitives

/// How a corpus differs from what was last known of it, and what is true of the whole of it now. A value.
package struct CorpusChanges: Sendable {
  /// Files that are new, or have another fingerprint or are to be taken in otherwise; in the order of their paths.
  package var files: [SourceFile]
  /// Files that were listed and are not any more, whatever became of them; in order.
  package var gone: [FilePath]
  /// What is left out now and was not before, or for another reason, or has another fingerprint; in the order of the
  /// paths. What is not left out any more is told by `leftOut` alone.
  package var skipped: [SkippedEntry]
  /// How many entries the walk leaves out in the whole tree, by the reason.
  package var leftOut: [SkipReason: Int]
  /// The files of the whole corpus.
  package var fileCount: Int
  /// What could not be read in the whole tree; in the order of the paths.
  package var unread: [UnreadEntry]
  /// Whether a limit, or a failure, keeps something of the tree out.
  package var isCut: Bool
  /// Whether nothing at all has changed.
  package var isEmpty: Bool

  package init(
    files: [SourceFile] = [], gone: [FilePath] = [], skipped: [SkippedEntry] = [], leftOut: [SkipReason: Int] = [:],
    fileCount: Int = 0, unread: [UnreadEntry] = [], isCut: Bool = false
  ) {
    self.files = files
    self.gone = gone
    self.skipped = skipped
    self.leftOut = leftOut
    self.fileCount = fileCount
    self.unread = unread
    self.isCut = isCut
    isEmpty = files.isEmpty && gone.isEmpty && skipped.isEmpty
  }
}

/// What has changed since somebody was last told, as it builds up: what came and went in between cancels out.
struct CorpusDifference {
  private struct Change<Entry: Equatable> {
    /// As it was last told; nil if there was none.
    var before: Entry?
    var now: Entry?
    /// Whether it may have changed although it seems to be what it was.
    var isDoubtful = false
    var isReal: Bool { before != now || isDoubtful }
  }

  private var files: [FilePath: Change<SourceFile>] = [:]
  private var skipped: [FilePath: Change<SkippedEntry>] = [:]
  private var unread: [FilePath: Change<UnreadEntry>] = [:]

  var isEmpty: Bool { files.isEmpty && skipped.isEmpty && unread.isEmpty }

  mutating func add(_ file: SourceFile) { Self.add(file, file.path, &files) }
  /// A file that may have changed, although it has the fingerprint that it had.
  mutating func doubt(_ file: SourceFile) {
    files[file.path, default: Change(before: file)].isDoubtful = true
    files[file.path]?.now = file
  }
  mutating func add(_ entry: SkippedEntry) { Self.add(entry, entry.path, &skipped) }
  mutating func add(_ entry: UnreadEntry) { Self.add(entry, entry.path, &unread) }
  mutating func remove(_ file: SourceFile) { Self.remove(file, file.path, &files) }
  mutating func remove(_ entry: SkippedEntry) { Self.remove(entry, entry.path, &skipped) }
  mutating func remove(_ entry: UnreadEntry) { Self.remove(entry, entry.path, &unread) }

  private static func add<Entry>(_ entry: Entry, _ path: FilePath, _ changes: inout [FilePath: Change<Entry>]) {
    changes[path, default: Change()].now = entry
  }

  private static func remove<Entry>(_ entry: Entry, _ path: FilePath, _ changes: inout [FilePath: Change<Entry>]) {
    changes[path, default: Change(before: entry)].now = nil
  }

  /// The lists of changes, in order.
  func changes() -> CorpusChanges {
    var result = CorpusChanges()
    result.isEmpty =
      !files.values.contains(where: \.isReal) && !skipped.values.contains(where: \.isReal)
      && !unread.values.contains(where: \.isReal)
    for (path, change) in files where change.isReal {
      if let now = change.now { result.files.append(now) } else { result.gone.append(path) }
    }
    for change in skipped.values where change.isReal {
      if let now = change.now { result.skipped.append(now) }
    }
    result.files.sort { $0.path < $1.path }
    result.gone.sort()
    result.skipped.sort { $0.path < $1.path }
    return result
  }
}
