import Chunking
import Inspection
import JSON
import Primitives
import Qdrant
import Segments

/// Reads what `FilePoints` has written. Nothing of it is believed unchecked: others can write to the collection too.
struct PointReader {
  let host: String
  let dimensions: Int

  /// What a payload says of its file; nil where it is none of Cairn's.
  static func file(_ payload: JSONValue) -> (key: PointID?, entry: StoreFileEntry)? {
    guard let name = payload[PointField.path]?.string, let language = payload[PointField.language]?.string,
      let hash = payload[PointField.hash]?.string.flatMap({ ContentHash(digits: $0) }),
      let chunkCount = payload[PointField.chunkCount]?.integer, (0...1 << 24).contains(chunkCount)
    else { return nil }
    var path = FilePath(name)
    if let digits = payload[PointField.pathBytes]?.string {
      guard let bytes = PackedNumbers.decoded(base64: Array(digits.utf8)) else { return nil }
      path = FilePath(bytes: bytes)
    }
    guard !path.bytes.isEmpty, !path.bytes.contains(0) else { return nil }
    let category = payload[PointField.category]?.integer.flatMap { UInt8(exactly: $0) } ?? 0
    let entry = StoreFileEntry(
      id: 0, path: path, language: Language(name: language, kind: Language.Kind(rawValue: category) ?? .code),
      contentHash: hash, chunkCount: chunkCount)
    return (payload[PointField.file]?.string.flatMap(PointID.init), entry)
  }

  /// The chunk of a payload, with the postings of `terms` alone (all, where that is nil).
  func chunk(_ payload: JSONValue, terms: Set<String>?) throws(Failure) -> StoreChunk {
    guard let bytes = Self.bounds(payload[PointField.bytes]), bytes.0 >= 0, bytes.0 <= bytes.1,
      let lines = Self.bounds(payload[PointField.lines]), lines.0 >= 1, lines.0 <= lines.1,
      let symbols = payload[PointField.symbols]?.array,
      let hash = payload[PointField.chunkHash]?.integer.flatMap({ UInt32(exactly: $0) }),
      let length = payload[PointField.lengthCode]?.integer.flatMap({ UInt8(exactly: $0) }),
      let planes = payload[PointField.planes]?.string.flatMap({ PackedNumbers.decoded(base64: Array($0.utf8)) }),
      let vector = QuantisedVector(planes: planes, dimensions: dimensions)
    else { throw notOurs }
    var chunk = Chunk(bytes: bytes.0..<bytes.1, lines: lines.0...lines.1)
    for symbol in symbols { chunk.symbols.append(try self.symbol(symbol)) }
    if let context = payload[PointField.context], !context.isNull { chunk.context = try symbol(context) }
    return StoreChunk(
      chunk: chunk, contentHash: ChunkHash(bits: hash), lengthCode: length, postings: try postings(payload, terms),
      vector: vector)
  }

  private func postings(_ payload: JSONValue, _ terms: Set<String>?) throws(Failure) -> [StoreChunk.Posting] {
    guard let tokens = payload[PointField.terms]?.string, let codes = payload[PointField.frequencies]?.string else {
      throw notOurs
    }
    let words = tokens.split(separator: " ")
    guard words.count == codes.utf8.count else { throw notOurs }
    var postings: [StoreChunk.Posting] = []
    for (word, digit) in zip(words, codes.utf8) {
      if let terms, !terms.contains(String(word)) { continue }
      guard let term = TermToken(word).term, (UInt8(ascii: "0")...UInt8(ascii: "3")).contains(digit) else {
        throw notOurs
      }
      postings.append(StoreChunk.Posting(term: term, code: digit - UInt8(ascii: "0")))
    }
    return postings
  }

  private func symbol(_ document: JSONValue) throws(Failure) -> Symbol {
    guard let name = document["name"]?.string, let line = document["line"]?.integer, line >= 1,
      let enclosing = document["enclosing"]?.array
    else { throw notOurs }
    let kind = document["kind"]?.string
    return Symbol(
      kind: Symbol.Kind.allCases.first { "\($0)" == kind } ?? .other, name: name,
      enclosing: enclosing.compactMap(\.string), line: line)
  }

  private static func bounds(_ document: JSONValue?) -> (Int, Int)? {
    guard let pair = document?.array, pair.count == 2, let first = pair[0].integer, let last = pair[1].integer,
      last < 1 << 40
    else { return nil }
    return (first, last)
  }

  /// For a point that is not as Cairn writes them.
  var notOurs: Failure {
    Failure(
      .damaged,
      "a point of the collection at \(host) is not as it was written: something else has changed it; remove "
        + "the collection and push again")
  }
}
