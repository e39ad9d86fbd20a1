/// The terms of one chunk with their weighted frequencies, in a compact form that is made once and only read after: two
/// arrays, however many terms.
package struct ChunkTerms: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    /// Of the field and the bytes; the same for the same term wherever it is met.
    var hash: UInt32
    /// Where its bytes begin in `bytes`.
    var start: UInt32
    var byteCount: UInt8
    var field: Term.Field
    var frequency: UInt8
  }
  /// All terms' bytes.
  var bytes: [UInt8] = []
  /// Distinct, in the order of their first occurrence.
  var entries: [Entry] = []
  /// The chunk's length for BM25: its words, where an identifier with its parts is one.
  package internal(set) var length = 0

  package init() {}

  /// Terms made elsewhere than in an `Analyzer`: distinct, of at most 255 bytes, with frequencies of at least 1.
  package init(_ terms: [(term: Term, frequency: UInt8)], length: Int) {
    for (term, frequency) in terms {
      precondition(frequency > 0 && term.bytes.count <= 255)
      entries.append(
        Entry(
          hash: TermCollector.hash(term.bytes.span, field: term.field), start: UInt32(bytes.count),
          byteCount: UInt8(term.bytes.count), field: term.field, frequency: frequency))
      bytes.append(contentsOf: term.bytes)
    }
    self.length = length
  }

  /// The number of distinct terms.
  package var count: Int { entries.count }

  /// Calls `body` with every term, in the order of their first occurrence. For tests and tools: makes a `Term` of each.
  package func forEach(_ body: (Term, _ frequency: UInt8) throws -> Void) rethrows {
    for entry in entries { try body(Term(field: entry.field, bytes: Array(bytes(of: entry))), entry.frequency) }
  }

  func bytes(of entry: Entry) -> ArraySlice<UInt8> {
    bytes[Int(entry.start)..<Int(entry.start) + Int(entry.byteCount)]
  }
}
