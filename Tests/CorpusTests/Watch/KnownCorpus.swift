import Corpus
import Disk
import Inspection
import Primitives
import Testing

/// A reader of a watched tree: keeps what it is told, and compares that with a walk.
final class KnownCorpus {
  let tree: WatchedTree
  private let events: FileEvents?
  private let walk: () throws(Failure) -> CorpusListing
  private(set) var files: [FilePath: SourceFile] = [:]
  private var skipped: Set<SkippedEntry> = []
  /// Before the last look at the tree.
  private var listedAt = wallClockNanoseconds()
  private(set) var listingCount = 0
  private(set) var changeCount = 0

  init(
    root: FilePath, events: FileEvents?, options: WalkOptions = WalkOptions(),
    environment: GitEnvironment = GitEnvironment(), afterWatch: (@Sendable (FilePath) -> Void)? = nil
  ) throws {
    self.events = events
    tree = WatchedTree(
      root: root, options: options, environment: environment, events: events, afterWatch: afterWatch)
    walk = { () throws(Failure) in
      try CorpusWalker(root: root, options: options, environment: environment).list()
    }
    try list()
  }

  private func list() throws {
    let listing = try tree.list()
    files = Dictionary(uniqueKeysWithValues: listing.files.map { ($0.path, $0) })
    skipped = Set(listing.skipped)
    listingCount += 1
  }

  /// Hands the tree what has happened.
  func noteEvents() {
    guard let events else { return }
    while true {
      let happened = events.next(timeout: .zero)
      if happened.isEmpty { return }
      tree.note(happened)
    }
  }

  /// Takes in what has changed, and compares what is known now with what a walk lists.
  ///
  /// - Parameters:
  ///   - polls: whether what is not watched is looked at, too.
  ///   - comment: for failures.
  /// - Returns: the changes; nil if the tree was listed anew, or cannot be listed.
  @discardableResult func update(polls: Bool = false, _ comment: String = "") throws -> CorpusChanges? {
    noteEvents()
    let listedAt = self.listedAt
    self.listedAt = wallClockNanoseconds()
    if polls { tree.poll() }
    let fresh: CorpusListing
    do { fresh = try walk() } catch {
      // Then it is no time for changes either.
      #expect(throws: Failure.self, "\(comment)") { if try tree.changes() == nil { _ = try tree.list() } }
      return nil
    }
    guard let changes = try tree.changes() else {
      try list()
      compare(fresh, comment)
      return nil
    }
    #expect(!tree.isDirty, "\(comment)")
    if !changes.isEmpty { changeCount += 1 }
    for file in changes.files {
      // Where the times cannot tell, it may be.
      #expect(
        files[file.path] != file || file.fingerprint.isRacy(readAt: listedAt),
        "\(comment): \(file.path) is no change")
      files[file.path] = file
    }
    for path in changes.gone {
      #expect(files.removeValue(forKey: path) != nil, "\(comment): \(path) was not known")
    }
    #expect(changes.files.map(\.path) == changes.files.map(\.path).sorted() && changes.gone == changes.gone.sorted())
    #expect(changes.skipped == fresh.skipped.filter { !skipped.contains($0) }, "\(comment)")
    skipped = Set(fresh.skipped)
    #expect(!changes.isEmpty || changes.files.isEmpty && changes.gone.isEmpty && changes.skipped.isEmpty)
    var leftOut: [SkipReason: Int] = [:]
    for entry in fresh.skipped { leftOut[entry.reason, default: 0] += 1 }
    #expect(changes.leftOut == leftOut, "\(comment)")
    #expect(changes.fileCount == fresh.files.count, "\(comment)")
    #expect(changes.unread == fresh.unread && changes.isCut == fresh.isCut, "\(comment)")
    compare(fresh, comment)
    return changes
  }

  private func compare(_ fresh: CorpusListing, _ comment: String) {
    let known = files.values.sorted { $0.path < $1.path }
    if known == fresh.files { return }
    let (have, want) = (Set(known), Set(fresh.files))
    Issue.record(
      "\(comment): extra \(have.subtracting(want).map(\.path)), missing \(want.subtracting(have).map(\.path))")
  }
}
