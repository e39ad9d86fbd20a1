import JSON
import Primitives
import Qdrant
import Segments

/// Files put together again from their points, which come in any order.
struct FileAssembly {
  private struct Parts {
    var entry: StoreFileEntry
    var isListed = false
    var textBytes: [UInt8]?
    var chunks: [Int: (chunk: StoreChunk, text: String?)] = [:]
  }
  private let reader: PointReader
  private var parts: [PointID: Parts] = [:]

  init(_ reader: PointReader) { self.reader = reader }

  mutating func add(_ point: QdrantRecord) throws(Failure) {
    let payload = point.payload
    guard let (key, entry) = PointReader.file(payload), let key else { throw reader.notOurs }
    var file = parts[key] ?? Parts(entry: entry)
    switch payload[PointField.kind]?.string {
    case "file":
      file.isListed = true
      if let digits = payload[PointField.textBytes]?.string {
        guard let bytes = PackedNumbers.decoded(base64: Array(digits.utf8)) else { throw reader.notOurs }
        file.textBytes = bytes
      }
    case "chunk":
      guard let ordinal = payload[PointField.ordinal]?.integer else { throw reader.notOurs }
      file.chunks[ordinal] = (try reader.chunk(payload, terms: nil), payload[PointField.text]?.string)
    default: throw reader.notOurs
    }
    parts[key] = file
  }

  /// The files that are listed, each whole. Chunks of others are on their way in or out.
  func files() throws(Failure) -> [StoreFile] {
    var files: [StoreFile] = []
    for file in parts.values where file.isListed {
      var chunks: [StoreChunk] = []
      var text: [UInt8]? = []
      for ordinal in 0..<file.entry.chunkCount {
        guard let (chunk, piece) = file.chunks[ordinal] else { throw reader.notOurs }
        chunks.append(chunk)
        if let piece { text? += Array(piece.utf8) } else { text = nil }
      }
      let terms = Self.terms(of: chunks)
      for i in chunks.indices { chunks[i].postings = [] }
      files.append(
        StoreFile(
          path: file.entry.path, language: file.entry.language, contentHash: file.entry.contentHash,
          text: file.textBytes ?? (chunks.isEmpty ? nil : text), chunks: chunks, terms: terms))
    }
    return files
  }

  /// The terms of a file's chunks, ascending.
  private static func terms(of chunks: [StoreChunk]) -> FileTerms {
    var postings: [Term: [(chunk: Int, code: UInt8)]] = [:]
    for (number, chunk) in chunks.enumerated() {
      for posting in chunk.postings { postings[posting.term, default: []].append((number, posting.code)) }
    }
    var terms = FileTerms(lengthCodes: chunks.map(\.lengthCode))
    for term in postings.keys.sorted() { terms.add(term, postings: postings[term] ?? []) }
    return terms
  }
}
