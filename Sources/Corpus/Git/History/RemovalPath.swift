package import Primitives

/// What a removal is called in the index of a history: the file's path behind a directory that says which commit took
/// the lines away, and which of its parents had them. Later commits come first in the order of paths, so that of hits
/// that are equally good the latest removal is shown first.
///
///     7ffffc351/src/parser.c       commit 2147484618, its second parent
package struct RemovalPath: Hashable, Sendable {
  /// The number of the commit in the index.
  package var number: UInt32
  /// Which parent, from 0.
  package var parent: Int
  /// The file's path in the tree.
  package var path: FilePath

  /// The bytes before the path in the tree.
  package static let prefixByteCount = 10
  private static let digits = Array("0123456789abcdef".utf8)

  package init(number: UInt32, parent: Int, path: FilePath) {
    self.number = number
    self.parent = parent
    self.path = path
  }

  /// Reads what a file of the index is called; nil for what no removal is called.
  package init?(_ name: FilePath) {
    let bytes = name.bytes
    guard bytes.count > Self.prefixByteCount, let number = Self.number(of: bytes.span),
      let parent = Self.value(bytes[8]), bytes[9] == .slash
    else { return nil }
    self.init(number: number, parent: parent, path: FilePath(bytes: Array(bytes[Self.prefixByteCount...])))
  }

  /// What the file of the index is called.
  package var name: FilePath {
    let inverted = ~number
    let front = (0..<8).map { Self.digits[Int(inverted >> (28 - 4 * UInt32($0)) & 15)] }
    return FilePath(bytes: front + [Self.digits[parent & 15], .slash] + path.bytes)
  }

  /// The number of the commit that a name of the index begins with; nil if there is none.
  package static func number(of name: Span<UInt8>) -> UInt32? {
    guard name.count >= 8 else { return nil }
    var inverted: UInt32 = 0
    for i in 0..<8 {
      guard let value = value(name[i]) else { return nil }
      inverted = inverted << 4 | UInt32(value)
    }
    return ~inverted
  }

  private static func value(_ digit: UInt8) -> Int? {
    digit.isASCIIDigit
      ? Int(digit & 15) : (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(digit) ? Int(digit & 15) + 9 : nil
  }
}
