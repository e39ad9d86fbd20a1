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

/// Garbage is computed, never noted down: the files in `segments` that are not live, and temporary files. The caller holds
/// the writer's lock, so nothing appears meanwhile. A reader that has a removed segment open keeps it until it is done.
func removeGarbage(_ directory: IndexDirectory, _ catalog: IndexCatalog) throws(Failure) {
  let live = Set(try catalog.snapshot().segments.map(\.fileName))
  for entry in try listDirectory(directory.segments) where entry.kind != .directory && !live.contains(entry.name) {
    try removeFile(directory.segments.appending(entry.name))
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
