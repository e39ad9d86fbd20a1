import Primitives

/// The name of one of git's objects: the SHA-1 or SHA-256 of its content, in full.
package struct GitObjectID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// 20 of them, or 32 in a repository with SHA-256.
  package let bytes: [UInt8]

  /// Nil for another number of bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 20 || bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// From 40 or 64 hexadecimal digits; nil for anything else.
  package init?(hex: some Collection<UInt8>) {
    guard hex.count == 40 || hex.count == 64 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hex.count / 2)
    var high: UInt8?
    for digit in hex {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    self.bytes = bytes
  }

  /// In lower case, as git prints it.
  package var hex: [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  package var description: String { String(decoding: hex, as: UTF8.self) }

  package static func < (a: GitObjectID, b: GitObjectID) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}
