import Catalog
import Disk
package import Primitives

/// Removes what a killed run or a merge left behind in the index in `directory`. Every run ends with it. Throws `.locked` when
/// a writer is at work, `.notFound` where there is no index.
package func vacuum(directory: FilePath) throws(Failure) {
  let directory = IndexDirectory(directory)
  guard fileExists(directory.path.appending(IndexCatalog.fileName)) else {
    throw Failure(.notFound, "there is no index here yet: make one with `cairn index`", path: directory.path)
  }
  let lock = try directory.lockForWriting()
  defer { withExtendedLifetime(lock) {} }
  try removeGarbage(directory, IndexCatalog(directory: directory.path, mode: .writing))
}

/// Garbage is computed, never noted down: the files in `segments` that belong to no build, and temporary files. The caller holds
/// the writer's lock, so nothing appears meanwhile. A reader that has a removed segment open keeps it until it is done.
func removeGarbage(_ directory: IndexDirectory, _ catalog: IndexCatalog) throws(Failure) {
  let kept = try catalog.keptSegments()
  let names = Set(kept.flatMap { [SegmentRecord.fileName($0), IndexDirectory.damageMarkName($0)] })
  for entry in try listDirectory(directory.segments) where !names.contains(entry.name) {
    if entry.kind == .directory {
      // What took the place of a segment; one that is not empty stays.
      try? removeDirectory(directory.segments.appending(entry.name))
    } else {
      try removeFile(directory.segments.appending(entry.name))
    }
  }
  for entry in try listDirectory(directory.path) where entry.isTemporary {
    try removeFile(directory.path.appending(entry.name))
  }
}

extension DirectoryEntry {
  fileprivate var isTemporary: Bool {
    kind != .directory && name.bytes.reversed().starts(with: AtomicFile.temporarySuffix.utf8.reversed())
  }
}
