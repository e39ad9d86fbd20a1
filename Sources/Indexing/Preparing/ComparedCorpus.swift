import Corpus
import Primitives

/// What a run compares the index with: the whole corpus, or what has changed of it.
struct ComparedCorpus {
  /// In the order of their paths: all files, or those that may have changed.
  var files: [SourceFile]
  /// Files of the whole corpus.
  var fileCount: Int
  /// Whether something of the corpus was kept out, as in `CorpusListing`.
  var isCut: Bool
  /// Places of which nothing is known: what the index has of them stays.
  var unseen: UnseenPlaces
  /// The files of the index that are looked at, ascending; nil for every one.
  var lookedUp: [FilePath]?

  init(_ listing: CorpusListing) {
    files = listing.files
    fileCount = files.count
    isCut = listing.isCut
    unseen = listing.unseen
  }

  init(_ changes: CorpusChanges) {
    files = changes.files
    fileCount = changes.fileCount
    isCut = changes.isCut
    var places = CorpusListing(files: [], skipped: [])
    places.unread = changes.unread
    unseen = places.unseen
    var paths: [FilePath] = []
    for path in (changes.files.map(\.path) + changes.gone).sorted() where path != paths.last { paths.append(path) }
    lookedUp = paths
  }
}
