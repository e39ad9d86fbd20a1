import Chunking
package import Disk
import Inspection
package import Primitives
import Synchronization

/// An immutable, mapped part of the index. Opening it checks its footer and its sections' bounds and reads nothing
/// else. Thread-safe; every query is answered from the map. Files are in the order of their paths, chunks in that of
/// their files, so that chunk numbers ascend with (path, line).
///
/// A segment that was damaged on the disk gives too few results, or wrong ones, but never reads outside its file and
/// always ends. What is read for the first time is checked, and sets `damage`: the caller checks that afterwards and
/// discards the results. `verify` reads everything.
package final class Segment: Sendable {
  let file: SectionFile
  let counts: SegmentCounts
  /// By the sections' numbers.
  private let ranges: [Range<Int>]
  let languages: [Language]
  /// The sections that were checked whole, a bit for each.
  private let checkedSections = Atomic<UInt32>(0)
  private let hasDisorderedFiles = Atomic<Bool>(false)
  /// Where the n-grams are in the file, if there are any.
  let gramRanges: (lists: Range<Int>, index: Range<Int>)?
  let hasDamagedGrams = Atomic<Bool>(false)

  package var path: FilePath { file.path }
  package var byteCount: Int { file.byteCount }
  /// The first damage that was found during a search, or nil; results of a damaged segment are worth nothing.
  /// Nanoseconds.
  package var damage: Failure? { file.damage }
  /// What tells it from every other segment: the checksum of its footer, which covers all its content.
  package var checksum: UInt64 { file.checksum }
  package var fileCount: Int { counts.files }
  package var chunkCount: Int { counts.chunks }
  package var dimensions: Int { counts.dimensions }
  /// The sum of the chunks' lengths in words, each as exact as it is stored (`LengthCode`).
  package var totalLength: Int { counts.totalLength }
  /// False if it was read whole: because it was wished, or because the system refused the map.
  package var isMapped: Bool { file.isMapped }
  /// Releases all pages of the map that are in memory (madvise), for callers that have read through it; reading brings
  /// them back.
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
    try self.init(MappedFile(path, readsWholeUpTo: wholeByteCount), watcher: nil)
  }

  /// The same of a file in a held directory; a link, or a file that has another name too, is `.damaged`.
  package convenience init(opening file: HeldName, readsWholeUpTo wholeByteCount: Int = 0) throws(Failure) {
    try self.init(MappedFile(file, readsWholeUpTo: wholeByteCount), watcher: nil)
  }

  /// - Parameter watcher: only a test watches what is read.
  package init(_ mapped: MappedFile, watcher: SectionFile.Watcher?) throws(Failure) {
    let version = SegmentFormat.formatVersion
    let file = try SectionFile(mapped, magic: SegmentFormat.magic, versions: version...version, watcher: watcher)
    self.file = file
    let damaged = Failure(.damaged, "its sections do not fit each other", path: file.path, remedy: .index)
    var ranges = [Range<Int>](repeating: 0..<0, count: SegmentFormat.Section.gramIndex.index + 1)
    for section in SegmentFormat.Section.allCases {
      if let range = file.range(of: section.rawValue) {
        ranges[section.index] = range
      } else if section.isRequired {
        throw damaged
      }
    }
    self.ranges = ranges
    let grams = SegmentFormat.Section.grams.rawValue
    let gramIndex = SegmentFormat.Section.gramIndex.rawValue
    let lists = file.range(of: grams)
    gramRanges = file.range(of: gramIndex).flatMap { index in lists.map { ($0, index) } }
    let countsRange = ranges[SegmentFormat.Section.counts.index]
    guard countsRange.count == SegmentCounts.byteCount else { throw damaged }
    file.check(countsRange)
    let counts = SegmentCounts(file.bytes(in: countsRange))
    if let damage = file.damage { throw damage }

    func byteCount(_ section: SegmentFormat.Section) -> Int { ranges[section.index].count }
    self.counts = counts
    let plane = VectorTable.planeByteCount(dimensions: counts.dimensions)
    guard counts.chunks <= SegmentFormat.maximumChunkCount, counts.dimensions <= 1 << 16,
      counts.totalLength <= counts.chunks * LengthCode.longest,
      byteCount(.chunks) >= 4 * ((counts.chunks + ChunkTableWriter.blockSize - 1) / ChunkTableWriter.blockSize),
      byteCount(.paths) >= 4 * ((counts.files + SortedStringsWriter.blockSize - 1) / SortedStringsWriter.blockSize),
      byteCount(.lengths) == counts.chunks, byteCount(.vectors) == 3 * plane * counts.chunks,
      byteCount(.signs) == plane * counts.chunks,
      byteCount(.files) >= FileTable.fixedByteCount(of: counts.files),
      byteCount(.termIndex) == (counts.terms + 31) / 32 * TermDictionaryWriter.indexEntryByteCount
    else { throw damaged }
    let files = ranges[SegmentFormat.Section.files.index]
    file.check(files.lowerBound + FileTable.fixedByteCount(of: counts.files)..<files.upperBound)
    languages = FileTable(file.bytes(in: files), count: counts.files).languages()
    if let damage = file.damage { throw damage }
  }

  /// The bytes of each part on disk. Reads every block of the term dictionary.
  package var byteCounts: SegmentByteCounts {
    func byteCount(_ sections: SegmentFormat.Section...) -> Int { sections.reduce(0) { $0 + ranges[$1.index].count } }
    let entries = min(dictionary.entriesByteCount, byteCount(.terms))
    return SegmentByteCounts(
      vectors: byteCount(.vectors), signBits: byteCount(.signs), postings: byteCount(.terms) - entries,
      dictionary: entries + byteCount(.termIndex), stored: byteCount(.chunks, .paths, .files, .lengths),
      grams: byteCount(.grams, .gramIndex))
  }

  /// The bytes of a section, all of them checked: for sections that are small, or read everywhere.
  @_lifetime(borrow self)
  func bytes(of section: SegmentFormat.Section) -> Span<UInt8> {
    if checkedSections.load(ordering: .acquiring) >> UInt32(section.index) & 1 == 0 { checkWhole(section) }
    return uncheckedBytes(of: section)
  }

  /// The same, with the means to say that it makes no sense.
  @_lifetime(borrow self)
  func wholeParts(of section: SegmentFormat.Section) -> CheckedBytes {
    if checkedSections.load(ordering: .acquiring) >> UInt32(section.index) & 1 == 0 { checkWhole(section) }
    return parts(of: section)
  }

  /// The section of files; nil if their chunks do not ascend: ranges that overlap could be any number of chunks.
  var soundFiles: Span<UInt8> {
    @_lifetime(borrow self) get {
      let bytes = bytes(of: .files)
      if hasDisorderedFiles.load(ordering: .relaxed) { return unsafe _overrideLifetime(Span(), borrowing: self) }
      return bytes
    }
  }

  @inline(never)
  private func checkWhole(_ section: SegmentFormat.Section) {
    file.check(ranges[section.index])
    if section == .files, !FileTable(uncheckedBytes(of: .files), count: fileCount).isAscending(chunkCount: chunkCount) {
      hasDisorderedFiles.store(true, ordering: .relaxed)
      file.reportContradiction()
    }
    checkedSections.bitwiseOr(1 << UInt32(section.index), ordering: .releasing)
  }

  /// The bytes of a section whose parts are checked when they are read.
  @_lifetime(borrow self)
  func parts(of section: SegmentFormat.Section) -> CheckedBytes {
    let parts = CheckedBytes(uncheckedBytes(of: section), of: file, at: ranges[section.index].lowerBound)
    return unsafe _overrideLifetime(parts, borrowing: self)
  }

  @_lifetime(borrow self)
  func uncheckedBytes(of section: SegmentFormat.Section) -> Span<UInt8> {
    let file = file
    let bytes = unsafe file.bytes(in: ranges[section.index]).withUnsafeBufferPointer { unsafe $0 }
    let span = unsafe Span(_unsafeElements: bytes)
    // The map lives as long as this object does.
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  // MARK: Lexical

  var dictionary: TermDictionary {
    @_lifetime(borrow self) get {
      TermDictionary(parts(of: .terms), index: bytes(of: .termIndex), count: counts.terms)
    }
  }

  /// For each clause, the number of chunks that hold its term.
  package func documentFrequencies(of query: LexicalQuery) -> [Int] {
    prepare(query).documentFrequencies
  }

  /// The first `limit` terms of `field` whose bytes begin with `prefix`, ascending, each with the number of chunks
  /// that hold it. For stems and the beginnings of identifiers. Fewer where `context` is over.
  package func terms(
    withPrefix prefix: [UInt8], field: Term.Field = .word, limit: Int, context: SearchContext? = nil
  ) -> [(term: Term, documentFrequency: Int)] {
    var found: [(term: Term, documentFrequency: Int)] = []
    let dictionary = dictionary
    guard limit > 0, var position = dictionary.position(atOrAfter: prefix) else { return [] }
    while position.string.starts(with: prefix) {
      if let list = position.list(of: field) {
        found.append((Term(field: field, bytes: position.string), min(list.count, chunkCount)))
        if found.count == limit { break }
        if found.count & 1023 == 0, let context, context.isOver { break }
      }
      if !dictionary.advance(&position) { break }
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
        low: parts(of: .vectors), signs: parts(of: .signs), dimensions: dimensions, count: chunkCount)
    }
  }

  /// The best `limit` chunks by the dot product of `query` (unit length) and their vectors, best first, as
  /// `VectorSearch` finds them in this segment alone. Scores are those of `vectorScores`.
  /// - Parameters:
  ///   - kinds: what the symbols of a chunk must be besides; checked for chunks that would be hits, not for all.
  ///   - isExhaustive: whether the scan is exhaustive, or sign bits choose candidates first; whichever pays if nil.
  package func bestByVector(
    _ query: [Float], eligible: BitSet?, kinds: SymbolKindFilter? = nil, limit: Int, isExhaustive: Bool? = nil
  ) -> [ScoredChunk] {
    let search = VectorSearch(
      query, in: [(self, eligible)], kinds: kinds, limit: limit, isExhaustive: isExhaustive)
    for piece in search.pieces { search.scan(piece) }
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
