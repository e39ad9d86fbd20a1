import CToml
import Disk
package import Primitives

/// A configuration file as a flat list of values.
package enum TomlDocument {
  package enum Kind { case string, integer, boolean, array, table, other }

  package struct Node: CustomStringConvertible {
    /// Dotted, where the file has tables. A list and a table come before what is in them; an element has the key of its
    /// list.
    package var key: String
    package var kind: Kind
    package var text: String
    /// From 1.
    package var line: Int

    package var description: String {
      switch kind {
      case .string: "the text \"\(text)\""
      case .integer: "the number \(text)"
      case .boolean: text
      case .array: "a list"
      case .table: "a table"
      case .other: "a value of another type"
      }
    }
  }

  /// A file of settings is small; a larger one is a mistake or an attack.
  static let sizeLimit = 64 << 10
  /// Names are not nested in Cairn's files. The parser goes one call deeper for each dot, so their number is bounded
  /// first.
  private static let dotsPerLineLimit = 64

  /// The values of the file at `path`, in the order of their names. Throws `invalid-configuration` with the line of a
  /// mistake.
  package static func nodes(of path: FilePath) throws(Failure) -> [Node] {
    try nodes(in: readFile(path, limit: sizeLimit).bytes, of: path)
  }

  /// The values of the file `name` of the project at `root`; empty if there is no such file. A link is followed no
  /// further than the project, and nothing but a regular file is opened: what a project brings along must not have
  /// other files read.
  package static func nodes(ofProject root: FilePath, file name: FilePath) throws(Failure) -> [Node] {
    let path = root.appending(name)
    let status: FileStatus
    do throws(Failure) { status = try FileStatus(of: path, followsLinks: false) } catch {
      if error.code == .notFound { return [] }
      throw error
    }
    var target = path
    if status.kind == .symbolicLink {
      guard let real = try? resolvedPath(path), real.relative(to: try resolvedPath(root)) != nil else {
        throw Failure(
          .invalidConfiguration,
          "it is a symbolic link that leads out of the project, which is not followed; remove it",
          path: path)
      }
      target = real
    }
    let opened = try OpenDirectory(target.parent)
    guard try opened.status(of: target.lastComponent).kind == .file else {
      throw Failure(.invalidConfiguration, "it is not a regular file; remove it or rename it", path: path)
    }
    return try nodes(in: opened.readFile(target.lastComponent, limit: sizeLimit).bytes, of: path)
  }

  /// The same of the text of a file.
  static func nodes(in bytes: [UInt8], of path: FilePath) throws(Failure) -> [Node] {
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard line.count(where: { $0 == UInt8(ascii: ".") }) <= dotsPerLineLimit else {
        throw Failure(.invalidConfiguration, "line \(number + 1): too many dots in one line", path: path)
      }
    }
    var nodes: [Node] = []
    var reason = [CChar](repeating: 0, count: 512)
    var line: UInt32 = 0
    var column: UInt32 = 0
    let result = unsafe bytes.withUnsafeBytes { text in
      unsafe withUnsafeMutablePointer(to: &nodes) { context in
        unsafe reason.withUnsafeMutableBufferPointer { reason in
          unsafe ctoml_parse(
            text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, context, collect, reason.baseAddress,
            reason.count, &line, &column)
        }
      }
    }
    guard result == 0 else {
      let cause = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      // The parser does not always know where it gave up.
      let location = line > 0 ? "line \(line), column \(column): " : ""
      throw Failure(.invalidConfiguration, location + "this is not valid TOML", path: path, cause: cause)
    }
    return nodes
  }
}

/// Called by the parser for each value; `context` is the list it is added to.
private func collect(
  context: UnsafeMutableRawPointer?, key: UnsafePointer<CChar>?, kind: Int32, value: UnsafePointer<CChar>?, line: UInt32
) {
  guard let context = unsafe context, let key = unsafe key, let value = unsafe value else { return }
  let name: TomlDocument.Kind =
    switch UInt32(bitPattern: kind) {
    case CTOML_STRING.rawValue: .string
    case CTOML_INTEGER.rawValue: .integer
    case CTOML_BOOLEAN.rawValue: .boolean
    case CTOML_ARRAY.rawValue: .array
    case CTOML_TABLE.rawValue: .table
    default: .other
    }
  unsafe context.assumingMemoryBound(to: [TomlDocument.Node].self).pointee.append(
    TomlDocument.Node(key: String(cString: key), kind: name, text: String(cString: value), line: Int(line)))
}

extension Failure.Code {
  package static let invalidConfiguration = Self(rawValue: "invalid-configuration")
}
