import Catalog
import Disk
package import Primitives
import Segments

// The index that a slower model fills follows the built-in model's: how far it is behind is the number of files in
// which the two differ.

extension StoredIndex {
  /// How this index and `leader` differ; nil where they do not. Costs a read of a small file where nothing was
  /// committed to `leader` since both were equal; else reads both lists of files.
  package func lag(behind leader: StoredIndex) throws(Failure) -> IndexLag? {
    let mark = try site.open().content(of: IndexDirectory.markName, limit: 64) ?? []
    if mark == Self.mark(try leader.snapshot().generation) { return nil }
    var contents: [FilePath: ContentHash] = [:]
    try forEachFile { (file) throws(Failure) in contents[file.path] = file.contentHash }
    var lag = IndexLag()
    try leader.forEachFile { (file) throws(Failure) in
      let isHeld = contents.removeValue(forKey: file.path) == file.contentHash
      if !isHeld { lag.differingCount += 1 }
      guard case .indexed = file.state else { return }
      lag.leaderFileCount += 1
      if isHeld { lag.heldFileCount += 1 }
    }
    lag.differingCount += contents.count
    return lag.differingCount > 0 ? lag : nil
  }

  /// Notes down that this index holds all that `generation` of its leader holds. Where that cannot be written, the next
  /// comparison reads both lists of files again.
  package func noteCaughtUp(with generation: Int64) {
    guard let directory = try? site.open() else { return }
    if (try? directory.write(Self.mark(generation), to: IndexDirectory.markName)) != nil { return }
    // A mark of before must not pass for one of now; nor does an empty directory keep its place.
    guard (try? directory.held.remove(IndexDirectory.markName)) != nil else { return }
    try? directory.write(Self.mark(generation), to: IndexDirectory.markName)
  }

  private static func mark(_ generation: Int64) -> [UInt8] { Array("\(generation)\n".utf8) }
}

/// In what an index differs from the one that it follows.
package struct IndexLag: Hashable, Sendable {
  /// Files that one has and the other has not, or not with that content, those that are left out for their content
  /// included.
  package var differingCount = 0
  /// The indexed files of the one that is followed, and how many of them the other has as they are.
  package var leaderFileCount = 0
  package var heldFileCount = 0
}
