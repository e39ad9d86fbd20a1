import Primitives

/// The payload fields of a collection's points: a point for each chunk, one for each file, and two that say what the
/// collection is.
enum PointField {
  /// `chunk`, `file`, `collection`, `totals`, `push`.
  static let kind = "kind"
  /// Of a push: which, and the second since 1970 in which it last said that it is at work; 0 of one that was stopped.
  static let pusher = "pusher"
  static let seen = "seen"
  /// The collection's name, so that a point says by itself what it is of.
  static let repository = "repository"
  static let path = "path"
  /// The path as filters name it: where it is not UTF-8, with its bytes in base64 behind a NUL, which no path has. So
  /// no two paths are one.
  static func text(of path: FilePath) -> String {
    String(validating: path.bytes, as: UTF8.self)
      ?? String(decoding: path.bytes, as: UTF8.self) + "\0" + base64(path.bytes)
  }
  /// The bytes of a path that is not UTF-8, in base64.
  static let pathBytes = "path_base64"
  static let language = "language"
  /// What kind of text the language is (`Language.Kind`).
  static let category = "category"
  /// The content hash of the file.
  static let hash = "content_hash"
  /// The number of the file's own point.
  static let file = "file"
  /// The chunks of the file.
  static let chunkCount = "chunks"
  /// The sum of the lengths of a file's chunks, in words.
  static let totalLength = "words"
  static let text = "text"
  /// The text of a file that its chunks do not make up, or that is not UTF-8, in base64.
  static let textBytes = "text_base64"

  // Of chunks.
  /// Which of the file's chunks it is, from 0.
  static let ordinal = "chunk"
  static let bytes = "bytes"
  static let lines = "lines"
  static let symbols = "symbols"
  static let context = "context"
  /// The kinds of the symbols, each once; `none` where there is no symbol.
  static let symbolKinds = "symbol_kinds"
  static let chunkHash = "chunk_hash"
  static let lengthCode = "length"
  /// Tokens (`TermToken`) between spaces, each once.
  static let terms = "terms"
  /// A digit for each token: its frequency in the steps of BM25.
  static let frequencies = "frequencies"
  /// The planes of the 4-bit vector in base64.
  static let planes = "vector"

  /// What a candidate must say of itself.
  static let ofCandidate = [file, ordinal, chunkCount]
  /// What an entry of the list of files needs.
  static let ofFile = [path, pathBytes, language, category, hash, chunkCount, totalLength]
  /// What a search reads of a chunk: all but its text.
  static let ofRecord =
    [path, pathBytes, language, category, hash, file, chunkCount] + [
      ordinal, bytes, lines, symbols, context, chunkHash, lengthCode, terms, frequencies, planes,
    ]
  /// All.
  static let whole = ofRecord + [text, textBytes, kind, totalLength]

  /// The names of the collection's vectors.
  static let denseVector = "dense"
  static let sparseVector = "terms"
}
