/// A path as the file system has it: bytes, not necessarily UTF-8, with `/` between components. No I/O.
///
/// Paths inside a corpus are relative to its root, without a leading `./`. The order is that of the bytes.
package struct FilePath: Hashable, Sendable, Comparable {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }
  package init(_ text: String) { bytes = Array(text.utf8) }

  package static func < (a: FilePath, b: FilePath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

  package var isEmpty: Bool { bytes.isEmpty }
  package var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }

  /// The path of `component` inside this directory. An empty receiver gives the component alone.
  package func appending(_ component: FilePath) -> FilePath {
    if bytes.isEmpty { return component }
    if component.isEmpty { return self }
    var joined = bytes
    joined.reserveCapacity(bytes.count + component.bytes.count + 1)
    if joined.last != UInt8(ascii: "/") { joined.append(UInt8(ascii: "/")) }
    joined.append(contentsOf: component.bytes)
    return FilePath(bytes: joined)
  }
  package func appending(_ component: String) -> FilePath { appending(FilePath(component)) }

  /// Everything after the last `/`.
  package var lastComponent: FilePath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return FilePath(bytes: Array(bytes[(slash + 1)...]))
  }

  /// Everything before the last `/`: empty for a path of one component, `/` for a child of the file system's root.
  package var parent: FilePath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return FilePath(bytes: []) }
    return FilePath(bytes: slash == 0 ? [UInt8(ascii: "/")] : Array(bytes[..<slash]))
  }

  /// The bytes after the last `.` of the last component, or nil if there is none or it begins the name.
  package var fileExtension: FilePath? {
    let name = lastComponent.bytes
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0, dot + 1 < name.count else { return nil }
    return FilePath(bytes: Array(name[(dot + 1)...]))
  }

  /// The rest of the path after `directory/`, or nil if it does not lie inside it.
  package func relative(to directory: FilePath) -> FilePath? {
    if directory.isEmpty { return self }
    var prefix = directory.bytes
    if prefix.last != UInt8(ascii: "/") { prefix.append(UInt8(ascii: "/")) }
    guard bytes.count > prefix.count, bytes.starts(with: prefix) else { return nil }
    return FilePath(bytes: Array(bytes[prefix.count...]))
  }

  /// The path as text, or nil if its bytes are not UTF-8.
  package var utf8Text: String? { String(validating: bytes, as: UTF8.self) }
}

extension FilePath: CustomStringConvertible {
  /// For people: bytes that are not UTF-8 are shown as U+FFFD.
  package var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension FilePath: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}
