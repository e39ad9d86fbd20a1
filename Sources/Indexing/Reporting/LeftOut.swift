import Catalog
package import Corpus
import Disk
package import IndexStorage
import Inspection
package import Primitives

/// What a run leaves out of the index, and why. Nothing of it is stored beside the files that were read: the rest comes
/// from a walk, which is as fast as asking a table, and true of the tree as it is.
package struct LeftOut: Sendable {
  private let entries: [SkippedEntry]
  private let files: [FilePath]

  /// Walks the corpus at `root` as a run with these options would. Takes the memory of a run's walk. Throws as that
  /// does.
  package init(root: FilePath, indexDirectory: FilePath, options: IndexingOptions) throws(Failure) {
    let listing = try CorpusListing(
      root: root, ownDirectory: options.excludedDirectory ?? indexDirectory, options: options.walk)
    self.init(listing)
  }

  /// The same of a corpus that was listed already.
  package init(_ listing: CorpusListing) {
    entries = listing.skipped
    files = listing.files.map(\.path)
  }

  /// Calls `body` with each file and each directory that is left out, in the order of their paths' bytes: those that
  /// the walk leaves out, and of the files of `index` those that were left out for their content or could not be read.
  /// The counts by reason are those of an `IndexRunReport` of the same tree. Without an index (nil, or none at its
  /// place) only the walk's are known.
  package func forEach(
    _ index: StoredIndex?, _ body: (SkippedEntry) throws(Failure) -> Void
  ) throws(Failure) {
    var entry = 0
    var file = 0
    func walked(before path: FilePath?) throws(Failure) {
      while entry < entries.count, path.map({ entries[entry].path < $0 }) ?? true {
        try body(entries[entry])
        entry += 1
      }
    }
    var known = index
    var unreadable: [FilePath] = []
    do throws(Failure) {
      unreadable = try index?.unread().filter { !$0.isDirectory }.map(\.path).sorted().reversed() ?? []
    } catch {
      guard error.code == .notFound else { throw error }
      known = nil
    }
    func read(_ path: FilePath, _ reason: SkipReason) throws(Failure) {
      while file < files.count, files[file] < path { file += 1 }
      // What the walk leaves out now, or does not find any more, was told or is gone.
      guard file < files.count, files[file] == path else { return }
      try walked(before: path)
      try body(SkippedEntry(path: path, reason: reason, isDirectory: false))
    }
    func unread(upTo path: FilePath?) throws(Failure) -> Bool {
      while let next = unreadable.last, path.map({ next < $0 }) ?? true {
        unreadable.removeLast()
        try read(next, .unreadable)
      }
      guard let path, unreadable.last == path else { return false }
      unreadable.removeLast()
      try read(path, .unreadable)
      return true
    }
    try known?.forEachFile { (file) throws(Failure) in
      if try unread(upTo: file.path) { return }
      if case .skipped(let reason) = file.state { try read(file.path, reason) }
    }
    _ = try unread(upTo: nil)
    try walked(before: nil)
  }
}

extension CorpusListing {
  /// What lies below `root` but in the index itself, which is no part of the corpus whatever the rules say of hidden
  /// and ignored files.
  init(root: FilePath, ownDirectory: FilePath, options: WalkOptions) throws(Failure) {
    self = try CorpusWalker(root: root, options: options).list()
    try leaveOut(ownDirectory, below: root)
  }

  /// Takes the directory of the index out of the listing, where it lies below `root`.
  package mutating func leaveOut(_ ownDirectory: FilePath, below root: FilePath) throws(Failure) {
    if let own = try resolvedPath(ownDirectory).relative(to: resolvedPath(root)) { leaveOut(own) }
  }
}
