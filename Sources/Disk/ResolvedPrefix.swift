package import Primitives

/// `path` with the links of the part that exists followed; the rest is appended as it is.
package func resolvedPrefix(of path: FilePath) throws(Failure) -> FilePath {
  var existing = path
  var rest: [FilePath] = []
  while !fileExists(existing), !existing.parent.isEmpty, existing.parent != existing {
    rest.append(existing.lastComponent)
    existing = existing.parent
  }
  return rest.reversed().reduce(try resolvedPath(existing)) { $0.appending($1) }
}
