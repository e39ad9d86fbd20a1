package import Primitives

/// The name of a collection or of an alias on a server: what stands in an address as it is.
package struct CollectionName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Longer ones are of no use, and a server keeps each as a directory's name.
  package static let byteLimit = 128

  package let text: String

  /// Throws `.invalidArgument` for a name with other characters than letters, digits, `-`, `_` and `.`.
  package init(_ text: String) throws(Failure) {
    let isPlain = text.utf8.allSatisfy { byte in
      byte.isASCIILetter || byte.isASCIIDigit
        || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
    }
    guard isPlain, !text.isEmpty, text.utf8.count <= Self.byteLimit, text != ".", text != ".." else {
      throw Failure(
        .invalidArgument,
        "a collection cannot be called \(visibleName(text)): use letters, digits, -, _ and ., at most "
          + "\(Self.byteLimit) of them")
    }
    self.text = text
  }

  /// A name that a server gave, which may be of another program's; nil if it is not plain.
  init?(ofServer text: String) {
    guard let name = try? Self(text) else { return nil }
    self = name
  }

  package var description: String { text }
  package static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}
