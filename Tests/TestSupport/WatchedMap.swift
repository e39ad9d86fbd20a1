package import Disk
import Glibc
package import Primitives

/// A map of which no page can be read before it was allowed: who reads a byte that was not checked ends the process at
/// once.
// `@unchecked Sendable`: `start` is set once, by the map that the tests wait for.
@safe package final class WatchedMap: @unchecked Sendable {
  private var start: UnsafeMutableRawPointer?
  private var byteCount = 0

  package init() {}

  /// Maps the file at `path`; the map goes when the file does.
  package func open(_ path: FilePath) throws(Failure) -> MappedFile {
    try unsafe MappedFile(
      path, readsWholeUpTo: 0,
      map: { descriptor, count in
        let map = unsafe mmap(nil, count, PROT_NONE, MAP_PRIVATE, descriptor, 0)
        if unsafe map == MAP_FAILED { return nil }
        unsafe self.start = map
        self.byteCount = count
        return unsafe map
      })
  }

  /// From now on the pages that hold `range` can be read.
  package func allow(_ range: Range<Int>) {
    guard let start = unsafe start else { return }
    let page = Int(getpagesize())
    let first = range.lowerBound / page * page
    let end = min(byteCount, range.upperBound)
    if first < end { unsafe mprotect(start + first, end - first, PROT_READ) }
  }
}
