import Primitives

/// Turns text in an encoding into UTF-8. What means nothing becomes U+FFFD; nothing fails.
enum TextDecoder {
  static func decode(_ bytes: Span<UInt8>, as encoding: TextEncoding) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 2)
    switch encoding {
    case .utf8: text.append(contentsOf: bytes.indices.map { bytes[$0] })
    case .utf8WithMark: text.append(contentsOf: (3..<bytes.count).map { bytes[$0] })
    case .utf16LittleEndian, .utf16BigEndian:
      decodeUTF16(bytes, isLittleEndian: encoding == .utf16LittleEndian) { text.append(scalar: $0) }
    case .utf32LittleEndian, .utf32BigEndian:
      var i = 0
      while i + 4 <= bytes.count {
        var value: UInt32 = 0
        for k in 0..<4 { value = value << 8 | UInt32(bytes[encoding == .utf32BigEndian ? i + k : i + 3 - k]) }
        if !(i == 0 && value == 0xFEFF) { text.append(scalar: isScalar(value) ? value : 0xFFFD) }
        i += 4
      }
      if i < bytes.count { text.append(scalar: 0xFFFD) }
    default:
      if encoding.isSingleByte {
        for i in bytes.indices { text.append(scalar: scalar(bytes[i], in: encoding) ?? 0xFFFD) }
      } else {
        decodeDoubleByte(bytes, as: encoding) { _, _, scalar in text.append(scalar: scalar ?? 0xFFFD) }
      }
    }
    return text
  }

  static func isScalar(_ value: UInt32) -> Bool { value < 0x110000 && value >> 11 != 0x1B }

  /// Calls `body` with each scalar but a mark at the beginning; U+FFFD for a surrogate alone and for half a unit at the
  /// end.
  static func decodeUTF16(_ bytes: Span<UInt8>, isLittleEndian: Bool, _ body: (UInt32) -> Void) {
    func unit(_ i: Int) -> UInt32 {
      isLittleEndian ? UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8 : UInt32(bytes[i]) << 8 | UInt32(bytes[i + 1])
    }
    var i = 0
    while i + 2 <= bytes.count {
      let first = unit(i)
      i += 2
      if first >> 11 != 0x1B {
        if !(i == 2 && first == 0xFEFF) { body(first) }
      } else if first < 0xDC00, i + 2 <= bytes.count, unit(i) >> 10 == 0x37 {
        body(0x10000 + (first & 0x3FF) << 10 + unit(i) & 0x3FF)
        i += 2
      } else {
        body(0xFFFD)
      }
    }
    if i < bytes.count { body(0xFFFD) }
  }

  /// Calls `body` with each character of an encoding of East Asia: its first two bytes (the second is 0 if there is
  /// one), and its scalar, nil if they are unassigned.
  static func decodeDoubleByte(
    _ bytes: Span<UInt8>, as encoding: TextEncoding, _ body: (_ lead: UInt8, _ trail: UInt8, _ scalar: UInt32?) -> Void
  ) {
    let table =
      switch encoding {
      case .gb18030: DoubleByteTable.gb18030
      case .big5: DoubleByteTable.big5
      case .eucKR: DoubleByteTable.eucKR
      default: DoubleByteTable.shiftJIS
      }
    var i = 0
    while i < bytes.count {
      let lead = bytes[i]
      i += 1
      if lead < 0x80 {
        body(lead, 0, UInt32(lead))
        continue
      }
      if encoding == .shiftJIS, lead >= 0xA1, lead <= 0xDF {
        body(lead, 0, 0xFF61 + UInt32(lead - 0xA1))
        continue
      }
      guard i < bytes.count else { return body(lead, 0, nil) }
      let trail = bytes[i]
      var scalar: UInt32 = 0
      var byteCount = 1
      switch encoding {
      case .eucJP:
        if lead == 0x8E, trail >= 0xA1, trail <= 0xDF {
          scalar = 0xFF61 + UInt32(trail - 0xA1)
        } else if lead == 0x8F, trail >= 0xA1, i + 1 < bytes.count, bytes[i + 1] >= 0xA1 {
          // The rare ones of JIS X 0212, of which there is no table: known as characters all the same.
          scalar = 0xFFFD
          byteCount = 2
        } else if lead >= 0xA1, lead <= 0xFE, trail >= 0xA1, trail <= 0xFE {
          // Two rows of 94 of one are one row of 188 of the other.
          let row = lead - 0xA1
          let first = row / 2 + (row < 62 ? 0x81 : 0xC1)
          let second = row % 2 == 1 ? trail - 2 : trail - 0xA1 + (trail < 0xE0 ? 0x40 : 0x41)
          scalar = table.scalar(first, second)
        }
      case .gb18030 where trail >= 0x30 && trail <= 0x39:
        if i + 2 < bytes.count, let found = fourByteScalar(lead, trail, bytes[i + 1], bytes[i + 2]) {
          scalar = found
          byteCount = 3
        }
      default:
        scalar = table.scalar(lead, trail)
      }
      if scalar == 0 {
        body(lead, trail, nil)
        // A second byte of ASCII is a character of its own, and decoded again.
        if trail >= 0x80 { i += 1 }
      } else {
        body(lead, trail, scalar)
        i += byteCount
      }
    }
  }

  private static func fourByteScalar(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> UInt32? {
    guard a >= 0x81, a <= 0xFE, c >= 0x81, c <= 0xFE, d >= 0x30, d <= 0x39 else { return nil }
    let number = ((Int(a) - 0x81) * 10 + Int(b) - 0x30) * 1260 + (Int(c) - 0x81) * 10 + Int(d) - 0x30
    if number < DoubleByteTable.fourByteScalars.count { return UInt32(DoubleByteTable.fourByteScalars[number]) }
    guard number >= 189_000, number < 189_000 + 0x100000 else { return nil }
    return UInt32(0x10000 + number - 189_000)
  }

  /// The scalar that a byte encodes; nil if the byte is unassigned.
  static func scalar(_ byte: UInt8, in encoding: TextEncoding) -> UInt32? {
    if byte < 0x80 { return UInt32(byte) }
    let value =
      switch encoding {
      case .koi8R: koi8R[Int(byte) - 0x80]
      case .windows1251: windows1251[Int(byte) - 0x80]
      case .windows1250: SingleByteTable.windows1250[Int(byte) - 0x80]
      case .iso8859Part2: SingleByteTable.iso8859Part2[Int(byte) - 0x80]
      case .windows1253: SingleByteTable.windows1253[Int(byte) - 0x80]
      case .iso8859Part7: SingleByteTable.iso8859Part7[Int(byte) - 0x80]
      case .windows1254: SingleByteTable.windows1254[Int(byte) - 0x80]
      case .windows1255: SingleByteTable.windows1255[Int(byte) - 0x80]
      case .windows1256: SingleByteTable.windows1256[Int(byte) - 0x80]
      default: byte < 0xA0 ? windows1252[Int(byte) - 0x80] : UInt16(byte)
      }
    return value == 0 ? nil : UInt32(value)
  }

  private static let windows1252: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]
  private static let windows1251: [UInt16] = [
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039, 0x040A, 0x040C,
    0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0, 0x2122, 0x0459, 0x203A, 0x045A,
    0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7, 0x0401, 0x00A9, 0x0404,
    0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407, 0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7, 0x0451,
    0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457, 0x0410, 0x0411, 0x0412, 0x0413, 0x0414, 0x0415, 0x0416,
    0x0417, 0x0418, 0x0419, 0x041A, 0x041B, 0x041C, 0x041D, 0x041E, 0x041F, 0x0420, 0x0421, 0x0422, 0x0423, 0x0424,
    0x0425, 0x0426, 0x0427, 0x0428, 0x0429, 0x042A, 0x042B, 0x042C, 0x042D, 0x042E, 0x042F, 0x0430, 0x0431, 0x0432,
    0x0433, 0x0434, 0x0435, 0x0436, 0x0437, 0x0438, 0x0439, 0x043A, 0x043B, 0x043C, 0x043D, 0x043E, 0x043F, 0x0440,
    0x0441, 0x0442, 0x0443, 0x0444, 0x0445, 0x0446, 0x0447, 0x0448, 0x0449, 0x044A, 0x044B, 0x044C, 0x044D, 0x044E,
    0x044F,
  ]
  private static let koi8R: [UInt16] = [
    0x2500, 0x2502, 0x250C, 0x2510, 0x2514, 0x2518, 0x251C, 0x2524, 0x252C, 0x2534, 0x253C, 0x2580, 0x2584, 0x2588,
    0x258C, 0x2590, 0x2591, 0x2592, 0x2593, 0x2320, 0x25A0, 0x2219, 0x221A, 0x2248, 0x2264, 0x2265, 0x00A0, 0x2321,
    0x00B0, 0x00B2, 0x00B7, 0x00F7, 0x2550, 0x2551, 0x2552, 0x0451, 0x2553, 0x2554, 0x2555, 0x2556, 0x2557, 0x2558,
    0x2559, 0x255A, 0x255B, 0x255C, 0x255D, 0x255E, 0x255F, 0x2560, 0x2561, 0x0401, 0x2562, 0x2563, 0x2564, 0x2565,
    0x2566, 0x2567, 0x2568, 0x2569, 0x256A, 0x256B, 0x256C, 0x00A9, 0x044E, 0x0430, 0x0431, 0x0446, 0x0434, 0x0435,
    0x0444, 0x0433, 0x0445, 0x0438, 0x0439, 0x043A, 0x043B, 0x043C, 0x043D, 0x043E, 0x043F, 0x044F, 0x0440, 0x0441,
    0x0442, 0x0443, 0x0436, 0x0432, 0x044C, 0x044B, 0x0437, 0x0448, 0x044D, 0x0449, 0x0447, 0x044A, 0x042E, 0x0410,
    0x0411, 0x0426, 0x0414, 0x0415, 0x0424, 0x0413, 0x0425, 0x0418, 0x0419, 0x041A, 0x041B, 0x041C, 0x041D, 0x041E,
    0x041F, 0x042F, 0x0420, 0x0421, 0x0422, 0x0423, 0x0416, 0x0412, 0x042C, 0x042B, 0x0417, 0x0428, 0x042D, 0x0429,
    0x0427, 0x042A,
  ]
}
