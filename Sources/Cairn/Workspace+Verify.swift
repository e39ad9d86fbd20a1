import IndexStorage
import Indexing
import Primitives

extension Workspace {
  /// Reads every byte of the index, the catalog's and the segments', and of the index of a slower model beside it where there is one,
  /// and holds them against their checksums. Changes nothing but that it marks segments that are damaged: the next `index`, or
  /// search with an update, reads their files again.
  ///
  /// Takes as long as reading the index from the disk. Throws `noIndex` where there is none; damage is no error but a problem in
  /// what is given.
  ///
  ///     let verification = try await workspace.verify()
  ///     print(verification.isSound ? "sound" : "damaged")
  @concurrent public func verify() async throws(CairnError) -> Verification {
    try checkTree()
    return try await reopening { isLast, notes throws(CairnError) in try await verifyOnce(isLast: isLast, notes) }
  }

  private func verifyOnce(isLast: Bool, _ notes: [CairnError]) async throws(CairnError) -> Verification {
    let began = ContinuousClock.now
    let later: IndexSite? = try asCairnError { () throws(Failure) in try laterModel().map { laterSite($0) } }
    let site = place.site
    let result = await onBlockingThread { () -> Result<IndexVerification, Failure> in
      Result { () throws(Failure) in
        var held = try IndexVerification(of: site, reportsUnread: isLast)
        if let later, let other = try? IndexVerification(of: later) {
          held.segmentCount += other.segmentCount
          held.byteCount += other.byteCount
          held.problems += other.problems
        }
        return held
      }
    }
    let held: IndexVerification
    do throws(Failure) { held = try result.get() } catch {
      guard error.code == .notFound else { throw CairnError(error) }
      throw CairnError(.noIndex, "there is no index yet; run `cairn index`", path: root)
    }
    var verification = Verification(
      root: root, indexDirectory: indexDirectory, generation: held.generation, fileCount: held.fileCount,
      chunkCount: held.chunkCount, segmentCount: held.segmentCount, byteCount: held.byteCount,
      problems: held.problems.map { CairnError($0) }, seconds: began.duration(to: .now) / .seconds(1))
    verification.notes = notes
    return verification
  }
}
