/// UTF-16 without a mark in a script of East Asia, which may have no letter of ASCII.
///
/// The usual evidence, at which places the NULs are, fails there: an ideograph or a syllable may have a NUL of its own,
/// at the other place (U+4E00, the figure one, and U+AC00 are among the most frequent). What is asked instead is
/// whether the text would be one: only characters of it, nearly all of them usual in Chinese, Japanese or Korean, which
/// one in seven random pairs of bytes is, with line breaks or blanks between.
enum EastAsianUTF16 {
  /// Fewer usual characters than these say too little.
  private static let fewestUsual = 8

  /// The order of the bytes in which they are such a text; nil if they are in neither.
  static func encoding(of bytes: Span<UInt8>) -> TextEncoding? {
    let sample = bytes.extracting(0..<min(bytes.count, 16_384) & ~1)
    let isLittle = isText(sample, isLittleEndian: true)
    let isBig = isText(sample, isLittleEndian: false)
    return isLittle == isBig ? nil : isLittle ? .utf16LittleEndian : .utf16BigEndian
  }

  private static func isText(_ sample: Span<UInt8>, isLittleEndian: Bool) -> Bool {
    var (usual, others, signs, blanks) = (0, 0, 0, 0)
    let low = isLittleEndian ? 0 : 1
    var i = 0
    while i + 2 <= sample.count {
      let scalar = UInt32(sample[i + low]) | UInt32(sample[i + 1 - low]) << 8
      switch scalar {
      case 0x09, 0x0A, 0x0D, 0x20, 0x3000: blanks += 1
      // Binary files end here, most of them at once.
      case 0..<0x20, 0x7F..<0xA0, 0xE000..<0xF900, 0xFFFE, 0xFFFF: return false
      case 0x21..<0x7F, 0x2010..<0x2027, 0x3001..<0x3020, 0xFF01..<0xFF66: signs += 1
      default: if usualCharacters[Int(scalar)] { usual += 1 } else { others += 1 }
      }
      i += 2
      // A look at the first of them is enough to tell what is none.
      if i == 64, others * 4 > i / 2 { return false }
    }
    return usual >= fewestUsual && blanks > 0 && others * 20 <= usual && signs <= 2 * usual
  }

  /// The kana, the ideographs that the standards of China, Taiwan and Japan have in their first parts, those in daily
  /// use, and the syllables that the one of Korea has. Made when the first text is met that may be one: some
  /// milliseconds.
  private static let usualCharacters: [Bool] = {
    var isUsual = [Bool](repeating: false, count: 0x10000)
    for scalar in 0x3041...0x30FF { isUsual[scalar] = true }
    func add(_ table: DoubleByteTable, _ leads: ClosedRange<UInt8>, _ trails: ClosedRange<UInt8>) {
      for lead in leads { for trail in trails { isUsual[Int(table.scalar(lead, trail))] = true } }
    }
    add(.gb18030, 0xB0...0xD7, 0xA1...0xFE)
    add(.big5, 0xA4...0xC6, 0x40...0x7E)
    add(.big5, 0xA4...0xC6, 0xA1...0xFE)
    add(.shiftJIS, 0x88...0x97, 0x40...0xFC)
    add(.eucKR, 0xB0...0xC8, 0xA1...0xFE)
    isUsual[0] = false
    return isUsual
  }()
}
