package import Primitives
package import QueryLanguage
package import Segments

/// Brings from elsewhere the chunks that a query is about, as a snapshot that holds them and little else, and knows the
/// statistics of all chunks (`IndexSnapshot.LiveSegment.collection`): what a shared store is to a searcher. What it
/// brings is by `CandidateNeeds` what the searcher would find among all chunks. Thread-safe.
package protocol CandidateSource: Sendable {
  /// The candidates, and the vector of the query by which they were found. Throws what the store and the model throw,
  /// and as `context` says of its end.
  func snapshot(
    for query: SearchQuery, _ context: SearchContext
  ) throws(Failure) -> (snapshot: IndexSnapshot, vector: [Float])

  /// All chunks of one file. Throws `.notFound` where there is no such file.
  func snapshot(of path: FilePath, _ context: SearchContext) throws(Failure) -> IndexSnapshot

  /// The same with the chunks that are like one of the file, which is described by words and by a vector.
  func snapshot(
    of path: FilePath, like description: ParsedQuery, vector: [Float], _ context: SearchContext
  ) throws(Failure) -> IndexSnapshot
}
