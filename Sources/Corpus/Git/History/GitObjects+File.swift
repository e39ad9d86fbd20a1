package import Primitives

extension GitObjects {
  /// The content of the file that `commit` has at `path`, relative to the root of the corpus. As `readBlob`, and
  /// `.notFound` for a path with a line break in it, for which git cannot be asked.
  package func readFile(
    _ path: FilePath, of commit: GitObjectID, limit: Int, cancellation: Cancellation
  ) throws(Failure) -> [UInt8] {
    try readBlob(at: command.prefix.appending(path), of: commit, limit: limit, cancellation: cancellation)
  }
}
