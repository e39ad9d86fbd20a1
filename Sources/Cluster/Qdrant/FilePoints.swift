import Chunking
import Inspection
import JSON
import Primitives
import Qdrant
import Segments

/// The points that a file becomes.
struct FilePoints {
  /// The words of a chunk in the mean, which BM25 weighs lengths with: fixed, so that a chunk's sparse vector does not
  /// depend on what else there is. It chooses candidates only; ranking knows the collection's own mean.
  static let usualChunkLength: Float = 120

  let key: PointID
  private let file: StoreFile
  private let repository: String

  init(_ file: StoreFile, of repository: String) {
    self.file = file
    self.repository = repository
    key = Self.key(of: file.path, file.contentHash)
  }

  /// The number of a file's point: the same for the same content at the same path, from every client.
  static func key(of path: FilePath, _ hash: ContentHash) -> PointID {
    PointID(of: (Array("file\0".utf8) + path.bytes + Array("\0\(hash)".utf8)).span)
  }

  /// The number of a chunk's point.
  static func id(ofChunk ordinal: Int, of key: PointID) -> PointID {
    PointID(of: Array("chunk\0\(key)\0\(ordinal)".utf8).span)
  }

  /// What the points of a file and those of its chunks have in common.
  private func common(_ kind: JSONValue) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init(PointField.kind, kind), .init(PointField.repository, .string(repository)),
      .init(PointField.path, .string(PointField.text(of: file.path))),
      .init(PointField.language, .string(file.language.name)),
      .init(PointField.category, .integer(Int(file.language.kind.rawValue))),
      .init(PointField.hash, .string(file.contentHash.description)), .init(PointField.file, .string(key.description)),
      .init(PointField.chunkCount, .integer(file.chunks.count)),
    ]
    if String(validating: file.path.bytes, as: UTF8.self) == nil {
      members.append(.init(PointField.pathBytes, .string(base64(file.path.bytes))))
    }
    return members
  }

  /// The point of the file: no vector, and its text only where the chunks do not make it up.
  var ofFile: QdrantPoint {
    var payload = common("file")
    let length = file.chunks.reduce(0) { $0 + StoredFrequencies.length(ofCode: $1.lengthCode) }
    payload.append(.init(PointField.totalLength, .integer(length)))
    if let text = file.text, chunkTexts == nil { payload.append(.init(PointField.textBytes, .string(base64(text)))) }
    return QdrantPoint(id: key, payload: payload)
  }

  /// The texts of the chunks, where one after the other they are the text of the file.
  private var chunkTexts: [String]? {
    guard let text = file.text else { return nil }
    var texts: [String] = []
    var end = 0
    for chunk in file.chunks {
      let bytes = chunk.chunk.bytes
      guard bytes.lowerBound == end, bytes.upperBound <= text.count,
        let piece = String(validating: text[bytes], as: UTF8.self)
      else { return nil }
      texts.append(piece)
      end = bytes.upperBound
    }
    return end == text.count ? texts : nil
  }

  /// The points of its chunks, in their order.
  var ofChunks: [QdrantPoint] {
    let common = common("chunk")
    let texts = chunkTexts
    let postings = file.postings
    return file.chunks.enumerated().map { ordinal, chunk in
      var chunk = chunk
      chunk.postings = postings[ordinal]
      var payload = common
      payload += Self.members(of: chunk, ordinal: ordinal)
      if let texts { payload.append(.init(PointField.text, .string(texts[ordinal]))) }
      var point = QdrantPoint(id: Self.id(ofChunk: ordinal, of: key), payload: payload)
      point.dense[PointField.denseVector] = chunk.vector.components.map { Float($0) }
      point.sparse[PointField.sparseVector] = Self.sparseVector(of: chunk)
      return point
    }
  }

  private static func members(of chunk: StoreChunk, ordinal: Int) -> [JSONValue.Member] {
    let symbols = chunk.chunk.symbols
    let kinds = Set(symbols.map { "\($0.kind)" }).sorted()
    var members: [JSONValue.Member] = [
      .init(PointField.ordinal, .integer(ordinal)),
      .init(
        PointField.bytes, .array([.integer(chunk.chunk.bytes.lowerBound), .integer(chunk.chunk.bytes.upperBound)])),
      .init(
        PointField.lines, .array([.integer(chunk.chunk.lines.lowerBound), .integer(chunk.chunk.lines.upperBound)])),
      .init(PointField.symbols, .array(symbols.map(document))),
      .init(PointField.symbolKinds, .array(kinds.isEmpty ? ["none"] : kinds.map { .string($0) })),
      .init(PointField.chunkHash, .integer(Int(chunk.contentHash.bits))),
      .init(PointField.lengthCode, .integer(Int(chunk.lengthCode))),
      .init(PointField.terms, .string(chunk.postings.map { TermToken($0.term).text }.joined(separator: " "))),
      .init(PointField.frequencies, .string(chunk.postings.map { "\($0.code & 3)" }.joined())),
      .init(PointField.planes, .string(base64(chunk.vector.planes))),
    ]
    if let context = chunk.chunk.context { members.append(.init(PointField.context, document(context))) }
    return members
  }

  private static func document(_ symbol: Symbol) -> JSONValue {
    .object([
      .init("kind", .string("\(symbol.kind)")), .init("name", .string(symbol.name)),
      .init("enclosing", .array(symbol.enclosing.map { .string($0) })), .init("line", .integer(symbol.line)),
    ])
  }

  private static func sparseVector(of chunk: StoreChunk) -> SparseVector {
    let length = StoredFrequencies.length(ofCode: chunk.lengthCode)
    return SparseVector(
      chunk.postings.map { posting in
        (
          TermToken(posting.term).component,
          StoredFrequencies.saturation(ofCode: posting.code, length: length, averageLength: usualChunkLength)
        )
      })
  }
}
