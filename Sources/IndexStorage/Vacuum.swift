package import Catalog
import Disk
package import Primitives

/// Removes what a killed run or a merge left behind in the index in `directory`. Every run ends with it. Throws `.locked` when
/// a writer is at work, `.notFound` where there is no index.
package func vacuum(directory: FilePath) throws(Failure) {
  let directory = try IndexSite(directory).open()
  guard (try? directory.held.status(of: IndexCatalog.fileName)) != nil else { throw Failure.noIndex(directory.path) }
  let lock = try directory.lockForWriting()
  defer { withExtendedLifetime(lock) {} }
  try removeGarbage(directory, directory.catalog(.writing))
}

/// Garbage is computed, never noted down: segments that belong to no build, their marks, and temporary files. Only files with
/// names that Cairn makes are removed, and what took the place of one if that is an empty directory; what somebody else put there
/// stays. The caller holds the writer's lock, so nothing appears meanwhile. A reader that has a removed segment open keeps it
/// until it is done.
package func removeGarbage(_ directory: IndexDirectory, _ catalog: IndexCatalog) throws(Failure) {
  let kept = try catalog.keptSegments()
  let names = Set(kept.flatMap { [SegmentRecord.fileName($0), IndexDirectory.damageMarkName($0)] })
  let segments: OpenDirectory
  do throws(Failure) { segments = try directory.segments() } catch  where error.code == .notFound { return }
  func isOwn(_ name: FilePath) -> Bool { IndexDirectory.isSegmentName(name) || IndexDirectory.isDamageMarkName(name) }
  try remove(from: segments, directory.path.appending(IndexDirectory.segmentsName)) { name in
    !names.contains(name) && (isOwn(name) || AtomicFile.temporaryTarget(name).map(isOwn) == true)
  }
  try remove(from: directory.held, directory.path) { name in
    AtomicFile.temporaryTarget(name).map { IndexDirectory.writtenNames.contains($0) } == true
  }
}

/// Removes every segment of an index that has no catalog any more. The caller holds the writer's lock.
package func removeSegments(_ directory: IndexDirectory) throws(Failure) {
  let segments: OpenDirectory
  do throws(Failure) { segments = try directory.segments() } catch { return }
  try remove(from: segments, directory.path.appending(IndexDirectory.segmentsName)) {
    IndexDirectory.isSegmentName($0) || IndexDirectory.isDamageMarkName($0)
  }
}

/// - Parameter path: of the directory, for errors.
private func remove(
  from directory: OpenDirectory, _ path: FilePath, where isGarbage: (FilePath) -> Bool
) throws(Failure) {
  do throws(Failure) { try remove(from: directory, where: isGarbage) } catch {
    throw Failure(
      error.code, error.message, path: path.appending(error.path ?? ""), cause: error.cause, remedy: error.remedy)
  }
}

private func remove(from directory: OpenDirectory, where isGarbage: (FilePath) -> Bool) throws(Failure) {
  let owner = try directory.status().owner
  for entry in try directory.entries() where isGarbage(entry.name) {
    let status: FileStatus
    do throws(Failure) { status = try directory.status(of: entry.name) } catch {
      // What may be there still is told: it may hold words that were to leave the disk.
      if error.code == .notFound { continue }
      throw error
    }
    if status.kind == .file, status.owner == owner { try directory.remove(entry.name) }
  }
}
