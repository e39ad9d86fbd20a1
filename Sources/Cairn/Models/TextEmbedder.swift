import ModelOpening
import Primitives

/// A model that turns texts into vectors, which a program brings for its own indexes: one that runs in the program, or
/// one behind an interface that Cairn does not speak. Texts that mean the same should get vectors that point the same
/// way; a search compares the query's vector with those of the chunks, and joins that with what the words say.
///
///     struct Trigrams: TextEmbedder {
///       let name = "trigrams"
///       let version = "1"
///       let dimensions = 256
///       func embed(documents: [String]) -> [[Float]] { documents.map(vector) }
///       func embed(query: String) -> [Float] { vector(of: query) }
///     }
///     let workspace = try Workspace(root: "/home/me/project", embedder: Trigrams())
///
/// **Identity.** An index knows the name, the version and the dimensions that its vectors were made with, and vectors
/// of different ones are never compared. Where the version or the dimensions are others, the next `index`, or search
/// with an update, builds the index anew beside the old one; `.asIs` throws `differentModel` until then. An index of
/// another model is never replaced unasked: `index` and `search` throw `differentModel` until `index(rebuild:)`, so a
/// program best gives its index a place of its own (`Configuration.indexDirectory`). A program that opens the index
/// without its embedder, such as the terminal program, is answered from its words, with the note `modelAbsent`, and
/// changes nothing.
///
/// **Threads.** Functions are called on threads outside of Swift's shared pool and may block for as long as they need.
/// An index run calls `embed(documents:)` from one thread at a time; runs over several trees, and searches, call at the
/// same time, so that an implementation must be thread-safe. A run that is cancelled ends after the calls for as many
/// texts as `batchSize` says, or a few more. A search that is cancelled, or whose time is over, ends within
/// milliseconds; its call of `embed(query:)` goes on by itself, and what it gives is dropped.
///
/// **Errors.** What is thrown, and every answer that is no vector for each text (another number of vectors or of
/// dimensions, a number that is not finite), ends a run with `embedderFailed`: what was committed is kept, and the next
/// run goes on from there. A search is then answered from the words of the index, with a note, if there is one.
///
/// **Cost.** Vectors are kept in the user's cache of embeddings by content and identity, so that no text is embedded
/// twice; for an embedder that takes less than 10 microseconds for a text, set `Configuration.isCaching` to false. An
/// index holds half a byte for each dimension of a chunk.
///
/// Files that look like they hold secrets are left out, as for an endpoint, whatever the tree's own ignore files say.
public protocol TextEmbedder: Sendable {
  /// What it is called: at most 100 bytes, without control characters and `@`, and not as the built-in model is. An
  /// index has it with `custom:` before it (`Status.modelName`). Read once.
  var name: String { get }

  /// What tells its vectors from those of other versions, such as the hash of the weights: to be changed whenever any
  /// text would get another vector. At most 100 bytes, without control characters. Read once.
  var version: String { get }

  /// The length of every vector, from 1 to 65,536. Read once.
  var dimensions: Int { get }

  /// The most texts in one call of `embed(documents:)`, at least 1; 64 if not implemented. What a call costs beside its
  /// texts speaks for more, the memory that a call needs for fewer. Read once.
  var batchSize: Int { get }

  /// The vectors of `documents`, one for each, in their order.
  ///
  /// Each is scaled to unit length before it is kept; zeros say that nothing is known of a text, and stay zeros. A
  /// vector must depend on its text alone: texts that were seen before may come from the cache.
  ///
  /// - Parameter documents: at least one, at most `batchSize`. Each is a chunk of a file, some 1,500 bytes and rarely
  ///   more than some thousand, after a line with the last four components of the file's path.
  func embed(documents: [String]) throws -> [[Float]]

  /// The vector of a query, to be compared with those of documents; scaled to unit length as well.
  ///
  /// - Parameter query: what was asked, without its filters; never blank.
  func embed(query: String) throws -> [Float]
}

extension TextEmbedder {
  public var batchSize: Int { 64 }
}

extension CustomEmbedder {
  init(_ embedder: some TextEmbedder) throws(Failure) {
    try self.init(
      Definition(
        name: embedder.name, version: embedder.version, dimensions: embedder.dimensions,
        batchSize: embedder.batchSize, documents: { try embedder.embed(documents: $0) },
        query: { try embedder.embed(query: $0) }))
  }
}

extension CairnError.Code {
  /// An embedder that the program brought threw an error, or gave something else than vectors.
  public static let embedderFailed = Self(rawValue: "embedder-failed")
}
