import Disk
package import Primitives

/// Adds the patterns that are not there to `.cairnignore` at `root`, which is made where there is none. Returns its
/// path. Throws `invalidArgument`, with nothing written, where the file is a link. Processes that do so at the same
/// time wait for each other.
package func addIgnorePatterns(_ patterns: [String], at root: FilePath) throws(Failure) -> FilePath {
  let file = root.appending(".cairnignore")
  if let status = try? FileStatus(of: file, followsLinks: false), status.kind == .symbolicLink {
    throw Failure(
      .invalidArgument, "it is a symbolic link, which is not written through; edit it by hand", path: file)
  }
  let lock = try DirectoryLock(root)
  defer { withExtendedLifetime(lock) {} }
  var bytes = fileExists(file) ? try readFile(file, limit: 1 << 20).bytes : []
  let held = Set(bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) })
  let new = patterns.map { Array($0.utf8) }.filter { !held.contains($0) && !$0.contains(UInt8(ascii: "\n")) }
  if new.isEmpty { return file }
  if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
  for pattern in new { bytes += pattern + [UInt8(ascii: "\n")] }
  var writer = try AtomicFile(replacing: file)
  try writer.write(bytes)
  try writer.commit()
  return file
}
