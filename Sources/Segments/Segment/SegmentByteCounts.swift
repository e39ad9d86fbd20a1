/// How many bytes of a segment serve what.
package struct SegmentByteCounts: Hashable, Sendable {
  /// Components of vectors but for their signs.
  package var vectors = 0
  /// Signs of vectors, which choose candidates.
  package var sketches = 0
  /// Posting lists.
  package var postings = 0
  /// Terms, and where their lists are.
  package var dictionary = 0
  /// Places, symbols and hashes of chunks; paths, languages and hashes of files.
  package var stored = 0

  package init(vectors: Int = 0, sketches: Int = 0, postings: Int = 0, dictionary: Int = 0, stored: Int = 0) {
    self.vectors = vectors
    self.sketches = sketches
    self.postings = postings
    self.dictionary = dictionary
    self.stored = stored
  }

  package static func += (a: inout SegmentByteCounts, b: SegmentByteCounts) {
    a.vectors += b.vectors
    a.sketches += b.sketches
    a.postings += b.postings
    a.dictionary += b.dictionary
    a.stored += b.stored
  }
}
