import Kernels
package import Primitives

/// Short texts in one buffer, grouped by the path that they are embedded with.
package struct PieceGroups: Sendable {
  /// The pieces, contiguous. Each ends with a byte that is of no word.
  package var text: [UInt8] = []
  /// Where in the text each piece ends.
  package var ends: [Int] = []
  /// The paths of the groups, in their order, and the number of pieces up to the end of each.
  package var groups: [(path: FilePath, pieceEnd: Int)] = []

  package init() {}
}

extension Embedder {
  /// One call of `embed(_:pieces:path:)` for each group.
  package func similarities(of pieces: PieceGroups, to vector: [Float]) throws(Failure) -> [Float] {
    precondition(vector.count == identity.dimensions)
    var similarities: [Float] = []
    similarities.reserveCapacity(pieces.ends.count)
    for group in pieces.groups {
      let ranges = (similarities.count..<group.pieceEnd).map { ($0 == 0 ? 0 : pieces.ends[$0 - 1])..<pieces.ends[$0] }
      let vectors = try embed(pieces.text.span, pieces: ranges, path: group.path)
      for k in ranges.indices {
        similarities.append(
          dotProduct(vectors.span.extracting(k * vector.count..<(k + 1) * vector.count), vector.span))
      }
    }
    return similarities
  }
}
