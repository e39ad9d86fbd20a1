package import JSON

/// A point as it comes back.
package struct QdrantRecord: Hashable, Sendable {
  package var id: PointID
  /// Of a query; nil of a list.
  package var score: Float?
  /// An object; null where none was asked for.
  package var payload: JSONValue

  /// Nil where the document is no such point. Points that other programs number by integers are none.
  init?(_ document: JSONValue, isScored: Bool) {
    guard let id = document["id"]?.string.flatMap(PointID.init) else { return nil }
    self.id = id
    if isScored {
      guard let score = document["score"]?.number, score.isFinite else { return nil }
      self.score = Float(score)
    }
    payload = document["payload"] ?? .null
    guard payload.isNull || payload.members != nil else { return nil }
  }
}

/// A page of a list of points.
package struct QdrantPage: Hashable, Sendable {
  package var points: [QdrantRecord]
  /// Where the next page begins; nil after the last.
  package var next: PointID?
}
