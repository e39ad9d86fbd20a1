package import Inspection
import Primitives

/// A dotted name that may be that of a module, whose file it names without its extension: `email.utils`,
/// `concurrent.futures.thread`, `crate::net::socket`.
package struct ModuleName: Hashable, Sendable {
  /// The path without an extension, lower-cased.
  package let path: String
  /// Whether dots join its parts, and not `::`.
  private let isDotted: Bool

  private static let longestName = 256

  /// Nil if `token` is no name of several parts, or one that is called.
  package init?(_ token: String) {
    guard token.utf8.count <= Self.longestName, token.utf8.last != UInt8(ascii: ")"),
      token.utf8.contains(UInt8(ascii: ".")) || token.contains("::"),
      let names = IdentifierShape.components(of: token), names.count > 1,
      names.allSatisfy({ name in name.utf8.allSatisfy { WordBytes.isOfWord($0) } }),
      !token.contains("->"), !token.contains("#")
    else { return nil }
    path = names.joined(separator: "/").lowercased()
    isDotted = !token.contains("::")
  }

  /// Whether files of `language` are modules that are named so. In others a name with dots is a key or a member of a
  /// value, whatever file is called so.
  package func isOfModules(in language: Language) -> Bool {
    (isDotted ? Self.dottedLanguages : Self.colonLanguages).contains(language.name)
  }
  private static let dottedLanguages: Set = [
    "clojure", "csharp", "d", "elm", "fsharp", "groovy", "haskell", "java", "julia", "kotlin", "lua", "nim", "ocaml",
    "python", "scala",
  ]
  private static let colonLanguages: Set = ["perl", "rust"]

  /// How surely the file at `path`, lower-cased, is this module, 0...1: it is called so from the root, or its path ends
  /// so. A file that stands for its directory has the directory's name: `email/__init__.py`.
  package func grade(of path: String) -> Float {
    let bytes = Array(path.utf8)
    let slash = UInt8(ascii: "/")
    let nameStart = (bytes.lastIndex(of: slash) ?? -1) + 1
    var end = nameStart
    while end < bytes.count, bytes[end] != UInt8(ascii: ".") || end == nameStart { end += 1 }
    let stem = String(decoding: bytes[nameStart..<end], as: UTF8.self)
    let isOfDirectory = Self.directoryFiles.contains(stem) && nameStart > 0
    return max(grade(bytes[..<end]), isOfDirectory ? 0.99 * grade(bytes[..<(nameStart - 1)]) : 0)
  }

  private func grade(_ own: ArraySlice<UInt8>) -> Float {
    let wanted = Array(path.utf8)
    guard own.count >= wanted.count, own.suffix(wanted.count).elementsEqual(wanted) else { return 0 }
    if own.count == wanted.count { return 1 }
    let rest = own.dropLast(wanted.count)
    // Of namesakes the one that lies least deep.
    let depth = rest.count { $0 == UInt8(ascii: "/") }
    return rest.last == UInt8(ascii: "/") ? 0.95 - 0.01 * Float(min(8, depth)) : 0
  }

  /// Files that are what their directory is called.
  private static let directoryFiles: Set = ["__init__", "index", "mod", "init", "lib", "package"]
}
