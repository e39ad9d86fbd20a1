package import Primitives

/// A path as the file system has it: bytes, which need not be UTF-8.
///
///     let path: Path = "Sources/main.swift"
///     print(path)            // for people: bytes that are not UTF-8 become U+FFFD
///     open(path.bytes)       // for the system: exactly what the directory says
public struct Path: Hashable, Sendable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The bytes, with `/` between components and no NUL.
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }
  public init(_ text: String) { bytes = Array(text.utf8) }
  public init(stringLiteral text: String) { self.init(text) }

  /// The path as text; nil if its bytes are not UTF-8.
  public var utf8Text: String? { String(validating: bytes, as: UTF8.self) }
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  /// By bytes.
  public static func < (a: Path, b: Path) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

extension Path {
  package init(_ path: FilePath) { self.init(bytes: path.bytes) }
  package var filePath: FilePath { FilePath(bytes: bytes) }
}
