import Cairn
import Disk
import Glibc
import Primitives

/// A directory that lives as long as the value, in `TMPDIR` or `/tmp`.
final class ScratchDirectory: Sendable {
  let path: FilePath

  init(environment: Environment) throws(Failure) {
    let parent = environment.absolutePath("TMPDIR") ?? "/tmp"
    var template = parent.appending("cairn-bench-XXXXXX").bytes + [0]
    let isMade = unsafe template.withUnsafeMutableBytes { buffer in
      unsafe mkdtemp(buffer.baseAddress!.assumingMemoryBound(to: CChar.self)) != nil
    }
    guard isMade else { throw Failure(errno: errno, path: parent, action: "make a directory in") }
    path = try resolvedPath(FilePath(bytes: template.dropLast()))
  }

  /// Removes everything in `directory`, a path below this one.
  func empty(_ directory: FilePath) { Self.remove(directory) }

  deinit { Self.remove(path) }

  private static func remove(_ path: FilePath) {
    if let status = try? FileStatus(of: path, followsLinks: false), status.kind == .directory {
      for entry in (try? listDirectory(path)) ?? [] { remove(path.appending(entry.name)) }
      _ = unsafe (path.bytes + [0]).withUnsafeBytes { name in
        unsafe rmdir(name.baseAddress!.assumingMemoryBound(to: CChar.self))
      }
    } else {
      try? removeFile(path)
    }
  }
}
