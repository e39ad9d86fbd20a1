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
