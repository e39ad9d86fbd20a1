/// A weighted set of terms to be scored with BM25.
package struct LexicalQuery: Hashable, Sendable {
  package struct Clause: Hashable, Sendable {
    package var term: Term
    package var weight: Float
    package init(term: Term, weight: Float = 1) {
      self.term = term
      self.weight = weight
    }
  }
  package var clauses: [Clause]
  package init(clauses: [Clause]) { self.clauses = clauses }
}
