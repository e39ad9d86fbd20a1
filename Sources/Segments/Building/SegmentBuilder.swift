import Chunking
package import Disk
import Inspection
package import Primitives

/// A segment in the making: takes files in the order of their paths, keeps everything in memory, cannot be searched.
package struct SegmentBuilder: ~Copyable {
  private struct File {
    var path: [UInt8]
    var language: Language
    var contentHash: ContentHash
    var chunkCount: Int
  }
  private let dimensions: Int
  private var files: [File] = []
  private var pathByteCount = 0
  private var chunks = ChunkTableWriter()
  private var lengths: [UInt8] = []
  private var totalLength = 0
  /// The strings of words and those of definitions, each with its list.
  private var words = TermLists()
  private var definitions = TermLists()
  private var vectors: VectorRows
  private var grams = GramLists()

  package init(dimensions: Int) {
    self.dimensions = dimensions
    vectors = VectorRows(dimensions: dimensions)
  }

  /// Adds a file and gives its number in the segment: 0, 1, 2 ... Paths must ascend; every vector has the builder's
  /// dimensions.
  package mutating func add(_ file: PreparedFile) -> Int {
    if let last = files.last { precondition(last.path.lexicographicallyPrecedes(file.path.bytes), "paths must ascend") }
    files.append(
      File(
        path: file.path.bytes, language: file.language, contentHash: file.contentHash, chunkCount: file.chunks.count))
    pathByteCount += file.path.bytes.count
    grams.add(file.grams)
    var added = add(file.terms, of: file, from: 0)
    while let terms = file.laterTerms?.takeNext() { added = add(terms, of: file, from: added) }
    precondition(added == file.chunks.count, "terms are of other chunks")
    return files.count - 1
  }

  /// Adds the chunks that `terms` are of, which begin with the one numbered `first` of the file. Returns the number of
  /// the next.
  private mutating func add(_ terms: FileTerms, of file: PreparedFile, from first: Int) -> Int {
    precondition(first + terms.chunkCount <= file.chunks.count, "terms are of other chunks")
    precondition(first > 0 || !terms.continuesChunk, "terms continue no chunk")
    let firstChunk = UInt32(terms.continuesChunk ? chunks.count - 1 : chunks.count)
    for i in 0..<terms.chunkCount {
      add(file.chunks[first + i], length: terms.lengths[i], isFirstOfFile: first + i == 0)
    }
    add(terms, firstChunk: firstChunk)
    return first + terms.chunkCount
  }

  private mutating func add(_ prepared: PreparedChunk, length: Int, isFirstOfFile: Bool) {
    chunks.add(ChunkRecord(prepared.chunk, hash: ChunkHash(prepared.contentHash)), isFirstOfFile: isFirstOfFile)
    let lengthCode = LengthCode.code(of: length)
    lengths.append(lengthCode)
    totalLength += LengthCode.length(of: lengthCode)
    precondition(prepared.vector.dimensions == dimensions, "a vector has the wrong number of components")
    vectors.append(prepared.vector)
  }

  private mutating func add(_ terms: borrowing FileTerms, firstChunk: UInt32) {
    let bytes = terms.bytes.span
    let postings = terms.postings.span
    let entries = terms.entries.span
    var first = 0
    for index in entries.indices {
      // Nearly all are words.
      words.prefetch(entries, at: index)
      let entry = entries[index]
      let end = Int(entry.postingsEnd)
      let string = bytes.extracting(Int(entry.start)..<Int(entry.start) + Int(entry.byteCount))
      let own = postings.extracting(first..<end)
      switch entry.field {
      case .word: words.append(own, firstChunk: firstChunk, string, hash: entry.hash)
      case .definition: definitions.append(own, firstChunk: firstChunk, string, hash: entry.hash)
      }
      first = end
    }
  }

  package var fileCount: Int { files.count }
  package var chunkCount: Int { chunks.count }
  /// About how much memory the builder holds. A function of what was added alone, so that the same files are
  /// divided into the same segments on every machine.
  package var memoryByteCount: Int {
    grownByteCount(files.count * MemoryLayout<File>.stride) + pathByteCount + files.count * 32
      + grownByteCount(chunks.output.count) + grownByteCount(lengths.count) + words.memoryByteCount
      + definitions.memoryByteCount + vectors.memoryByteCount + grams.memoryByteCount
  }

  /// Writes the segment to the file at `path`, as to one in a held directory.
  package consuming func write(to path: FilePath) throws(Failure) -> Int { try write(to: HeldName(path)) }

  /// Writes the segment to `target`, durable and whole or not at all. Returns its size in bytes. Takes about a tenth
  /// more memory than the builder holds, for putting the terms in order.
  package consuming func write(to target: HeldName) throws(Failure) -> Int {
    var writer = try SegmentWriter(target, dimensions: dimensions, chunks: chunks, lengths: lengths)
    chunks = ChunkTableWriter()
    try add(to: &writer)
    return try writer.commit()
  }

  /// The segment, opened, without any file: for a search that ends before the process does. `name` is what messages
  /// call it.
  package consuming func open(named name: FilePath) throws(Failure) -> Segment {
    var writer = try SegmentWriter(inMemory: dimensions, chunks: chunks, lengths: lengths)
    chunks = ChunkTableWriter()
    try add(to: &writer)
    return try Segment(MappedFile(writer.finish(), named: name), watcher: nil)
  }

  private mutating func add(to writer: inout SegmentWriter) throws(Failure) {
    var firstChunk = 0
    for file in files {
      writer.add(path: file.path, language: file.language, contentHash: file.contentHash, firstChunk: firstChunk)
      firstChunk += file.chunkCount
    }
    try writer.finishStored(totalLength: totalLength)

    // Putting them in order takes most memory of all.
    words.endAppending()
    definitions.endAppending()
    // Both fields side by side: a string that has lists in both is written once.
    let wordOrder = words.strings.sortedNumbers()
    let definitionOrder = definitions.strings.sortedNumbers()
    var wordRun = PostingRun()
    var definitionRun = PostingRun()
    var w = 0
    var d = 0
    while w < wordOrder.count || d < definitionOrder.count {
      let word = w < wordOrder.count ? Int(wordOrder[w]) : 0
      let definition = d < definitionOrder.count ? Int(definitionOrder[d]) : 0
      let order =
        w == wordOrder.count
        ? 1
        : d == definitionOrder.count
          ? -1 : words.strings[word].compare(definitions.strings[definition])
      wordRun.removeAll()
      definitionRun.removeAll()
      if order <= 0 { words.lists.read(word, into: &wordRun) }
      if order >= 0 { definitions.lists.read(definition, into: &definitionRun) }
      if order <= 0 {
        try writer.add(term: words.strings[word], words: wordRun, definitions: definitionRun)
        w += 1
      } else {
        try writer.add(term: definitions.strings[definition], words: wordRun, definitions: definitionRun)
      }
      if order >= 0 { d += 1 }
    }
    try writer.finishTerms()

    for chunk in lengths.indices { try writer.add(vector: vectors.low(chunk).span) }
    try writer.finishVectors()
    for chunk in lengths.indices { try writer.add(signs: vectors.signs(chunk).span) }
    if grams.isPresent {
      try writer.beginGrams()
      let unbounded = try grams.forEachList { (gram, files) throws(Failure) in
        try writer.add(gram: gram, files: files)
      }
      try writer.finishGrams(unbounded: unbounded)
    }
  }
}

