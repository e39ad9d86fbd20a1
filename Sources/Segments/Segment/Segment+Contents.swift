package import Inspection
package import Primitives

/// A file of a segment with all that was made of it: what a builder took, as far as the segment keeps it.
package struct FileContents: Hashable, Sendable {
  package var path: FilePath
  package var language: Language
  package var contentHash: ContentHash
  /// In the order of their lines.
  package var chunks: [StoredChunk]
  /// Parallel to `chunks`.
  package var vectors: [QuantisedVector]
  /// The terms of the chunks with the frequencies that their codes stand for, and the chunks' lengths as they are
  /// stored: a builder that takes them writes the same codes. Terms ascend.
  package var terms: FileTerms
}

extension Segment {
  /// The files of these numbers, which ascend, with their terms and vectors: for who sends them elsewhere. One pass
  /// over the whole dictionary, about a nanosecond for each posting of the segment and a hundred for each term of the
  /// files; holds some 5 KB for each chunk. Throws `.damaged`.
  package func contents(ofFiles numbers: [Int], _ cancellation: Cancellation) throws(Failure) -> [FileContents] {
    var contents: [FileContents] = []
    contents.reserveCapacity(numbers.count)
    // Of each chunk that is wanted, 1 + the position of its file.
    var fileOfChunk = [UInt32](repeating: 0, count: chunkCount)
    var firstChunks: [Int] = []
    let vectors = vectors
    let lengths = bytes(of: .lengths)
    for (position, number) in numbers.enumerated() {
      try cancellation.check()
      let file = file(number)
      var list = ChunkList()
      read(Array(file.chunks), into: &list)
      guard list.entries.count == file.chunks.count else { throw damage ?? contradiction }
      var terms = FileTerms()
      terms.lengths = file.chunks.map { LengthCode.length(of: lengths[$0]) }
      contents.append(
        FileContents(
          path: file.path, language: file.language, contentHash: file.contentHash,
          chunks: list.entries.indices.map { list.chunk($0) },
          vectors: file.chunks.map { QuantisedVector(low: vectors.low($0), signs: vectors.signs($0), dimensions) },
          terms: terms))
      firstChunks.append(file.chunks.lowerBound)
      for chunk in file.chunks { fileOfChunk[chunk] = UInt32(position) + 1 }
    }
    try addTerms(to: &contents, fileOfChunk, firstChunks, cancellation)
    if let damage { throw damage }
    return contents
  }

  private func addTerms(
    to contents: inout [FileContents], _ fileOfChunk: [UInt32], _ firstChunks: [Int], _ cancellation: Cancellation
  ) throws(Failure) {
    let dictionary = dictionary
    var position = TermDictionary.Position()
    var run = MergedPostings()
    // Every chunk keeps its number; those that are not wanted are gone.
    let numbers = fileOfChunk.indices.map { fileOfChunk[$0] == 0 ? MergePlan.gone : UInt32($0) }
    var count = 0
    while dictionary.advance(&position) {
      count += 1
      if count & 1023 == 0 { try cancellation.check() }
      guard position.string.count <= 255 else { continue }
      for field in [Term.Field.word, .definition] {
        guard let list = position.list(of: field) else { continue }
        run.removeAll()
        run.append(list, of: self, newNumbers: numbers)
        guard run.finish() else { throw damage ?? contradiction }
        if run.run.count == 0 { continue }
        let hash = FileTermCollector.hash(position.string.span, field: field)
        // Chunks ascend, so those of a file follow each other.
        var last = UInt32.max
        for i in 0..<run.run.count {
          let chunk = Int(run.run.chunks[i])
          let file = fileOfChunk[chunk] - 1
          if file != last { contents[Int(file)].terms.begin(position.string, field, hash: hash) }
          last = file
          contents[Int(file)].terms.append(
            chunk: chunk - firstChunks[Int(file)], frequency: FrequencyCode.frequency(of: run.run.codes[i]))
        }
      }
    }
  }

  private var contradiction: Failure {
    Failure(.damaged, "its parts contradict each other", path: path, remedy: .index)
  }
}

extension FileTerms {
  /// Adds a term that is not there yet and has no posting so far.
  fileprivate mutating func begin(_ string: [UInt8], _ field: Term.Field, hash: UInt32) {
    let start = UInt32(bytes.count)
    bytes.append(contentsOf: string)
    entries.append(
      Entry(
        hash: hash, start: start, postingsEnd: UInt32(postings.count), byteCount: UInt8(string.count), field: field))
  }

  /// Adds a posting of the last term.
  fileprivate mutating func append(chunk: Int, frequency: UInt8) {
    postings.append(UInt32(chunk) << Self.frequencyBits | UInt32(frequency))
    entries[entries.count - 1].postingsEnd = UInt32(postings.count)
  }

  /// Calls `body` with each term, in the order they are kept in, and its postings: the chunk's number in the file and
  /// the code of the frequency (`FrequencyCode`, 0...3) of each.
  package func forEachTerm(
    _ body: (_ bytes: Span<UInt8>, _ field: Term.Field, _ postings: [(chunk: Int, code: UInt8)]) -> Void
  ) {
    var first = 0
    for entry in entries {
      let end = Int(entry.postingsEnd)
      let string = bytes.span.extracting(Int(entry.start)..<Int(entry.start) + Int(entry.byteCount))
      body(
        string, entry.field,
        postings[first..<end].map {
          (Int($0 >> Self.frequencyBits), FrequencyCode.code(of: UInt8(truncatingIfNeeded: $0)))
        })
      first = end
    }
  }

  /// Adds a term with its postings, by chunk and code as `forEachTerm` gives them; each term once, chunks ascending.
  package mutating func add(_ term: Term, postings: [(chunk: Int, code: UInt8)]) {
    precondition(term.bytes.count <= 255 && !postings.isEmpty)
    begin(term.bytes, term.field, hash: FileTermCollector.hash(term.bytes.span, field: term.field))
    for posting in postings { append(chunk: posting.chunk, frequency: FrequencyCode.frequency(of: posting.code)) }
  }

  /// No terms yet, of chunks with these lengths, by their codes (`LengthCode`).
  package init(lengthCodes: [UInt8]) {
    self.init()
    lengths = lengthCodes.map { LengthCode.length(of: $0) }
  }

  /// The code of each chunk's length, as a segment keeps it.
  package var lengthCodes: [UInt8] { lengths.map { LengthCode.code(of: $0) } }
}

extension QuantisedVector {
  fileprivate init(low: Span<UInt8>, signs: Span<UInt8>, _ dimensions: Int) {
    self.dimensions = dimensions
    var planes: [UInt8] = []
    planes.reserveCapacity(low.count + signs.count)
    planes.append(low)
    planes.append(signs)
    self.planes = planes
  }
}
