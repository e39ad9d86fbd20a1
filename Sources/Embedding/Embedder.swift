package import Primitives

/// Turns texts into vectors of unit length (or of zeros, for a text that says nothing to the model). Thread-safe.
package protocol Embedder: Sendable {
  var identity: ModelIdentity { get }

  /// The vectors of pieces of one file, contiguous: `pieces.count` x `identity.dimensions` floats.
  ///
  /// - Parameters:
  ///   - source: the file's bytes.
  ///   - pieces: byte ranges of `source`, each embedded by itself.
  ///   - path: the file's path inside the corpus; a model may use its words.
  func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float]

  /// The vector of a query: `identity.dimensions` floats.
  func embed(query: String) throws(Failure) -> [Float]

  /// The same for a request that may be over before the vector is there. An embedder that waits for somebody else, such
  /// as a server, stops waiting then; without an implementation of its own, the context is checked before and that is
  /// all.
  ///
  /// Throws, besides what `embed(query:)` throws, `.cancelled` and `.timedOut`.
  func embed(query: String, context: SearchContext) throws(Failure) -> [Float]

  /// The dot products of `vector` and the vectors of all pieces, in their order: those that `embed(_:pieces:path:)`
  /// makes for each group, but for rounding in the last places.
  func similarities(of pieces: PieceGroups, to vector: [Float]) throws(Failure) -> [Float]

  /// The same embedder for a run that somebody waits for who can go on without it: one that waits for somebody else,
  /// such as a server, gives up sooner. Without an implementation of its own, the embedder itself.
  var interactive: any Embedder { get }

  /// The embedder itself if one call with many texts costs it much less than many calls, else nil.
  var batch: (any BatchEmbedder)? { get }
}

extension Embedder {
  package var batch: (any BatchEmbedder)? { nil }
  package var interactive: any Embedder { self }

  package func embed(query: String, context: SearchContext) throws(Failure) -> [Float] {
    try context.check()
    return try embed(query: query)
  }
}

/// An embedder for which one call with many texts costs much less than many calls with one: a transformer, an endpoint.
/// A caller with many files gathers their chunks and calls `embed(documents:)`.
///
/// Calls block the calling thread. The embedder uses the processor's cores by itself: one caller at a time is enough.
package protocol BatchEmbedder: Embedder {
  /// How many texts to gather before a call, if memory allows; fewer are right too.
  var gatheredTextCount: Int { get }

  /// The vectors of `documents`, contiguous: `documents.count` x `identity.dimensions` floats, each of unit length (or
  /// zeros for an empty text). The vector of a text does not depend on what else is in the call, up to rounding.
  func embed(documents: [DocumentText]) throws(Failure) -> [Float]
}

extension BatchEmbedder {
  package var batch: (any BatchEmbedder)? { self }

  package func embed(_ source: Span<UInt8>, pieces: [Range<Int>], path: FilePath) throws(Failure) -> [Float] {
    try embed(documents: pieces.map { DocumentText(source.extracting($0), path: path) })
  }
}

/// What a model that reads running text is shown of a chunk: where it stands, then its lines.
package struct DocumentText: Hashable, Sendable {
  /// The last four components of the path, a line feed, the chunk; UTF-8, with U+FFFD for what is none.
  package let text: String

  package init(_ chunk: Span<UInt8>, path: FilePath) {
    let names = path.description.split(separator: "/").suffix(4).joined(separator: "/")
    let lines = unsafe chunk.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    text = "\(names)\n\(lines)"
  }

  /// A text by itself, as it is.
  package init(_ text: String) { self.text = text }
}

/// A cross-encoder, which scores how relevant passages are to a query by reading both together: slower than comparing
/// vectors and often better. Meant for the top few. Thread-safe.
package protocol Reranker: Sendable {
  /// What it is called, for explanations.
  var name: String { get }

  /// One score for each passage, higher is better; scores of different queries are not comparable.
  func scores(of passages: [String], for query: String) throws(Failure) -> [Float]

  /// The same for a request that may be over before; without an implementation of its own, the context is checked
  /// before and that is all. Throws, besides what `scores(of:for:)` throws, `.cancelled` and `.timedOut`.
  func scores(of passages: [String], for query: String, context: SearchContext) throws(Failure) -> [Float]
}

extension Reranker {
  package func scores(
    of passages: [String], for query: String, context: SearchContext
  ) throws(Failure) -> [Float] {
    try context.check()
    return try scores(of: passages, for: query)
  }
}

/// Which model made a vector. Vectors of different identities are never compared: an index knows its own.
package struct ModelIdentity: Hashable, Sendable {
  /// `cairn-static-v1`, `hashing`, `all-MiniLM-L6-v2`.
  package var name: String
  /// The hash of the model's weights.
  package var contentHash: ContentHash
  package var dimensions: Int

  package init(name: String, contentHash: ContentHash, dimensions: Int) {
    self.name = name
    self.contentHash = contentHash
    self.dimensions = dimensions
  }

  /// Whether vectors of that name are made by a version of the model that is part of the program.
  package static func isBuiltIn(_ name: String) -> Bool { name.hasPrefix("cairn-static-") }
}
