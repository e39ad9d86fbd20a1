package import Inspection
package import Primitives

extension Segment {
  var fileTable: FileTable {
    @_lifetime(borrow self) get { FileTable(soundFiles, count: fileCount) }
  }
  var chunkTable: ChunkTable {
    @_lifetime(borrow self) get { ChunkTable(parts(of: .chunks), count: chunkCount) }
  }
  var paths: SortedStrings {
    @_lifetime(borrow self) get { SortedStrings(wholeParts(of: .paths), count: fileCount) }
  }

  /// A file; one that there is not is empty.
  package func file(_ number: Int) -> StoredFile {
    guard number >= 0, number < fileCount else {
      return StoredFile(path: "", language: .plainText, contentHash: ContentHash(high: 0, low: 0), chunks: 0..<0)
    }
    let table = fileTable
    return StoredFile(
      path: FilePath(bytes: paths[number]), language: language(ofFile: number),
      contentHash: table.contentHash(of: number), chunks: table.chunks(of: number, chunkCount: chunkCount))
  }

  /// Calls `body` with the number and the path of every file, in order: one pass, some nanoseconds each.
  ///
  /// - Parameter context: the pass ends early where it is over.
  package func forEachPath(context: SearchContext? = nil, _ body: (Int, Span<UInt8>) -> Void) {
    let paths = paths
    var offset = 0
    var path: [UInt8] = []
    for number in 0..<fileCount {
      if number & 127 == 0, let context, context.isOver { return }
      paths.read(number, at: &offset, into: &path)
      body(number, path.span)
    }
  }

  /// The path of a file, without reading the rest of what is stored of it.
  package func path(ofFile number: Int) -> FilePath { FilePath(bytes: paths[number]) }

  /// The language of a file, without reading the rest of what is stored of it.
  package func language(ofFile number: Int) -> Language {
    guard number >= 0, number < fileCount else { return .plainText }
    let language = fileTable.languageNumber(of: number)
    return language < languages.count ? languages[language] : .plainText
  }

  /// The numbers of a file's chunks, without reading the rest of what is stored of it.
  package func chunks(ofFile number: Int) -> Range<Int> {
    guard number >= 0, number < fileCount else { return 0..<0 }
    return fileTable.chunks(of: number, chunkCount: chunkCount)
  }

  /// A chunk: about a microsecond. One that there is not is empty.
  package func chunk(_ number: Int) -> StoredChunk {
    let file = fileNumber(ofChunk: number)
    let first = chunks(ofFile: file).lowerBound
    let record = chunkTable.record(number, firstOfFile: first)
    return StoredChunk(file: file, chunk: record.chunk, contentHash: ChunkHash(bits: record.hash))
  }

  /// Appends `chunks`, which ascend, to `list`: a tenth of what as many calls of `chunk` cost, and no allocation for
  /// each.
  package func read(_ chunks: [Int], into list: inout ChunkList) {
    let files = fileTable
    var reader = ChunkListReader(chunkTable)
    list.reserve(chunks.count)
    var file = 0
    var ofFile = 0..<0
    for chunk in chunks {
      if !ofFile.contains(chunk) {
        file = files.file(ofChunk: chunk, atOrAfter: file)
        ofFile = files.chunks(of: file, chunkCount: chunkCount)
      }
      reader.read(chunk, file: file, firstOfFile: ofFile.lowerBound, into: &list)
    }
  }

  /// The file that `chunk` is of, without reading the rest of what is stored of it.
  package func fileNumber(ofChunk chunk: Int) -> Int { fileTable.file(ofChunk: chunk) }

  /// The number of the file at `path`, by binary search.
  package func fileNumber(at path: FilePath) -> Int? { paths.number(of: path.bytes) }
}

/// How many bytes of a segment serve what.
package struct SegmentByteCounts: Hashable, Sendable {
  /// Components of vectors without their sign bits.
  package var vectors = 0
  /// Sign bits of the vectors, which choose candidates.
  package var signBits = 0
  /// Posting lists.
  package var postings = 0
  /// Terms, and where their lists are.
  package var dictionary = 0
  /// Places, symbols and hashes of chunks; paths, languages and hashes of files.
  package var stored = 0
  /// Files by the n-grams of their bytes, by which a pattern search rules files out.
  package var grams = 0

  package init(
    vectors: Int = 0, signBits: Int = 0, postings: Int = 0, dictionary: Int = 0, stored: Int = 0, grams: Int = 0
  ) {
    self.vectors = vectors
    self.signBits = signBits
    self.postings = postings
    self.dictionary = dictionary
    self.stored = stored
    self.grams = grams
  }

  package static func += (a: inout SegmentByteCounts, b: SegmentByteCounts) {
    a.vectors += b.vectors
    a.signBits += b.signBits
    a.postings += b.postings
    a.dictionary += b.dictionary
    a.stored += b.stored
    a.grams += b.grams
  }
}
