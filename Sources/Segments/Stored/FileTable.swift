package import Inspection
package import Primitives

/// Writes what a segment keeps of its files besides their paths.
///
/// | bytes | what |
/// |---|---|
/// | 4 (n + 1) | u32: the number of each file's first chunk, and the number of chunks |
/// | 2 n | u16: each file's language |
/// | 16 n | u64 high, u64 low: each file's content hash |
/// | for each language, by its first file | u8 kind (4: a file that a program wrote), varint byte count, name |
struct FileTableWriter {
  private(set) var count = 0
  private var firstChunks: [UInt8] = []
  private var languages: [UInt8] = []
  private var hashes: [UInt8] = []
  private var languageTable: [UInt8] = []
  private var languageNumbers: [Language: UInt16] = [:]

  /// Adds a file. Languages beyond 65,535 are kept as plain text would be, as the first one.
  mutating func add(language: Language, contentHash: ContentHash, firstChunk: Int) {
    count += 1
    firstChunks.append(number: UInt32(firstChunk))
    languages.append(number: number(of: language))
    hashes.append(number: contentHash.high)
    hashes.append(number: contentHash.low)
  }

  private mutating func number(of language: Language) -> UInt16 {
    if let known = languageNumbers[language] { return known }
    guard languageNumbers.count < Int(UInt16.max) else { return 0 }
    let number = UInt16(languageNumbers.count)
    languageNumbers[language] = number
    languageTable.append(language.kind.rawValue)
    languageTable.append(varint: language.name.utf8.count)
    languageTable.append(contentsOf: language.name.utf8)
    return number
  }

  /// The section.
  consuming func finish(chunkCount: Int) -> [UInt8] {
    firstChunks.append(number: UInt32(chunkCount))
    return firstChunks + languages + hashes + languageTable
  }
}

/// Reads what `FileTableWriter` wrote.
struct FileTable: ~Escapable {
  let bytes: Span<UInt8>
  let count: Int

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, count: Int) {
    self.bytes = bytes
    self.count = count
  }

  /// The size of the part before the table of languages.
  static func fixedByteCount(of count: Int) -> Int { 4 * (count + 1) + 18 * count }

  /// The numbers of a file's chunks: empty for a damaged entry.
  func chunks(of file: Int, chunkCount: Int) -> Range<Int> {
    let first = Int(bytes.uint32(at: 4 * file))
    let end = Int(bytes.uint32(at: 4 * file + 4))
    return first <= end && end <= chunkCount ? first..<end : 0..<0
  }

  /// Whether the first chunks ascend from 0 to the number of chunks, as they are written.
  func isAscending(chunkCount: Int) -> Bool {
    var previous: UInt32 = 0
    var ascends = bytes.uint32(at: 0) == 0
    for file in 0..<count + 1 {
      let first = bytes.uint32(at: 4 * file)
      ascends = ascends && first >= previous
      previous = first
    }
    return ascends && Int(previous) == chunkCount
  }

  /// The last file whose first chunk is not after `chunk`; one that is known not to be after it makes the search
  /// shorter.
  func file(ofChunk chunk: Int, atOrAfter known: Int = 0) -> Int {
    var low = known
    var high = count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(bytes.uint32(at: 4 * middle)) <= chunk { low = middle } else { high = middle }
    }
    return low
  }

  func contentHash(of file: Int) -> ContentHash {
    let offset = 4 * (count + 1) + 2 * count + 16 * file
    return ContentHash(high: bytes.uint64(at: offset), low: bytes.uint64(at: offset + 8))
  }

  func languageNumber(of file: Int) -> Int {
    let offset = 4 * (count + 1) + 2 * file
    return offset + 2 <= bytes.count ? Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 : 0
  }

  /// The languages by number.
  func languages() -> [Language] {
    var languages: [Language] = []
    var cursor = ByteCursor(bytes, at: Self.fixedByteCount(of: count))
    while !cursor.isAtEnd, languages.count <= Int(UInt16.max) {
      let kind = Language.Kind(rawValue: cursor.byte()) ?? .prose
      var name: [UInt8] = []
      let byteCount = cursor.varint()
      if byteCount > StoredLimits.languageNameByteCount { break }
      cursor.read(byteCount, into: &name)
      if cursor.isDamaged { break }
      languages.append(Language(name: String(decoding: name, as: UTF8.self), kind: kind))
    }
    return languages
  }
}

/// A file as a segment keeps it.
package struct StoredFile: Hashable, Sendable {
  package var path: FilePath
  package var language: Language
  package var contentHash: ContentHash
  /// Its chunks' numbers, in the order of their lines.
  package var chunks: Range<Int>
  package init(path: FilePath, language: Language, contentHash: ContentHash, chunks: Range<Int>) {
    self.path = path
    self.language = language
    self.contentHash = contentHash
    self.chunks = chunks
  }
}
