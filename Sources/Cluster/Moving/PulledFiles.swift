import Chunking
import Disk
import Embedding
import Indexing
import Inspection
import Primitives
import Segments
import Synchronization

/// Files that came from a store, on the disk until an index run takes them.
// `@unchecked Sendable`: all files are added before a run reads the first.
final class PulledFiles: PreparedSource, @unchecked Sendable {
  let model: ModelIdentity
  private let scratch: ScratchDirectory
  private let kept: AppendedFile
  private let counts = Mutex<(files: Int, chunks: Int)>((0, 0))
  private var places: [FilePath: (content: ContentHash, bytes: Range<Int>)] = [:]

  private static let fileName: FilePath = "files"

  init(of model: ModelIdentity, in parent: FilePath?) throws(Failure) {
    self.model = model
    scratch = try ScratchDirectory(named: "cairn-pull", in: parent)
    kept = try AppendedFile(scratch.path.appending(Self.fileName))
  }

  /// Files and chunks that were taken.
  var takenCounts: (files: Int, chunks: Int) { counts.withLock { $0 } }

  func add(_ file: StoreFile) throws(Failure) {
    let start = kept.byteCount
    try kept.append(Self.encode(file).span)
    places[file.path] = (file.contentHash, start..<kept.byteCount)
  }

  // MARK: Taking

  func file(at path: FilePath, _ content: ContentHash) -> PreparedFile? {
    guard let place = places[path], place.content == content,
      let bytes = try? HeldDirectory(scratch.path).openFile(Self.fileName).read(place.bytes)
    else { return nil }
    return try? decode(bytes, path: path, content)
  }

  func noteUse(of file: PreparedFile) {
    counts.withLock { $0 = ($0.files + 1, $0.chunks + file.chunks.count) }
  }

  // MARK: Coding

  /// Language, chunks (`ChunkCoding`, hash, length, vector), then terms with their postings. Numbers are varints, and
  /// what has a length begins with it.
  private static func encode(_ file: StoreFile) -> [UInt8] {
    var bytes: [UInt8] = []
    func number(_ value: Int) { bytes.append(varint: UInt64(value)) }
    func sized(_ part: [UInt8]) {
      number(part.count)
      bytes += part
    }
    sized(Array(file.language.name.utf8))
    number(Int(file.language.kind.rawValue))
    number(file.chunks.count)
    for chunk in file.chunks {
      sized(ChunkCoding.encode(chunk.chunk))
      number(Int(chunk.contentHash.bits))
      number(Int(chunk.lengthCode))
      sized(chunk.vector.planes)
    }
    var termCount = 0
    file.terms.forEachTerm { _, _, _ in termCount += 1 }
    number(termCount)
    file.terms.forEachTerm { term, field, postings in
      number(Int(field.rawValue))
      sized(term.indices.map { term[$0] })
      number(postings.count)
      for posting in postings {
        number(posting.chunk)
        number(Int(posting.code))
      }
    }
    return bytes
  }

  private func decode(
    _ bytes: [UInt8], path: FilePath, _ content: ContentHash
  ) throws(Failure) -> PreparedFile {
    var reader = ByteReader(bytes.span)
    let name = String(decoding: try reader.readSized(), as: UTF8.self)
    let kind = Language.Kind(rawValue: UInt8(truncatingIfNeeded: try reader.readNumber())) ?? .prose
    var chunks: [PreparedChunk] = []
    var lengths: [UInt8] = []
    for _ in 0..<(try reader.readNumber()) {
      let chunk = try ChunkCoding.decode(try reader.readSized())
      let hash = UInt64(try reader.readNumber())
      lengths.append(UInt8(truncatingIfNeeded: try reader.readNumber()))
      guard let vector = QuantisedVector(planes: try reader.readSized(), dimensions: model.dimensions) else {
        throw Failure(.damaged, "a vector has another number of dimensions than its collection")
      }
      chunks.append(PreparedChunk(chunk: chunk, contentHash: ContentHash(high: 0, low: hash), vector: vector))
    }
    var terms = FileTerms(lengthCodes: lengths)
    for _ in 0..<(try reader.readNumber()) {
      let field = Term.Field(rawValue: UInt8(truncatingIfNeeded: try reader.readNumber())) ?? .word
      let term = Term(field: field, bytes: try reader.readSized())
      var postings: [(chunk: Int, code: UInt8)] = []
      for _ in 0..<(try reader.readNumber()) {
        let chunk = try reader.readNumber()
        postings.append((chunk, UInt8(truncatingIfNeeded: try reader.readNumber())))
      }
      terms.add(term, postings: postings)
    }
    return PreparedFile(
      path: path, language: Language(name: name, kind: kind), contentHash: content, chunks: chunks, terms: terms)
  }
}

extension ByteReader {
  fileprivate mutating func readNumber() throws(Failure) -> Int { Int(truncatingIfNeeded: try readVarint()) }
  fileprivate mutating func readSized() throws(Failure) -> [UInt8] { try readBytes(try readNumber()) }
}
