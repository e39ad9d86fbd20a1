package import Catalog
import Disk
package import Primitives

extension StoredIndex {
  /// Removes what a killed run or a merge left behind; every run ends with it. Gives how many bytes of files that was.
  /// Throws `.locked` when a writer is at work, `.notFound` where there is no index.
  @discardableResult
  package func vacuum() throws(Failure) -> Int {
    let directory = try site.open()
    guard (try? directory.held.status(of: IndexCatalog.fileName)) != nil else { throw Failure.noIndex(directory.path) }
    let lock = try directory.lockForWriting()
    defer { withExtendedLifetime(lock) {} }
    // A writer makes a catalog anew that is empty, by which no segment would belong to anything.
    _ = try directory.catalog(.reading)
    return try removeGarbage(directory, directory.catalog(.writing))
  }
}

/// Garbage is computed, never noted down: segments that belong to no build, their marks, and temporary files. Only
/// files with names that Cairn makes are removed, and what took the place of one if that is an empty directory; what
/// somebody else put there stays. The caller holds the writer's lock, so nothing appears meanwhile. A reader that has a
/// removed segment open keeps it until it is done.
///
/// - Returns: the bytes of what was removed.
@discardableResult
package func removeGarbage(_ directory: IndexDirectory, _ catalog: IndexCatalog) throws(Failure) -> Int {
  let kept = try namesInUse(catalog)
  let segments: OpenDirectory
  do throws(Failure) { segments = try directory.segments() } catch  where error.code == .notFound { return 0 }
  let byteCount = try remove(from: segments, directory.path.appending(IndexDirectory.segmentsName)) { name in
    IndexDirectory.isSegmentEntry(name) && !kept.contains(name)
  }
  return try byteCount
    + remove(from: directory.held, directory.path) { IndexDirectory.isTemporary($0) }
}

/// The names of the files in the directory of segments that a build needs: segments, and marks of those.
func namesInUse(_ catalog: IndexCatalog) throws(Failure) -> Set<FilePath> {
  Set(try catalog.keptSegments().flatMap { [SegmentRecord.fileName($0), IndexDirectory.damageMarkName($0)] })
}

/// Removes every segment of an index that has no catalog any more. The caller holds the writer's lock.
package func removeSegments(_ directory: IndexDirectory) throws(Failure) {
  let segments: OpenDirectory
  do throws(Failure) { segments = try directory.segments() } catch { return }
  _ = try remove(from: segments, directory.path.appending(IndexDirectory.segmentsName)) {
    IndexDirectory.isSegmentName($0) || IndexDirectory.isDamageMarkName($0)
  }
}

/// - Parameter path: of the directory, for errors.
private func remove(
  from directory: OpenDirectory, _ path: FilePath, where isGarbage: (FilePath) -> Bool
) throws(Failure) -> Int {
  do throws(Failure) { return try remove(from: directory, where: isGarbage) } catch {
    throw Failure(
      error.code, error.message, path: path.appending(error.path ?? ""), cause: error.cause, remedy: error.remedy)
  }
}

private func remove(from directory: OpenDirectory, where isGarbage: (FilePath) -> Bool) throws(Failure) -> Int {
  let owner = try directory.status().owner
  var byteCount = 0
  for entry in try directory.entries() where isGarbage(entry.name) {
    let status: FileStatus
    do throws(Failure) { status = try directory.status(of: entry.name) } catch {
      // What may be there still is told: it may hold words that were to leave the disk.
      if error.code == .notFound { continue }
      throw error
    }
    guard status.kind == .file, status.owner == owner else { continue }
    try directory.remove(entry.name)
    byteCount += status.byteCount
  }
  return byteCount
}
