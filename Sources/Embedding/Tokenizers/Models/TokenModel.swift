import JSONDocuments
import Primitives

/// What makes tokens of a piece of text.
enum TokenModel: Sendable {
  case wordPiece(WordPieceModel)

  /// Reads `model`. A file of old has no `type`: then the members tell.
  init(_ part: FilePart, _ vocabulary: Vocabulary) throws(Failure) {
    switch Self.type(of: part) {
    case "WordPiece": self = .wordPiece(try WordPieceModel(part, vocabulary))
    case let other: throw part.unsupported("a model of type \(other ?? "without a name")")
    }
  }

  /// Appends the tokens of the piece at `range`, which is not empty.
  @inline(__always)
  func encode(_ text: Span<UInt8>, _ range: Range<Int>, into ids: inout [Int32]) throws(Failure) {
    switch self {
    case .wordPiece(let model): try model.encode(text, range, into: &ids)
    }
  }

  private static func type(of part: FilePart) -> String? {
    if let type = part.type { return type }
    if part["merges"] != nil { return "BPE" }
    if part["vocab"]?.value.array != nil { return "Unigram" }
    if part["max_input_chars_per_word"] != nil { return "WordPiece" }
    return nil
  }

  /// The tokens of `model.vocab`, an object of numbers by token, or a list of tokens with their scores.
  static func vocabulary(of part: FilePart) throws(Failure) -> Vocabulary {
    let vocab = try part.required("vocab")
    var tokens: [(token: [UInt8], id: Int32)] = []
    if let list = vocab.value.array {
      for (number, entry) in list.enumerated() {
        guard let token = entry[0]?.string else { throw vocab.wrong("entry \(number) is no token with its score") }
        tokens.append((Array(token.utf8), Int32(number)))
      }
    } else if let members = vocab.value.members {
      tokens.reserveCapacity(members.count)
      for member in members {
        guard let id = member.value.integer, (0..<Int(Int32.max)).contains(id) else {
          throw vocab.wrong("the number of `\(member.name)` is none")
        }
        tokens.append((Array(member.name.utf8), Int32(id)))
      }
    } else {
      throw vocab.wrong("it is neither a list nor an object")
    }
    return Vocabulary(tokens)
  }
}
