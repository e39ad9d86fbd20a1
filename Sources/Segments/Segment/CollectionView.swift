package import Primitives

/// What is known of a whole collection of which a segment holds a few chunks: those that a shared store gave as
/// candidates for one query. Chunks then score as they do in an index that holds all of it.
///
/// Thread-safe. A function that cannot tell gives nothing, and from then on `failure` says why: who used it looks there
/// afterwards and discards what came of it, as with the damage of a segment.
package protocol CollectionView: AnyObject, Sendable {
  /// Live chunks, and the sum of their lengths as `Segment.totalLength` has it.
  var chunkCount: Int { get }
  var totalLength: Int { get }
  var failure: Failure? { get }

  /// For each of `terms` the number of live chunks that hold it.
  func documentFrequencies(of terms: [Term]) -> [Int]

  /// As `Segment.terms(withPrefix:field:limit:)`, of the whole collection.
  func terms(withPrefix prefix: [UInt8], field: Term.Field, limit: Int) -> [Term]

  /// Calls `body` with the path of every file, in the order of their bytes.
  func forEachPath(_ body: (Span<UInt8>) -> Void)
}
