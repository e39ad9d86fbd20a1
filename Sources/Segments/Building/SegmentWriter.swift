import Disk
import Inspection
import Primitives

/// Writes a segment's sections one after the other, from what a builder or a merge gives it in their order: chunks
/// and files, then terms, then vectors. Both write through here, so that the same content gives the same bytes.
struct SegmentWriter: ~Copyable {
  private static let flushByteCount = 1 << 16

  private var sections: SectionWriter
  private var counts = SegmentCounts()
  private var chunks: ChunkTableWriter
  private var paths = SortedStringsWriter()
  private var files = FileTableWriter()
  /// One code for each chunk so far.
  private(set) var lengths: [UInt8]
  private var terms = TermDictionaryWriter()
  private var grams = GramWriter(fileCount: 0)

  /// `chunks` and `lengths` hold what a builder has of the chunks already; a merge adds its own.
  init(
    _ target: HeldName, dimensions: Int, chunks: ChunkTableWriter = ChunkTableWriter(), lengths: [UInt8] = []
  ) throws(Failure) {
    var sections = try SectionWriter(target, magic: SegmentFormat.magic)
    try sections.begin(SegmentFormat.Section.chunks.rawValue)
    self.sections = sections
    self.chunks = chunks
    self.lengths = lengths
    counts.dimensions = dimensions
  }

  /// The same for a segment that stays in memory.
  init(inMemory dimensions: Int, chunks: ChunkTableWriter, lengths: [UInt8]) throws(Failure) {
    var sections = SectionWriter(inMemory: SegmentFormat.magic)
    try sections.begin(SegmentFormat.Section.chunks.rawValue)
    self.sections = sections
    self.chunks = chunks
    self.lengths = lengths
    counts.dimensions = dimensions
  }

  /// Called after each 64 KiB, so that the caller can release what they were made from.
  mutating func whenPieceWritten(_ body: @escaping () -> Void) { sections.pieceWritten = body }

  private mutating func begin(_ section: SegmentFormat.Section) throws(Failure) {
    try sections.begin(section.rawValue)
  }

  // MARK: Stored

  /// Adds a file; paths ascend.
  mutating func add(path: [UInt8], language: Language, contentHash: ContentHash, firstChunk: Int) {
    paths.add(path)
    files.add(language: language, contentHash: contentHash, firstChunk: firstChunk)
  }

  /// Adds a chunk.
  mutating func add(_ record: ChunkRecord, isFirstOfFile: Bool, lengthCode: UInt8) throws(Failure) {
    chunks.add(record, isFirstOfFile: isFirstOfFile)
    lengths.append(lengthCode)
    if chunks.output.count > Self.flushByteCount { try sections.append(chunks.take()) }
  }

  /// Ends the chunks and begins the terms.
  mutating func finishStored(totalLength: Int) throws(Failure) {
    chunks.finish()
    try sections.append(chunks.take())
    counts.files = files.count
    counts.chunks = chunks.count
    counts.totalLength = totalLength
    try begin(.paths)
    paths.finish()
    try sections.append(paths.take())
    try begin(.files)
    try sections.append(files.finish(chunkCount: counts.chunks))
    files = FileTableWriter()
    try begin(.lengths)
    try sections.append(lengths)
    try begin(.terms)
  }

  // MARK: Terms

  /// Adds a string with the posting lists of its two fields, of which one may be empty; strings ascend.
  mutating func add(term: Span<UInt8>, words: PostingRun, definitions: PostingRun) throws(Failure) {
    terms.add(term, words: words, definitions: definitions, lengths: lengths)
    if terms.output.count > Self.flushByteCount { try sections.append(terms.take()) }
  }

  /// Ends the terms and begins the vectors.
  mutating func finishTerms() throws(Failure) {
    terms.finish()
    counts.terms = terms.count
    try sections.append(terms.take())
    try begin(.termIndex)
    try sections.append(terms.index)
    try begin(.vectors)
  }

  // MARK: Vectors

  /// Adds the lower three planes of the next chunk's vector.
  mutating func add(vector low: Span<UInt8>) throws(Failure) { try sections.append(low) }
  mutating func finishVectors() throws(Failure) { try begin(.signs) }

  /// Adds the sign bits of the next chunk's vector.
  mutating func add(signs: Span<UInt8>) throws(Failure) { try sections.append(signs) }

  // MARK: N-grams, which a segment may lack

  /// Ends the sign bits and begins the n-grams.
  mutating func beginGrams() throws(Failure) {
    grams = GramWriter(fileCount: counts.files)
    try begin(.grams)
  }

  /// Adds a gram with the files that have it, at least one; both ascend.
  mutating func add(gram: Int, files: Span<UInt32>) throws(Failure) {
    grams.add(gram, files: files)
    if grams.output.count > Self.flushByteCount { try sections.append(grams.take()) }
  }

  /// Ends the n-grams. `unbounded`: the files of which they say nothing, ascending.
  mutating func finishGrams(unbounded: [UInt32]) throws(Failure) {
    let index = grams.finish(unbounded: unbounded)
    try sections.append(grams.take())
    try begin(.gramIndex)
    try sections.append(index)
  }

  /// The bytes of a segment that stays in memory.
  consuming func finish() throws(Failure) -> [UInt8] {
    try begin(.counts)
    try sections.append(counts.encoded)
    return try sections.finish(
      formatVersion: SegmentFormat.formatVersion, contentVersion: SegmentFormat.contentVersion)
  }

  /// Makes the segment durable. Returns its size in bytes.
  consuming func commit() throws(Failure) -> Int {
    try begin(.counts)
    try sections.append(counts.encoded)
    return try sections.commit(
      formatVersion: SegmentFormat.formatVersion, contentVersion: SegmentFormat.contentVersion)
  }
}
