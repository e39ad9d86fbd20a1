package import Primitives
package import Segments

/// An index that several machines share, kept by a database: collections of files that are cut, analysed and embedded
/// as those of a local index are (`PreparedFile`), and the means to find candidates among them.
///
/// A store finds candidates and no more: it is asked for the best chunks by words and by vectors, gives what it keeps
/// of them, and the searcher ranks them with the code and the statistics that a local index is ranked with. A store may
/// therefore give more than it was asked for, and in any order; what it leaves out cannot be found.
///
/// All functions block and are to be called off the shared pool. One value serves one thread at a time; a searcher and
/// a writer open their own. Every function throws `.storeUnavailable` where the server cannot be reached or is lost in
/// the middle, `.cancelled` and `.timedOut` as the context says, and never shows a password or a key.
package protocol SharedStore: AnyObject {
  /// What a person would call it, without a password: `postgres://db.example:5432/code`.
  var description: String { get }
  /// What bounds the requests from now on. A function that takes a context sets it.
  var context: SearchContext { get set }

  // MARK: Collections

  /// The collections that there are, by name. Throws `.storeUnavailable` and `.unsupportedVersion`, where the server
  /// or the schema is of a version that this program cannot use, with what to do.
  func collections() throws(Failure) -> [StoreCollection]

  /// The collection of that name; nil if there is none.
  func collection(named name: String) throws(Failure) -> StoreCollection?

  /// Makes a collection for vectors of `identity`, or gives the one there is. Throws `.modelMismatch` where the one
  /// that there is was made with another model or another version of the analyzer.
  func makeCollection(named name: String, of identity: StoreIdentity) throws(Failure) -> StoreCollection

  /// Removes a collection with all that it holds; no error where there is none.
  func removeCollection(named name: String) throws(Failure)

  // MARK: Writing

  /// Says that the collection is about to lack files and have others twice, until `endPush`. False where another push
  /// into it is at work: then nothing was changed. One whose program was killed is at work no more.
  func beginPush(into collection: StoreCollection) throws(Failure) -> Bool

  /// Ends what `beginPush` began.
  ///
  /// - Parameter isWhole: whether the collection now holds all that it is to hold.
  func endPush(into collection: StoreCollection, isWhole: Bool) throws(Failure)

  /// Every file of a collection with its content, in the order of paths: what a push compares a local index with.
  func files(of collection: StoreCollection, _ context: SearchContext) throws(Failure) -> [StoreFileEntry]

  /// Adds `files`, each in the place of what the collection had at its path, in one transaction: all of them are there
  /// afterwards, or none. The same files again change nothing.
  func write(_ files: [StoreFile], to collection: StoreCollection) throws(Failure)

  /// Removes the files at `paths`, in one transaction; those that are not there are skipped.
  func remove(_ paths: [FilePath], from collection: StoreCollection) throws(Failure)

  /// After many writes: has the store build what makes searches fast (the graph over the vectors), and forget what was
  /// removed. Costs from seconds to hours, by the number of chunks; searches and writes go on meanwhile.
  func optimise(_ collection: StoreCollection) throws(Failure)

  // MARK: Searching

  /// A consistent view of a collection for one search: all that it gives is of one state, where the store can hold one.
  func view(of collection: StoreCollection, _ context: SearchContext) throws(Failure) -> any StoreView

  /// The files at `paths` with all that is kept of them, texts included; those that are not there are left out. For
  /// bringing a collection back as a local index.
  func read(
    _ paths: [FilePath], of collection: StoreCollection, _ context: SearchContext
  ) throws(Failure) -> [StoreFile]
}

/// A collection as one search sees it. Not thread-safe: the searcher calls it from one thread at a time.
package protocol StoreView: AnyObject {
  /// The number of chunks, and the sum of their lengths in words (`LengthCode` lengths, as a segment counts them).
  var chunkCount: Int { get }
  var totalLength: Int { get }
  /// Why files may be missing.
  var gaps: [CollectionGap] { get }

  /// Every file: its number, path and language, in the order of paths. Read where a query names or filters by paths;
  /// a store should keep it between searches of one generation.
  func fileEntries() throws(Failure) -> [StoreFileEntry]

  /// For each of `terms` the number of chunks that hold it.
  func documentFrequencies(of terms: [Term]) throws(Failure) -> [Int]

  /// The first `limit` terms of `field` that begin with `prefix`, ascending: for names that are spelt nearly as one
  /// that is nowhere. A store that keeps no dictionary gives none.
  func terms(withPrefix prefix: [UInt8], field: Term.Field, limit: Int) throws(Failure) -> [Term]

  /// The numbers of the chunks that `requests` ask for: one list for each request, in any order; a chunk may be in
  /// several. Requests come together, so that a store can send them together.
  func candidates(_ requests: [CandidateRequest]) throws(Failure) -> [[StoreChunkID]]

  /// What is kept of `chunks`, in any order, those left out that are gone. `terms` are the terms whose frequencies the
  /// searcher will ask for; a store may give the frequencies of others too.
  func records(of chunks: [StoreChunkID], terms: [Term]) throws(Failure) -> [StoreRecord]

  /// The same of all chunks of these files but for those of `known`.
  func records(
    ofFiles files: [StoreFileID], without known: Set<StoreChunkID>, terms: [Term]
  ) throws(Failure) -> [StoreRecord]

  /// The bytes of the file at `path` as it was when it was indexed; nil where the store does not keep its text.
  func text(of path: FilePath) throws(Failure) -> [UInt8]?
}

extension Failure.Code {
  /// A collection was made with another model, or by another version of this program.
  package static let modelMismatch = Self(rawValue: "store-mismatch")
}
