import Primitives

/// What the characters of two bytes mean in an encoding of East Asia; made by `Scripts/encoding-tables`.
///
/// The data covers the pairs of a first byte 0x81 to 0xFE and a second one 0x40 to 0xFE in their order: how many mean
/// nothing, how many follow that mean something, and of each of these its scalar as the difference from the one before;
/// and so on to the end.
struct DoubleByteTable: Sendable {
  private var scalars = [UInt16](repeating: 0, count: 126 * 191)

  // Each is decoded when the first text is met that may be in it: some milliseconds.
  static let shiftJIS = DoubleByteTable(shiftJISData)
  static let gb18030 = DoubleByteTable(gb18030Data)
  static let big5 = DoubleByteTable(big5Data)
  static let eucKR = DoubleByteTable(eucKRData)

  private init(_ text: StaticString) {
    var data = PackedNumbers(text)
    var index = 0
    var scalar = 0
    while index < scalars.count {
      index += data.next()
      for _ in 0..<data.next() {
        scalar += data.nextSigned()
        scalars[index] = UInt16(scalar)
        index += 1
      }
    }
  }

  /// The scalar, or 0 if the two bytes mean nothing.
  func scalar(_ lead: UInt8, _ trail: UInt8) -> UInt32 {
    guard lead >= 0x81, lead <= 0xFE, trail >= 0x40, trail <= 0xFE else { return 0 }
    return UInt32(scalars[Int(lead - 0x81) * 191 + Int(trail - 0x40)])
  }

  /// The scalars of the basic plane that GB 18030 writes with four bytes, in the order of these.
  static let fourByteScalars: [UInt16] = {
    var isKnown = [Bool](repeating: false, count: 0x10000)
    for scalar in gb18030.scalars { isKnown[Int(scalar)] = true }
    return (0x80...0xFFFF).filter { !isKnown[$0] && !(0xD800...0xDFFF).contains($0) }.map { UInt16($0) }
  }()
}
