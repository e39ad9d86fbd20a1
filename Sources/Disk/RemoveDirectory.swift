import Glibc
package import Primitives

/// Removes an empty directory. Nothing there is no error.
package func removeDirectory(_ path: FilePath) throws(Failure) {
  let result = unsafe path.withCPath { name in unsafe rmdir(name) }
  guard result == 0 || errno == ENOENT else { throw Failure(errno: errno, path: path, action: "remove") }
}
