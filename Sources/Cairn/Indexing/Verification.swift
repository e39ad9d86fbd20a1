import IndexStorage
import Primitives
import Searching

/// The result of reading every byte of an index.
///
///     for problem in try await workspace.verify().problems { print(problem) }
public struct Verification: Hashable, Sendable {
  public var root: Path
  public var indexDirectory: Path
  /// The committed state that was verified.
  public var generation: Int64
  /// Files and chunks in the segments, those that wait for a merge included.
  public var fileCount: Int
  public var chunkCount: Int
  /// Segments that are sound, and the bytes of them and of the catalog.
  public var segmentCount: Int
  public var byteCount: Int
  /// What is wrong, one for each part that is damaged.
  public var problems: [CairnError]
  public var seconds: Double
  /// What the user should know besides, such as a catalog that was opened again.
  public var notes: [CairnError] = []

  public var isSound: Bool { problems.isEmpty }
}

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
    let began = ContinuousClock.now
    let (held, notes) = try await reading { () throws(Failure) in try session.verify() }
    return Verification(
      root: root, indexDirectory: indexDirectory, generation: held.generation, fileCount: held.fileCount,
      chunkCount: held.chunkCount, segmentCount: held.segmentCount, byteCount: held.byteCount,
      problems: held.problems.map { CairnError($0) }, seconds: began.duration(to: .now) / .seconds(1),
      notes: notes.map { CairnError($0) })
  }

  /// Removes what killed runs and merges left behind in the index, and in that of a slower model beside it; every run
  /// ends with it. Gives the bytes of the files that were removed. A reader that has one of them open keeps it until it
  /// is done.
  ///
  /// Throws `locked` when a writer is at work, `noIndex` where there is no index.
  ///
  ///     print(try await workspace.vacuum(), "bytes removed")
  @concurrent public func vacuum() async throws(CairnError) -> Int {
    try await reading { () throws(Failure) in
      try session.checkTree()
      return try session.vacuum()
    }
  }

  /// What `body` makes of the index, on a thread outside the shared pool. Throws `noIndex` where there is none.
  func reading<Value: Sendable>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(CairnError) -> Value {
    try await offPool { _ throws(Failure) in
      do throws(Failure) { return try body() } catch {
        guard error.code == .notFound else { throw error }
        throw Failure(.noIndex, "there is no index yet", path: session.root, remedy: .index)
      }
    }
  }
}
