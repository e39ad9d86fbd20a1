import Glibc
package import Primitives

/// A directory that lives as long as the value, in a given one or in `/tmp`.
package final class ScratchDirectory: Sendable {
  package let path: FilePath

  /// - Parameters:
  ///   - name: what its name begins with.
  ///   - parent: what `TMPDIR` says, as a rule.
  package init(named name: String, in parent: FilePath?) throws(Failure) {
    let parent = parent ?? "/tmp"
    var template = parent.appending(FilePath("\(name)-XXXXXX")).bytes + [0]
    let isMade = unsafe template.withUnsafeMutableBytes { buffer in
      unsafe mkdtemp(buffer.baseAddress!.assumingMemoryBound(to: CChar.self)) != nil
    }
    guard isMade else { throw Failure(errno: errno, path: parent, action: "make a directory in") }
    path = try resolvedPath(FilePath(bytes: template.dropLast()))
  }

  deinit { Self.remove(path) }

  /// Removes `path` and everything below it, as far as it can; no link is followed.
  package static func remove(_ path: FilePath) {
    if let status = try? FileStatus(of: path, followsLinks: false), status.kind == .directory {
      for entry in (try? listDirectory(path)) ?? [] { remove(path.appending(entry.name)) }
      try? removeDirectory(path)
    } else {
      try? removeFile(path)
    }
  }
}
