package import Primitives

/// Where somebody stands who names a path: what makes `.`, `../lib/*.c` and absolute paths mean places in the corpus.
package struct PathOrigin: Hashable, Sendable {
  /// The absolute paths of the root, as it is and as it is called where links lead to it.
  package var roots: [FilePath]
  /// The directory that is asked from, relative to the root; empty for the root.
  package var directory: FilePath

  package init(roots: [FilePath] = [], directory: FilePath = "") {
    self.roots = roots
    self.directory = directory
  }

  /// What `pattern` (lower-cased) says of paths inside the root, and whether it is tied to it; nil if it leads out
  /// of it.
  func inside(_ pattern: [UInt8]) -> (bytes: [UInt8], isAnchored: Bool)? {
    let slash = UInt8(ascii: "/")
    if pattern.first == slash {
      for root in roots {
        let prefix = root.bytes.map(PathGlob.lowercased)
        guard pattern.starts(with: prefix), pattern.count == prefix.count || pattern[prefix.count] == slash else {
          continue
        }
        return (Self.trimmed(pattern[prefix.count...]), true)
      }
      return (Self.trimmed(pattern[...]), true)
    }
    // A directory's name stands for what lies in it.
    var steps = pattern.split(separator: slash, omittingEmptySubsequences: false)
    guard let first = steps.first, first.elementsEqual(".".utf8) || first.elementsEqual("..".utf8) else {
      return (Self.trimmed(pattern[...]), false)
    }
    var above = directory.bytes.split(separator: slash).map { $0.map(PathGlob.lowercased)[...] }
    while let step = steps.first, step.isEmpty || step.elementsEqual(".".utf8) || step.elementsEqual("..".utf8) {
      steps.removeFirst()
      if step.count == 2, above.popLast() == nil { return nil }
    }
    // What the directory is called is no pattern.
    let held = above.map { name in
      name.flatMap { "*?[]{}\\".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }[...]
    }
    return (Self.trimmed(Array((held + steps).joined(separator: [slash]))[...]), true)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var bytes = bytes
    while bytes.first == UInt8(ascii: "/") { bytes = bytes.dropFirst() }
    while bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
    return Array(bytes)
  }
}
