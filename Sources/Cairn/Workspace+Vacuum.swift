import Disk
import IndexStorage
import Primitives

extension Workspace {
  /// Removes what killed runs and merges left behind in the index; every run ends with it. Gives the bytes of the files that were
  /// removed. A reader that has one of them open keeps it until it is done.
  ///
  /// Throws `locked` when a writer is at work, `noIndex` where there is no index.
  ///
  ///     print(try await workspace.vacuum(), "bytes removed")
  @concurrent public func vacuum() async throws(CairnError) -> Int {
    try checkTree()
    let site = place.site
    let result = await onOwnThread {
      Result { () throws(Failure) in
        let before = Self.segmentByteCount(site)
        try IndexStorage.vacuum(directory: site.path)
        return max(0, before - Self.segmentByteCount(site))
      }
    }
    do throws(Failure) { return try result.get() } catch {
      guard error.code == .notFound else { throw CairnError(error) }
      throw CairnError(.noIndex, "there is no index yet", path: root, remedy: .index)
    }
  }

  /// 0 where there are none, or none that can be read.
  private static func segmentByteCount(_ site: IndexSite) -> Int {
    guard let segments = try? site.open().segments(), let entries = try? segments.entries() else { return 0 }
    return entries.reduce(0) { $0 + ((try? segments.status(of: $1.name).byteCount) ?? 0) }
  }
}