/// The vectors of a builder: planes in blocks of rows, so that more of them do not move those there are.
struct VectorRows {
  private static let rowsInBlock = 1024
  private let planeByteCount: Int
  private var blocks: [[UInt8]] = []
  private var count = 0

  init(dimensions: Int) { planeByteCount = VectorTable.planeByteCount(dimensions: dimensions) }

  var memoryByteCount: Int { blocks.count * Self.rowsInBlock * 4 * planeByteCount }

  mutating func append(_ vector: QuantisedVector) {
    if count % Self.rowsInBlock == 0 {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(Self.rowsInBlock * 4 * planeByteCount)
    }
    blocks[blocks.count - 1].append(contentsOf: vector.planes)
    count += 1
  }

  /// Planes 0 to 2 of a row.
  func low(_ number: Int) -> ArraySlice<UInt8> { row(number).prefix(3 * planeByteCount) }
  func signs(_ number: Int) -> ArraySlice<UInt8> { row(number).suffix(planeByteCount) }

  private func row(_ number: Int) -> ArraySlice<UInt8> {
    let start = number % Self.rowsInBlock * 4 * planeByteCount
    return blocks[number / Self.rowsInBlock][start..<start + 4 * planeByteCount]
  }
}

/// Tells of the chunks of a segment, asked for in ascending order, whether they are the first of their file: in one
/// walk over the files, where looking each up would be a search.
struct FirstChunks {
  private var file = 0
  init() {}

  mutating func isFirstOfFile(_ chunk: Int, _ segment: Segment) -> Bool {
    let table = segment.fileTable
    while file < segment.fileCount {
      let chunks = table.chunks(of: file, chunkCount: segment.chunkCount)
      if chunks.upperBound > chunk { return chunks.lowerBound == chunk }
      file += 1
    }
    return false
  }
}
