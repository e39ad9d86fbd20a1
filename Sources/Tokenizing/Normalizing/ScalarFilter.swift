import Primitives

/// Steps that read one scalar at a time.
enum ScalarFilter: Sendable {
  case lowercase
  case stripAccents
  /// The rules of the first neural translators: control characters go, other spaces become plain.
  case nmt
  /// Each byte as the visible character that byte-level models write it as.
  case byteLevel

  func apply(_ scratch: inout NormalizerScratch) {
    let text = scratch.text
    let tables = UnicodeTables.shared
    scratch.output.removeAll(keepingCapacity: true)
    scratch.output.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let (scalar, length) = text.span.scalar(at: position)
      switch self {
      case .lowercase:
        if scalar == 0x130 {
          scratch.output.append(UInt8(ascii: "i"))
          scratch.output.append(scalar: 0x307)
        } else {
          scratch.output.append(scalar: UInt32(bitPattern: Int32(bitPattern: scalar) &+ tables.toSmall[scalar]))
        }
      case .stripAccents:
        if !tables.scalarClass(scalar).isAccent {
          scratch.output.append(scalar: scalar)
        } else if position == 0 {
          scratch.beginsText = false
        }
      case .nmt:
        switch scalar {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: if position == 0 { scratch.beginsText = false }
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
          scratch.output.append(UInt8(ascii: " "))
        default: scratch.output.append(scalar: scalar)
        }
      case .byteLevel:
        for i in 0..<length { scratch.output.append(scalar: ByteAlphabet.scalar(of: text[position + i])) }
      }
      position += length
    }
    scratch.swap()
  }
}
