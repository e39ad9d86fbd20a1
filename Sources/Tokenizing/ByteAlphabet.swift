import Primitives

/// The visible character that stands for each byte in byte-level models: itself where it is one, else one from U+0100
/// on.
enum ByteAlphabet {
  private static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (0..<256 as Range<UInt32>).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
      default:
        next += 1
        return next - 1
      }
    }
  }()

  private static let bytes: [UInt32: UInt8] = Dictionary(
    uniqueKeysWithValues: scalars.enumerated().map { ($1, UInt8($0)) })

  static func scalar(of byte: UInt8) -> UInt32 { scalars[Int(byte)] }

  /// The bytes that `token` is written for, or nil if it has characters that stand for none.
  static func bytes(of token: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var position = token.startIndex
    while position < token.endIndex {
      let (scalar, length) = token.span.scalar(at: position - token.startIndex)
      guard let byte = bytes[scalar] else { return nil }
      result.append(byte)
      position += length
    }
    return result
  }
}
