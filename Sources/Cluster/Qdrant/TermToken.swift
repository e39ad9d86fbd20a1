import Primitives
import Segments

/// A term as a token of an indexed text and as a component of a sparse vector: what a server of another kind keeps of
/// the analyzer's terms.
struct TermToken: Hashable {
  /// A letter for the field, then the term: as it is, or in hexadecimal digits where it is not a text without spaces.
  let text: String

  init(_ term: Term) {
    let isWord = term.field == .word
    if let plain = Self.plainText(term.bytes) {
      text = (isWord ? "w" : "d") + plain
    } else {
      text = term.bytes.reduce(into: isWord ? "W" : "D") { text, byte in
        text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
  }

  init(_ text: Substring) { self.text = String(text) }

  /// Nil for a token that stands for no term.
  var term: Term? {
    let rest = text.utf8.dropFirst()
    switch text.utf8.first {
    case UInt8(ascii: "w"): return Term(field: .word, bytes: Array(rest))
    case UInt8(ascii: "d"): return Term(field: .definition, bytes: Array(rest))
    case UInt8(ascii: "W"): return Self.bytes(rest).map { Term(field: .word, bytes: $0) }
    case UInt8(ascii: "D"): return Self.bytes(rest).map { Term(field: .definition, bytes: $0) }
    default: return nil
    }
  }

  /// The component of sparse vectors that stands for it. Of a million terms some hundred share theirs with another:
  /// candidates of both are found then, and ranked by what they hold.
  var component: UInt32 { UInt32(truncatingIfNeeded: ContentHash(of: Array(text.utf8).span).low) }

  /// Nil where a tokenizer that splits at spaces could change it.
  private static func plainText(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty else { return nil }
    return text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace }
      ? text : nil
  }

  private static func bytes(_ digits: Substring.UTF8View) -> [UInt8]? {
    let digits = Array(digits)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[start..<start + 2], as: UTF8.self), radix: 16) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
