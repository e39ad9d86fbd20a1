import IndexStorage
import Primitives
import Searching

extension Workspace {
  /// Reads every byte of the index, the catalog's and the segments', and of the index of a slower model beside it where
  /// there is one, and compares them with their checksums. Changes nothing but that it marks segments that are damaged:
  /// the next `index`, or search with an update, reads their files again.
  ///
  /// Takes as long as reading the index from the disk. Throws `noIndex` where there is none; damage is no error but a
  /// problem in what is given.
  ///
  ///     let verification = try await workspace.verify()
  ///     print(verification.isSound ? "sound" : "damaged")
  @concurrent public func verify() async throws(CairnError) -> Verification {
    try await offPool { _ throws(CairnError) in
      try asCairnError { () throws(Failure) in
        try session.checkTree()
        return try session.reopening { isLast, notes throws(Failure) in try verify(isLast: isLast, notes) }
      }
    }
  }

  private func verify(isLast: Bool, _ notes: [Failure]) throws(Failure) -> Verification {
    let began = ContinuousClock.now
    var held: IndexVerification
    do throws(Failure) {
      let secondary = try session.secondary.get()
      held = try index.verify(reportsUnread: isLast)
      if let secondary { try add(secondary.index, to: &held) }
    } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(.noIndex, "there is no index yet", path: session.root, remedy: .index)
    }
    var verification = Verification(
      root: root, indexDirectory: indexDirectory, generation: held.generation, fileCount: held.fileCount,
      chunkCount: held.chunkCount, segmentCount: held.segmentCount, byteCount: held.byteCount,
      problems: held.problems.map { CairnError($0) }, seconds: began.duration(to: .now) / .seconds(1))
    verification.notes = notes.map { CairnError($0) }
    return verification
  }

  /// The index of a slower model, which need not be there yet; what keeps it from being opened keeps a run from filling
  /// it.
  private func add(_ secondary: StoredIndex, to held: inout IndexVerification) throws(Failure) {
    do throws(Failure) {
      let other = try secondary.verify()
      held.segmentCount += other.segmentCount
      held.byteCount += other.byteCount
      held.problems += other.problems
    } catch {
      if error.code != .notFound { held.problems.append(error) }
    }
  }

  /// Removes what killed runs and merges left behind in the index, and in that of a slower model beside it; every run
  /// ends with it. Gives the bytes of the files that were removed. A reader that has one of them open keeps it until it
  /// is done.
  ///
  /// Throws `locked` when a writer is at work, `noIndex` where there is no index.
  ///
  ///     print(try await workspace.vacuum(), "bytes removed")
  @concurrent public func vacuum() async throws(CairnError) -> Int {
    try await offPool { _ throws(CairnError) in
      try asCairnError { () throws(Failure) in try session.checkTree() }
      do throws(Failure) {
        let secondary = try session.secondary.get()
        var byteCount = try index.vacuum()
        do throws(Failure) { byteCount += try secondary?.index.vacuum() ?? 0 } catch {
          guard error.code == .notFound else { throw error }
        }
        return byteCount
      } catch {
        guard error.code == .notFound else { throw CairnError(error) }
        throw CairnError(.noIndex, "there is no index yet", path: root, remedy: .index)
      }
    }
  }
}
