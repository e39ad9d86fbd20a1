import Chunking
package import Corpus
import Disk
package import Primitives

extension Segment {
  private var fileTable: FileTable {
    @_lifetime(borrow self) get { FileTable(bytes(of: .files), count: fileCount) }
  }
  private var paths: SortedStrings {
    @_lifetime(borrow self) get { SortedStrings(bytes(of: .paths), count: fileCount) }
  }
  private var names: SortedStrings {
    @_lifetime(borrow self) get { SortedStrings(bytes(of: .names), count: counts.names) }
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
    let record = ChunkTable(bytes(of: .chunks), count: chunkCount).record(number, firstOfFile: first)
    let firstByte = max(0, record.firstByte)
    let firstLine = max(1, record.firstLine)
    let names = names
    return StoredChunk(
      file: file,
      chunk: Chunk(
        bytes: firstByte..<(firstByte + record.byteCount),
        lines: firstLine...(firstLine + max(1, record.lineCount) - 1),
        symbols: record.symbols.map { symbol($0, names) },
        context: record.context.map { symbol($0, names) }),
      contentHash: ChunkHash(bits: record.hash))
  }

  private func symbol(_ record: ChunkRecord.SymbolRecord, _ names: borrowing SortedStrings) -> Symbol {
    Symbol(
      kind: Symbol.Kind(rawValue: record.kind) ?? .other,
      name: String(decoding: names[record.name], as: UTF8.self),
      enclosing: NameChains(bytes(of: .chains)).names(of: record.chain).map {
        String(decoding: names[$0], as: UTF8.self)
      },
      line: max(1, record.line))
  }

  /// The file that `chunk` is of, without reading the rest of what is stored of it.
  package func fileNumber(ofChunk chunk: Int) -> Int { fileTable.file(ofChunk: chunk) }

  /// The number of the file at `path`, by binary search.
  package func fileNumber(at path: FilePath) -> Int? { paths.number(of: path.bytes) }

  /// Reads every byte and checks every checksum and every structure.
  package func verify() throws(Failure) {
    try file.verify()
  }
}
