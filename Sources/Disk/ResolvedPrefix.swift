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

/// Every symbolic link that is followed when the absolute `path` is opened: on the way, at its end, and in what these
/// lead to. Each is absolute, and no link leads to it. Ends where nothing is, and where the system would follow no
/// more. A few system calls for each component.
package func linksFollowed(by path: FilePath) -> [FilePath] {
  func components(_ path: FilePath) -> [FilePath] {
    path.bytes.split(separator: UInt8(ascii: "/")).reversed().map { FilePath(bytes: Array($0)) }
  }
  guard path.isAbsolute else { return [] }
  var links: [FilePath] = []
  var done: FilePath = "/"
  var rest = components(path)
  while let name = rest.popLast() {
    if name == "." { continue }
    if name == ".." {
      done = done.parent
      continue
    }
    let next = done.appending(name)
    guard let status = try? FileStatus(of: next, followsLinks: false) else { return links }
    guard status.kind == .symbolicLink else {
      done = next
      continue
    }
    links.append(next)
    guard links.count < followedLinkLimit, let target = try? readLink(next) else { return links }
    if target.isAbsolute { done = "/" }
    rest += components(target)
  }
  return links
}

/// Links that Linux follows in one path (path_resolution(7)).
private let followedLinkLimit = 40
