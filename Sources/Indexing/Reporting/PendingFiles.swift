import Catalog
import Corpus
package import IndexStorage
package import Primitives

/// What the next run over an index would change in it: files that are new, that changed, or that are gone since they
/// were indexed. For a search whose update failed, which answers from the index as it was.
package struct PendingFiles: Sendable {
  /// Files whose content is compared where only their times tell of a change; all others count as changed.
  private static let comparedFileCount = 64

  /// How many there are; at least so many where the walk came to no end.
  package private(set) var count = 0
  /// The first of them, those to be read before those that are gone.
  package private(set) var first: [FilePath] = []

  /// Walks the corpus as a run with these options would, and compares it with what `index` has. Throws what keeps
  /// either from being read.
  ///
  /// - Parameters:
  ///   - root: the corpus.
  ///   - limit: how many are named.
  package init(
    root: FilePath, _ index: StoredIndex, _ options: IndexingOptions, naming limit: Int
  ) throws(Failure) {
    var listing = try CorpusListing(
      root: root, ownDirectory: options.excludedDirectory ?? index.path, options: options.walk)
    let tree = try CorpusFiles(root: root, followsLinks: options.walk.followsLinks)
    listing.markWanted(options)
    var diff = CorpusDiff(of: listing.files)
    try index.forEachFile { (file) in diff.add(file) }
    diff.finish()
    var compared = 0
    for number in 0..<diff.readCount {
      let work = diff.fileToRead(number)
      if compared < Self.comparedFileCount, let known = work.known, known.mayStay(as: work.file) {
        compared += 1
        let content = try? tree.readFile(work.file.path, limit: options.walk.maximumFileByteCount).bytes
        if let content, ContentHash(of: content.span) == known.contentHash { continue }
      }
      add(work.file.path, limit)
    }
    let unseen = listing.unseen
    for file in diff.gone where !unseen.contains(file.path) { add(file.path, limit) }
  }

  private mutating func add(_ path: FilePath, _ limit: Int) {
    count += 1
    if first.count < limit { first.append(path) }
  }
}

extension CorpusListing {
  /// Marks the files that the run takes in whatever bulk they are.
  mutating func markWanted(_ options: IndexingOptions) {
    guard let includesGenerated = options.includesGenerated else { return }
    for i in files.indices where includesGenerated(files[i].path) { files[i].includesGenerated = true }
  }
}
