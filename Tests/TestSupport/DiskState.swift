import Disk
package import Primitives

/// Sizes, times and numbers of `directory` and everything below it, but for the shared index of SQLite's log, which
/// every first process rebuilds. Without the times at which entries themselves changed: run by root, SQLite gives the
/// log the owner that it has already. `TreeRecord` sees more, and is for what nobody may touch at all.
package func diskState(_ directory: FilePath) throws(Failure) -> [FilePath: [Int64]] {
  var state: [FilePath: [Int64]] = [:]
  let own = try FileStatus(of: directory)
  state[directory] = [own.modified, Int64(own.inode)]
  for entry in try listDirectory(directory) where entry.name != "catalog.sqlite-shm" {
    let path = directory.appending(entry.name)
    let status = try FileStatus(of: path)
    if status.kind == .directory {
      state.merge(try diskState(path)) { $1 }
    } else {
      state[path] = [Int64(status.byteCount), status.modified, Int64(status.inode)]
    }
  }
  return state
}
