import JSON
import Primitives

extension Vocabulary {
  /// The tokens of a model's `vocab`: an object of numbers by token, or a list of tokens with their scores.
  init(model part: TokenizerNode) throws(Failure) {
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
    self.init(tokens)
  }

  /// The tokens as the bytes that their characters stand for. Those with other characters can match no byte, and are
  /// left out.
  var writtenInBytes: Vocabulary {
    Vocabulary(
      (0..<count).compactMap { entry in
        ByteAlphabet.bytes(of: bytes(of: entry)).map { (token: $0, id: id(of: entry)) }
      })
  }
}
