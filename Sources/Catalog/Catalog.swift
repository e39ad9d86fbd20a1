import Disk
package import Primitives

/// The SQLite database that says what is live: files, segments, generations. The only list of that truth.
///
/// One connection, used under a lock: calls may come from any thread and run one after the other. Any number of processes
/// may read while one writes.
package final class Catalog: Sendable {
  package enum Mode: Sendable { case reading, writing }

  /// Opens the catalog of the index in `directory` (file `catalog.sqlite`); in `writing` mode it is made when missing.
  /// Throws `.notFound` when there is none to read, `.unsupportedVersion` when it is of a version this program does not know,
  /// `.damaged` when it is not a catalog.
  package init(directory: FilePath, mode: Mode) throws(Failure) {
    throw Failure(.notFound, "not written yet")
  }

  /// What the index was built with, or nothing in a new catalog.
  package func identity() throws(Failure) -> IndexIdentity? { nil }
  /// Forgets every file and segment (their files become garbage) and records what the index is built with from now on.
  package func reset(to identity: IndexIdentity) throws(Failure) {}

  /// What is live now, read in one transaction.
  package func snapshot() throws(Failure) -> CatalogSnapshot { throw Failure(.notFound, "not written yet") }
  /// Every file the index knows, in the order of its path's bytes.
  package func files() throws(Failure) -> [FileRecord] { [] }
  /// The next unused segment number; reserved at once, so that a killed run's files are never taken for live ones.
  package func reserveSegmentID() throws(Failure) -> SegmentID { 0 }
  /// Applies `change` in one transaction and gives the new generation.
  package func commit(_ change: CatalogChange) throws(Failure) -> Generation { 0 }
}
