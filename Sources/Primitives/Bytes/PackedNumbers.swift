/// Reads base 64, and numbers of seven bits a byte from what it says.
package struct PackedNumbers {
  private let bytes: [UInt8]
  private var position = 0

  /// Data that is part of the program, and therefore well-formed.
  package init(_ text: StaticString) {
    bytes = text.withUTF8Buffer { unsafe Self.decoded(base64: Array($0)) }!
  }

  package mutating func next() -> Int {
    var number = 0
    var shift = 0
    while true {
      let byte = bytes[position]
      position += 1
      number |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
  }

  package mutating func nextSigned() -> Int {
    let number = next()
    return number & 1 == 0 ? number / 2 : -(number + 1) / 2
  }

  /// A value for each code point, from runs of equal ones.
  package mutating func nextRuns() -> [Int] {
    var all: [Int] = []
    all.reserveCapacity(0x110000)
    while all.count < 0x110000 {
      let value = next()
      all.append(contentsOf: repeatElement(value, count: next()))
    }
    return all
  }

  /// The bytes that `text` stands for, or nil if it is not base 64 with its padding.
  package static func decoded(base64 text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    for (i, character) in text.enumerated() {
      let value: UInt8
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "=") where i >= text.count - padding: value = 0
      default: return nil
      }
      group = group << 6 | UInt32(value)
      if i % 4 == 3 {
        bytes.append(UInt8(group >> 16 & 0xFF))
        bytes.append(UInt8(group >> 8 & 0xFF))
        bytes.append(UInt8(group & 0xFF))
        group = 0
      }
    }
    bytes.removeLast(padding)
    return bytes
  }
}
