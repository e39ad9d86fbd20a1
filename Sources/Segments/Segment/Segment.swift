import Chunking
import Corpus
package import Disk
package import Primitives

/// An immutable, mapped part of the index. Opening it checks its footer and its sections' bounds and reads nothing
/// else. Thread-safe; every question is answered from the map. Files are in the order of their paths, chunks in that
/// of their files, so that chunk numbers ascend with (path, line).
///
/// A segment that was damaged on the disk answers with too little, or wrongly, but never reads outside its file and
/// always ends; `verify` finds the damage.
package final class Segment: Sendable {
  let file: SectionFile
  let counts: SegmentCounts
  /// By the sections' numbers.
  private let ranges: [Range<Int>]
  let languages: [Language]

  package var path: FilePath { file.path }
  package var byteCount: Int { file.byteCount }
  /// What tells it from every other segment: the checksum of its footer, which covers all its content.
  package var checksum: UInt64 { file.checksum }
  package var fileCount: Int { counts.files }
  package var chunkCount: Int { counts.chunks }
  package var dimensions: Int { counts.dimensions }
  /// The sum of the chunks' lengths in words, each as exact as it is stored (`LengthCode`).
  package var totalLength: Int { counts.totalLength }
  /// False where it was read whole: because it was wished, or because the system refused the map.
  package var isMapped: Bool { file.isMapped }
  /// Lets go of all pages of the map that are in memory, for who has read through it; reading brings them back.
  package func releasePages() { file.releasePages() }
  /// Whether `file` is a segment of a format before this program's, which cannot be read any more.
  package static func isOlder(_ file: HeldName) throws(Failure) -> Bool {
    guard let version = try SectionFile.formatVersion(of: file, magic: SegmentFormat.magic) else { return false }
    return version < SegmentFormat.formatVersion
  }

  /// Whether this program would write the same from the same files; if not, the segment should be rebuilt.
  package var isCurrent: Bool { file.contentVersion == SegmentFormat.contentVersion }

  /// Throws `.notFound`, `.damaged` (too short, or a wrong checksum), `.wrongFormat` (not a segment) or
  /// `.unsupportedVersion`.
  ///
  /// - Parameter readsWholeUpTo: a file of no more bytes is read whole instead of mapped.
  package convenience init(opening path: FilePath, readsWholeUpTo wholeByteCount: Int = 0) throws(Failure) {
    let version = SegmentFormat.formatVersion
    try self.init(
      SectionFile(path, magic: SegmentFormat.magic, versions: version...version, readsWholeUpTo: wholeByteCount))
  }

  /// The same of a file in a held directory; a link, or a file that has another name too, is `.damaged`.
  package convenience init(opening file: HeldName, readsWholeUpTo wholeByteCount: Int = 0) throws(Failure) {
    let version = SegmentFormat.formatVersion
    try self.init(
      SectionFile(file, magic: SegmentFormat.magic, versions: version...version, readsWholeUpTo: wholeByteCount))
  }

  private init(_ file: SectionFile) throws(Failure) {
    let path = file.path
    self.file = file
    let damaged = Failure(.damaged, "its sections do not fit each other; build the index again", path: path)
    var ranges = [Range<Int>](repeating: 0..<0, count: SegmentFormat.Section.signs.place + 1)
    for section in SegmentFormat.Section.allCases {
      guard let range = file.range(of: section.rawValue) else { throw damaged }
      ranges[section.place] = range
    }
    self.ranges = ranges
    guard let section = file.sections.first(where: { $0.identifier == SegmentFormat.Section.counts.rawValue }),
      section.range.count == SegmentCounts.byteCount
    else { throw damaged }
    try file.verify(section)
    let counts = SegmentCounts(file.bytes(in: section.range))

    func byteCount(_ section: SegmentFormat.Section) -> Int { ranges[section.place].count }
    self.counts = counts
    let plane = VectorTable.planeByteCount(dimensions: counts.dimensions)
    guard counts.chunks <= SegmentFormat.maximumChunkCount, counts.dimensions <= 1 << 16,
      byteCount(.lengths) == counts.chunks, byteCount(.vectors) == 3 * plane * counts.chunks,
      byteCount(.signs) == plane * counts.chunks,
      byteCount(.files) >= FileTable.fixedByteCount(of: counts.files),
      byteCount(.termIndex) == (counts.terms + 31) / 32 * TermDictionaryWriter.indexEntryByteCount
    else { throw damaged }
    languages = FileTable(
      file.bytes(in: ranges[SegmentFormat.Section.files.place]), count: counts.files
    ).languages()
  }

  /// The bytes of each part on disk. Looks at every block of the term dictionary.
  package var byteCounts: SegmentByteCounts {
    func byteCount(_ sections: SegmentFormat.Section...) -> Int { sections.reduce(0) { $0 + ranges[$1.place].count } }
    let entries = min(dictionary.entriesByteCount, byteCount(.terms))
    return SegmentByteCounts(
      vectors: byteCount(.vectors), sketches: byteCount(.signs), postings: byteCount(.terms) - entries,
      dictionary: entries + byteCount(.termIndex), stored: byteCount(.chunks, .paths, .files, .lengths))
  }

  /// The bytes of a section.
  @_lifetime(borrow self)
  func bytes(of section: SegmentFormat.Section) -> Span<UInt8> {
    let file = file
    let bytes = unsafe file.bytes(in: ranges[section.place]).withUnsafeBufferPointer { unsafe $0 }
    let span = unsafe Span(_unsafeElements: bytes)
    // The map lives as long as this object does.
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  // MARK: Lexical

  var dictionary: TermDictionary {
    @_lifetime(borrow self) get {
      TermDictionary(bytes(of: .terms), index: bytes(of: .termIndex), count: counts.terms)
    }
  }

  /// For each clause, the number of chunks that hold its term.
  package func documentFrequencies(of query: LexicalQuery) -> [Int] {
    prepare(query).documentFrequencies
  }

  /// The first `limit` terms of `field` whose bytes begin with `prefix`, ascending, each with the number of chunks
  /// that hold it. For stems and the beginnings of identifiers.
  package func terms(
    withPrefix prefix: [UInt8], field: Term.Field = .word, limit: Int
  ) -> [(term: Term, documentFrequency: Int)] {
    var found: [(term: Term, documentFrequency: Int)] = []
    let dictionary = dictionary
    guard limit > 0, var place = dictionary.place(atOrAfter: prefix) else { return [] }
    while place.string.starts(with: prefix) {
      if let list = place.list(of: field) {
        found.append((Term(field: field, bytes: place.string), min(list.count, chunkCount)))
        if found.count == limit { break }
      }
      if !dictionary.advance(&place) { break }
    }
    return found
  }

  /// The best `limit` chunks by BM25 among `eligible` ones (all of them when nil), best first; only chunks with a
  /// score above 0. Clauses whose weight is not a positive number add nothing.
  package func bestByTerms(
    _ query: LexicalQuery, statistics: CollectionStatistics, eligible: BitSet?, limit: Int
  ) -> [ScoredChunk] {
    bestByTerms(prepare(query), BM25(query, statistics: statistics), eligible: eligible, limit: limit)
      .sorted { $0.precedes($1) }
  }

  /// The BM25 scores of `chunks`, which ascend.
  package func termScores(
    _ query: LexicalQuery, statistics: CollectionStatistics, of chunks: [Int]
  ) -> [Float] {
    termMatches(prepare(query), BM25(query, statistics: statistics), groups: [], of: chunks).map(\.score)
  }

  // MARK: Vectors

  var vectors: VectorTable {
    @_lifetime(borrow self) get {
      VectorTable(
        low: bytes(of: .vectors), signs: bytes(of: .signs), dimensions: dimensions, count: chunkCount)
    }
  }

  /// The best `limit` chunks by the dot product of `query` (unit length) and their vectors, best first, as `VectorSearch` finds
  /// them in this segment alone. Scores are those of `vectorScores`.
  /// - Parameters:
  ///   - kinds: what the symbols of a chunk must be besides; looked at for chunks that would be answered, not for all.
  ///   - isExhaustive: whether every vector is looked at, or signs choose first; whichever pays where it is not said.
  package func bestByVector(
    _ query: [Float], eligible: BitSet?, kinds: SymbolKindFilter? = nil, limit: Int, isExhaustive: Bool? = nil
  ) -> [ScoredChunk] {
    let search = VectorSearch(
      query, in: [(self, eligible)], kinds: kinds, limit: limit, isExhaustive: isExhaustive)
    for piece in search.pieces { search.look(piece) }
    return search.best().map { ScoredChunk(chunk: $0.chunk, score: $0.score) }.sorted { $0.precedes($1) }.prefix(
      max(0, limit)
    )
    .map { $0 }
  }

  /// The cosines of `query` and the vectors of `chunks`; 0 for a chunk that there is not.
  package func vectorScores(_ query: [Float], of chunks: [Int]) -> [Float] {
    let vectors = vectors
    return vectors.scores(QuantisedQuery(query, stride: vectors.stride), of: chunks)
  }

  /// The vector of a chunk, of unit length, as it was before quantisation but for rounding.
  package func vector(ofChunk chunk: Int) -> [Float] {
    guard chunk >= 0, chunk < chunkCount else { return [Float](repeating: 0, count: dimensions) }
    return vectors.vector(chunk)
  }
}
