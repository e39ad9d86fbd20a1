package import Primitives
package import QueryLanguage
package import Segments

/// A part of a path in a query, as bytes: a prefilter that rejects nearly every path before `PathMatch` reads it.
struct PathFragment {
  /// What a path must hold, in small letters, or be held by.
  private let wanted: [UInt8]
  private let isPlain: Bool
  /// Its last component.
  private let name: [UInt8]

  /// - Parameter fragment: lower-cased, as it was written.
  init(_ fragment: String) {
    var bytes = Array(fragment.utf8)[...]
    while bytes.starts(with: "./".utf8) { bytes = bytes.dropFirst(2) }
    while bytes.starts(with: "../".utf8) { bytes = bytes.dropFirst(3) }
    if bytes.first == UInt8(ascii: "/") { bytes = bytes.dropFirst() }
    if bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
    wanted = Array(bytes)
    isPlain = wanted.allSatisfy { $0 < 0x80 }
    name = Array(wanted.split(separator: UInt8(ascii: "/")).last ?? [])
  }

  /// False if `PathMatch.grade` or `ModuleName.grade` gives 0; some paths that are let through have that grade too.
  func mayMatch(_ path: Span<UInt8>) -> Bool {
    if !isPlain { return true }
    if path.count < wanted.count, isHeld(path) { return true }
    if path.containsIgnoringCase(wanted.span) || !name.isEmpty && path.hasSuffixIgnoringCase(name) { return true }
    // Letters beyond ASCII have small forms of other lengths.
    for i in path.indices where path[i] >= 0x80 { return true }
    return false
  }

  /// Whether the fragment ends in the path: it is of another machine, or of the directory above.
  private func isHeld(_ path: Span<UInt8>) -> Bool {
    let start = wanted.count - path.count
    for i in path.indices where path[i].asciiLowercased != wanted[start + i] { return false }
    return true
  }
}

extension IndexSnapshot {
  /// Whether a live file is called `name`, or lies in a directory that is.
  package func holdsName(_ name: String, context: SearchContext) -> Bool {
    let wanted = Array(name.utf8)
    return holdsPath(context: context) { path in
      var start = 0
      for end in 0...path.count where end == path.count || path[end] == UInt8(ascii: "/") {
        if end - start == wanted.count, wanted.indices.allSatisfy({ path[start + $0] == wanted[$0] }) { return true }
        start = end + 1
      }
      return false
    }
  }

  /// Whether a file is indexed that `place` names, asked from where `query` is. Costs a pass over all paths, some
  /// nanoseconds each.
  package func holdsFile(of place: PlaceReference, from query: SearchQuery, context: SearchContext) -> Bool {
    let fragment = PathFragment(place.path)
    let directory = String(decoding: query.origin.directory.bytes, as: UTF8.self).lowercased()
    return holdsPath(context: context) { path in
      guard fragment.mayMatch(path) else { return false }
      let text = String(decoding: path.indices.map { path[$0] }, as: UTF8.self).lowercased()
      return PathMatch.gradeOfFile(text, for: place.path, isAbsolute: place.isAbsolute, from: directory) > 0
    }
  }
}
