import Catalog
import Disk
package import Primitives
import Segments

// The index that a slower model fills follows the built-in model's: how far it is behind is the number of files in
// which the two differ.

extension StoredIndex {
  /// Files that this index does not have as `leader` has them. Costs a read of a small file where nothing was committed
  /// to `leader` since both were equal; else reads both lists of files.
  package func lag(behind leader: StoredIndex) throws(Failure) -> Int {
    let mark = try site.open().content(of: IndexDirectory.markName, limit: 64) ?? []
    if mark == Self.mark(try leader.snapshot().generation) { return 0 }
    var contents: [FilePath: ContentHash] = [:]
    try forEachFile { (file) throws(Failure) in contents[file.path] = file.contentHash }
    var differing = 0
    try leader.forEachFile { (file) throws(Failure) in
      if contents.removeValue(forKey: file.path) != file.contentHash { differing += 1 }
    }
    return differing + contents.count
  }

  /// Notes down that this index holds all that `generation` of its leader holds.
  package func noteCaughtUp(with generation: Int64) throws(Failure) {
    try site.open().write(Self.mark(generation), to: IndexDirectory.markName)
  }

  private static func mark(_ generation: Int64) -> [UInt8] { Array("\(generation)\n".utf8) }
}
