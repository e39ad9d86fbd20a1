import Corpus
import Disk
package import Primitives
import Searching

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

extension Path {
  /// The directory this process works in, absolute.
  ///
  ///     print(try Path.current())
  public static func current() throws(CairnError) -> Path {
    Path(try asCairnError { () throws(Failure) in try currentDirectory() })
  }

  /// This path without links in it. Throws where it leads nowhere.
  ///
  ///     print(try Path("/usr/bin/cc").resolved())
  public func resolved() throws(CairnError) -> Path {
    Path(try asCairnError { () throws(Failure) in try resolvedPath(filePath) })
  }

  /// This absolute path as a person in `directory` would write it: below it without its prefix, from a directory inside
  /// `top` with `../`, anything else absolute.
  ///
  ///     Path("/home/me/project/a.c").shown(from: "/home/me/project/doc", inside: "/home/me/project")   // ../a.c
  public func shown(from directory: Path, inside top: Path) -> Path {
    Path(filePath.shown(from: directory.filePath, inside: top.filePath))
  }
}

extension Workspace {
  /// The path inside the root of a file that a person named in `directory`; empty for the root itself. Throws
  /// `invalidArgument` for one outside the root; the file itself need not exist.
  ///
  /// A relative path begins at `directory`; where nothing is there, or `directory` is not inside the root, at the root.
  ///
  ///     try workspace.pathInside(of: "../Sources/a.c", from: "/home/me/project/doc")   // Sources/a.c
  public func pathInside(of path: Path, from directory: Path) throws(CairnError) -> Path {
    if let inside = session.paths.path(of: path.filePath, from: directory.filePath) { return Path(inside) }
    throw CairnError(.invalidArgument, "it is not inside \(root)", path: path, remedy: CairnError.Remedy(.chooseRoot))
  }

  /// The file, relative to the root, and the line that `text` names in one of the ways in which compilers, tracebacks,
  /// editors and people write one: `main.c:12`, `main.c:12:5:`, `main.c(12,5)`, `main.c#L12`,
  /// `File "main.py", line 12`. A file that has a name of this kind is meant by it. An absolute path outside the root
  /// is given as it is where an indexed file has its last name, which `related` takes it for. Throws `invalidArgument`
  /// where `text` names no line, or any other file outside the root; the file need not exist.
  ///
  ///     try workspace.place(named: "a.c:12:5", from: "/home/me/project/src")   // (path: src/a.c, line: 12)
  public func place(named text: Path, from directory: Path) throws(CairnError) -> (path: Path, line: Int) {
    let place = try asCairnError { () throws(Failure) in
      try session.place(named: text.filePath, from: directory.filePath)
    }
    return (
      try place.isMeantElsewhere ? Path(place.path) : pathInside(of: Path(place.path), from: directory), place.line
    )
  }
}
