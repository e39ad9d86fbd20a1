import Primitives
import QueryLanguage

/// How well a path matches a path fragment: pure, on lower-cased text.
package enum PathMatch {
  /// 1 for the whole path, less for its last components, a run of components, a part of the file's name, a part of the
  /// path; 0 if the fragment is not in it.
  ///
  /// - Parameter directory: where the fragment was written, relative to the root: what it names from there is worth
  ///   1.25.
  package static func grade(of path: String, for fragment: String, from directory: String) -> Float {
    if !directory.isEmpty, !fragment.hasPrefix("/"), path.utf8.count > directory.utf8.count,
      resolved(fragment, in: directory) == path
    {
      return 1.25
    }
    return grade(of: path, for: fragment)
  }

  /// The best of the grades for the paths that `query` names. Beside a place they are those of files.
  static func grade(of path: String, for query: ParsedQuery) -> Float {
    query.pathFragments.reduce(0) { best, fragment in
      max(
        best,
        query.places.isEmpty
          ? grade(of: path, for: fragment, from: query.directory)
          : gradeOfFile(path, for: fragment, isAbsolute: fragment.hasPrefix("/"), from: query.directory))
    }
  }

  /// The same where the fragment is the path of a file, which a path matches by whole components or not at all: `x.py`
  /// is no end of `shlex.py`, and no part of `x.py.in`.
  ///
  /// - Parameter isAbsolute: whether the fragment began at the root of a machine, which may be another, so that of a
  ///   path in it the last name alone is worth something.
  package static func gradeOfFile(
    _ path: String, for fragment: String, isAbsolute: Bool = false, from directory: String = ""
  ) -> Float {
    guard let name = path.split(separator: "/").last, let last = fragment.split(separator: "/").last, name == last
    else { return 0 }
    let grade = grade(of: path, for: fragment, from: directory)
    return grade > leastOfSeveralComponents || isAbsolute && grade > 0 ? grade : 0
  }
  /// What agrees in its last two components is above it.
  private static let leastOfSeveralComponents: Float = 0.5

  /// The path that `fragment` is from `directory`; nil if that is outside of the root.
  private static func resolved(_ fragment: String, in directory: String) -> String? {
    var steps = directory.split(separator: "/")
    for step in fragment.split(separator: "/") where step != "." {
      if step == ".." {
        if steps.popLast() == nil { return nil }
      } else {
        steps.append(step)
      }
    }
    return steps.joined(separator: "/")
  }

  package static func grade(of path: String, for fragment: String) -> Float {
    var wanted = Substring(fragment)
    while wanted.hasPrefix("./") { wanted = wanted.dropFirst(2) }
    while wanted.hasPrefix("../") { wanted = wanted.dropFirst(3) }
    if wanted.hasPrefix("/") { wanted = wanted.dropFirst() }
    let isDirectory = wanted.hasSuffix("/")
    if isDirectory { wanted = wanted.dropLast() }
    guard !wanted.isEmpty else { return 0 }
    if path == wanted { return 1 }
    let componentCount = path.utf8.count { $0 == UInt8(ascii: "/") } + 1
    if path.hasSuffix("/" + wanted) {
      // Of namesakes the one that lies least deep.
      let depth = componentCount - wanted.utf8.count { $0 == UInt8(ascii: "/") } - 1
      return 0.9 - 0.005 * Float(min(8, depth))
    }
    // A path of another machine or of the directory above: the longest known end of it counts most.
    if wanted.hasSuffix("/" + path) { return 0.9 - 0.1 / Float(componentCount) }
    // A path of another tree, in which the same file lies elsewhere.
    let ends = zip(path.split(separator: "/").reversed(), wanted.split(separator: "/").reversed()).prefix { $0 == $1 }
    if ends.count > 1 { return min(0.85, 0.5 + 0.1 * Float(ends.count)) }
    if ends.count == 1, wanted.contains("/"), wanted.contains(".") { return 0.3 }
    if path.hasPrefix(wanted + "/") || path.contains("/" + wanted + "/") { return 0.5 }
    if isDirectory { return 0 }
    if let name = path.split(separator: "/").last {
      // The name without its extension.
      if name.prefix(while: { $0 != "." }) == wanted.split(separator: "/").last ?? "", path.contains(wanted) {
        return 0.7
      }
      if name.contains(wanted) { return 0.4 }
    }
    return path.contains(wanted) ? 0.25 : 0
  }
}
