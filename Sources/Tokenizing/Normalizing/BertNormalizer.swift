import Primitives

/// What BERT does to a text before it is cut: control characters go, every space is a plain one, Chinese characters
/// stand alone, letters lose accents and capitals.
struct BertNormalizer: Sendable {
  private let cleans: Bool
  private let separatesChinese: Bool
  private let stripsAccents: Bool
  private let lowercases: Bool
  /// What becomes of each ASCII character; 0xFF where it goes.
  private let ascii: [UInt8]

  init(_ part: TokenizerNode) throws(Failure) {
    try part.allow(["type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"])
    cleans = try part.required("clean_text").boolean()
    separatesChinese = try part.required("handle_chinese_chars").boolean()
    lowercases = try part.required("lowercase").boolean()
    stripsAccents = try part["strip_accents"]?.boolean() ?? lowercases
    let (cleans, lowercases) = (cleans, lowercases)
    ascii = (0..<128 as Range<UInt32>).map { byte in
      let scalar = UnicodeTables.shared.scalarClass(byte)
      if cleans && (byte == 0 || scalar.isDropped) { return 0xFF }
      if cleans && scalar.isSpace { return UInt8(ascii: " ") }
      return lowercases && 65...90 ~= byte ? UInt8(byte | 0x20) : UInt8(byte)
    }
  }

  func apply(_ scratch: inout NormalizerScratch) {
    let count = scratch.text.count
    scratch.output.removeAll(keepingCapacity: true)
    scratch.output.reserveCapacity(count + count / 8)
    var position = 0
    while position < count {
      let byte = scratch.text[position]
      if byte < 0x80 {
        let mapped = ascii[Int(byte)]
        if mapped != 0xFF {
          scratch.output.append(mapped)
        } else if scratch.output.isEmpty {
          scratch.beginsText = false
        }
        position &+= 1
        continue
      }
      // A stretch up to the next two ASCII characters: marks are put in order among themselves only.
      position = applyToStretch(&scratch, from: position)
    }
    scratch.swap()
  }

  /// From a scalar that is not ASCII to the next one that is: no mark moves over that.
  private func applyToStretch(_ scratch: inout NormalizerScratch, from start: Int) -> Int {
    let tables = UnicodeTables.shared
    var position = start
    scratch.scalars.removeAll(keepingCapacity: true)
    while position < scratch.text.count, scratch.text[position] >= 0x80 {
      let (scalar, length) = scratch.text.span.scalar(at: position)
      position += length
      let kind = tables.scalarClass(scalar)
      if cleans {
        if scalar == 0xFFFD || kind.isDropped {
          if scratch.output.isEmpty && scratch.scalars.isEmpty { scratch.beginsText = false }
          continue
        }
        if kind.isSpace {
          scratch.scalars.append(0x20)
          continue
        }
      }
      if separatesChinese && Self.isChinese(scalar) {
        scratch.scalars.append(0x20)
        scratch.scalars.append(scalar)
        scratch.scalars.append(0x20)
      } else {
        scratch.scalars.append(scalar)
      }
    }
    if stripsAccents {
      scratch.decompose(.canonical)
      if scratch.output.isEmpty, let first = scratch.scalars.first, tables.scalarClass(first).isNonspacing {
        scratch.beginsText = false
      }
      scratch.scalars.removeAll { tables.scalarClass($0).isNonspacing }
    }
    if lowercases {
      scratch.appendScalarsInSmall()
    } else {
      for scalar in scratch.scalars { scratch.output.append(scalar: scalar) }
    }
    return position
  }

  private static func isChinese(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
