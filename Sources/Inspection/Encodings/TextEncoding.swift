import Glibc
import Primitives

/// How a file's text is written in bytes.
package enum TextEncoding: String, Hashable, Sendable, CaseIterable {
  /// UTF-8, and all that is taken as such: ASCII, and what is none of the others.
  case utf8
  /// UTF-8 behind a mark.
  case utf8WithMark
  case utf16LittleEndian, utf16BigEndian
  case utf32LittleEndian, utf32BigEndian
  case shiftJIS, eucJP, gb18030, big5, eucKR
  case windows1251, koi8R, windows1252
  case windows1250, iso8859Part2, windows1253, iso8859Part7, windows1254, windows1255, windows1256

  /// Whether it is one of those that write a character with one byte.
  var isSingleByte: Bool {
    switch self {
    case .windows1251, .koi8R, .windows1252, .windows1250, .iso8859Part2, .windows1253, .iso8859Part7, .windows1254,
      .windows1255, .windows1256:
      true
    default: false
    }
  }
}

/// The text of files in every encoding that is recognised.
package enum SourceBytes {
  /// A larger file is taken as it is: its text could have more bytes than offsets reach.
  private static let decodedByteLimit = 1 << 30

  /// The bytes without the mark that they begin with, and as UTF-8 where that says UTF-16; nothing else is judged: what
  /// a search by lines reads.
  package static func unmarked(_ bytes: consuming [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes[3...]) }
    if bytes.starts(with: [0xFF, 0xFE]) { return TextDecoder.decode(bytes.span, as: .utf16LittleEndian) }
    if bytes.starts(with: [0xFE, 0xFF]) { return TextDecoder.decode(bytes.span, as: .utf16BigEndian) }
    return bytes
  }

  /// The bytes of a file as UTF-8 with `\n` at the ends of lines: what is cut, analysed and shown. Pure, and the same
  /// wherever it is asked for, so that offsets in an index stay true. Most files are text in ASCII or UTF-8 and come
  /// back as they are, at the speed of memory; so does what is no text.
  ///
  /// A mark at the beginning is left out. A file whose lines end with carriage returns alone gets newlines in their
  /// place.
  package static func text(_ bytes: consuming [UInt8]) -> [UInt8] {
    let encoding = bytes.count > decodedByteLimit ? .utf8 : EncodingDetector.encoding(of: bytes.span)
    if encoding == .utf8 { return withNewlines(bytes) }
    return withNewlines(TextDecoder.decode(bytes.span, as: encoding))
  }

  /// Whether the text of a file that begins with `bytes` begins with them as they are: where they do not say it, the
  /// whole file has to be read.
  package static func isText(_ bytes: Span<UInt8>) -> Bool {
    EncodingDetector.isPlainBeginning(bytes) && !(endsLinesWithReturns(bytes))
  }

  private static func withNewlines(_ bytes: consuming [UInt8]) -> [UInt8] {
    if !endsLinesWithReturns(bytes.span) { return bytes }
    for i in bytes.indices where bytes[i] == .carriageReturn { bytes[i] = .newline }
    return bytes
  }

  /// Whether there are carriage returns and no newline.
  private static func endsLinesWithReturns(_ bytes: Span<UInt8>) -> Bool {
    !bytes.holds(.newline) && bytes.holds(.carriageReturn)
  }
}

extension Span<UInt8> {
  /// Whether `byte` is among the bytes, searched for at the speed of memory.
  func holds(_ byte: UInt8) -> Bool {
    unsafe withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return false }
      return unsafe memchr(base, Int32(byte), bytes.count) != nil
    }
  }
}
