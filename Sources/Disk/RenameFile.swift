import Glibc
package import Primitives

/// Gives what is at `path`, a file or a directory, the name `target`, in one step. A file that has the name already is replaced,
/// a directory only when it is empty. Both must lie on one file system. Durable after `syncDirectory`.
package func renameFile(_ path: FilePath, to target: FilePath) throws(Failure) {
  let result = unsafe path.withCPath { from in unsafe target.withCPath { to in unsafe rename(from, to) } }
  guard result == 0 else { throw Failure(errno: errno, path: target, action: "name") }
}
