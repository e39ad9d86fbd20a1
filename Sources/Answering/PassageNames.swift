package import Primitives

/// What files are called in a prompt, which is printed and whose names come back: with nothing unseen in them, and each
/// its own. Two that differ in what is not seen would pass for one.
package struct PassageNames: Sendable {
  private var names: [FilePath: String] = [:]
  private var paths: [String: FilePath] = [:]

  /// - Parameter paths: the first of those that look alike keeps its name, the others get a number.
  package init(_ paths: some Sequence<FilePath>) {
    for path in paths where names[path] == nil {
      let visible = visibleName(path.description)
      var name = visible
      var number = 2
      while self.paths[name] != nil {
        name = "\(visible) (\(number))"
        number += 1
      }
      names[path] = name
      self.paths[name] = path
    }
  }

  /// The name of a path that it was made with; nil for any other.
  package func name(of path: FilePath) -> String? { names[path] }

  /// The path of the file that is called `name`; nil if none is.
  package func path(named name: String) -> FilePath? { paths[name] }
}
