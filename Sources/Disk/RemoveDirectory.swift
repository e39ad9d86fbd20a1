import Glibc
package import Primitives

/// Removes an empty directory. Nothing there is no error.
package func removeDirectory(_ path: FilePath) throws(Failure) {
  let result = unsafe path.withCPath { name in unsafe rmdir(name) }
  guard result == 0 || errno == ENOENT else { throw Failure(errno: errno, path: path, action: "remove") }
}

/// Removes what is at `path`, whatever it is: a link itself and not its target, a directory only when it is empty. Nothing there is
/// no error.
package func removeEntry(_ path: FilePath) throws(Failure) {
  do throws(Failure) {
    let status = try FileStatus(of: path, followsLinks: false)
    if status.kind == .directory { try removeDirectory(path) } else { try removeFile(path) }
  } catch  where error.code == .notFound {}
}
