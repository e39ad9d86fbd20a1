/// How much a segment may ask its readers to keep. Writers leave out what is beyond; for readers it is damage: front
/// coding lets some bytes stand for any number of them, and a stranger's segment may have checksums that are right.
enum StoredLimits {
  /// Bytes of the name of a symbol, or of one around it.
  static let nameByteCount = 1024
  /// Names around a symbol, and their bytes together.
  static let enclosingCount = 256
  static let enclosingByteCount = 8192
  static let symbolsOfChunk = 8192
  /// Bytes of the names of a chunk's symbols, and of the names around them wherever these change.
  static let textByteCountOfChunk = 1 << 18
  /// Bytes of a path: what the system takes.
  static let pathByteCount = 4096
  /// Bytes of a term: far above what the analyzer makes.
  static let termByteCount = 1024
  static let languageNameByteCount = 256

  /// The bytes of `name` up to the limit, without a part of a character.
  static func name(_ name: String) -> [UInt8] {
    let bytes = Array(name.utf8)
    if bytes.count <= nameByteCount { return bytes }
    var end = nameByteCount
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(bytes[..<end])
  }

  /// The names around a symbol up to the limits, outermost first.
  static func enclosing(_ names: [String]) -> [[UInt8]] {
    var kept: [[UInt8]] = []
    var byteCount = 0
    for name in names.prefix(enclosingCount) {
      let bytes = Self.name(name)
      byteCount += bytes.count
      if byteCount > enclosingByteCount { break }
      kept.append(bytes)
    }
    return kept
  }
}
