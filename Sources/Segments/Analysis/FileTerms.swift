/// The terms of one file's chunks with their weighted frequencies, by term: each distinct one once with its postings,
/// as a builder takes them. Made once and only read after: four arrays, however many terms.
package struct FileTerms: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    /// Of the field and the bytes; the same for the same term wherever it is met.
    var hash: UInt32
    /// Where its bytes begin in `bytes`.
    var start: UInt32
    /// Where its postings end in `postings`; they begin where those of the entry before end.
    var postingsEnd: UInt32
    var byteCount: UInt8
    var field: Term.Field
  }
  /// All terms' bytes.
  var bytes: [UInt8] = []
  /// Distinct; every one has a posting.
  var entries: [Entry] = []
  /// By entry, then chunk: a chunk's number in the file, and in the low 8 bits the term's frequency in it.
  var postings: [UInt32] = []
  /// The length of each chunk for BM25: its words, where an identifier with its parts is one.
  package internal(set) var lengths: [Int] = []
  /// Whether these are further terms of the last chunk of the part before, whose length counts theirs. A term of both
  /// has the frequency that it was met with first: a chunk of such a size says what is in it, hardly what it is about.
  package private(set) var continuesChunk = false

  /// A file has at most as many chunks as fit beside a frequency.
  static let frequencyBits: UInt32 = 8

  package init() {}

  /// Terms made elsewhere than in an `Analyzer`, by chunk: in each distinct, of at most 255 bytes, with frequencies of
  /// at least 1.
  package init(_ chunks: [(terms: [(term: Term, frequency: UInt8)], length: Int)]) {
    var collector = FileTermCollector()
    for chunk in chunks {
      for (term, frequency) in chunk.terms {
        precondition(frequency > 0 && term.bytes.count <= 255)
        collector.add(term.bytes.span, field: term.field, weight: Int(frequency))
      }
      collector.endChunk(length: chunk.length)
    }
    self = collector.endFile()
  }

  package var chunkCount: Int { lengths.count }

  /// The terms of one chunk as further terms of the chunk before.
  func continuing() -> FileTerms {
    precondition(lengths.count == 1)
    var terms = self
    terms.lengths = []
    terms.continuesChunk = true
    return terms
  }

  /// Calls `body` with every term of a chunk. For tests and tools: makes a `Term` of each and reads those of all
  /// chunks.
  package func visit(chunk: Int, _ body: (Term, _ frequency: UInt8) throws -> Void) rethrows {
    var first = 0
    for entry in entries {
      for posting in postings[first..<Int(entry.postingsEnd)] where Int(posting >> Self.frequencyBits) == chunk {
        let string = bytes[Int(entry.start)..<Int(entry.start) + Int(entry.byteCount)]
        try body(Term(field: entry.field, bytes: Array(string)), UInt8(truncatingIfNeeded: posting))
      }
      first = Int(entry.postingsEnd)
    }
  }
}

/// What a posting list is kept for: a lower-cased word, or a lower-cased symbol name at the places that define it.
package struct Term: Hashable, Sendable, Comparable {
  package enum Field: UInt8, Sendable {
    /// A word of the text, of a symbol, or of the path: whole identifiers and their parts.
    case word = 1
    /// The whole name of a symbol that the chunk defines.
    case definition = 2
  }

  package var field: Field
  /// Lower-cased UTF-8.
  package var bytes: [UInt8]

  package init(field: Field, bytes: [UInt8]) {
    self.field = field
    self.bytes = bytes
  }
  package init(_ text: String, field: Field = .word) { self.init(field: field, bytes: Array(text.utf8)) }

  package static func < (a: Term, b: Term) -> Bool {
    a.field == b.field ? a.bytes.lexicographicallyPrecedes(b.bytes) : a.field.rawValue < b.field.rawValue
  }
}
