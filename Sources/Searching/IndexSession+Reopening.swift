import Catalog
import Disk
import IndexStorage
package import Primitives

// A catalog that was cut or could not be read while it was open says nothing of what is in it: it is closed, and what
// was asked for is done again with another connection. Nothing is built anew for it.

extension IndexSession {
  /// The first attempt and those after a catalog that could not be read.
  private static var attemptCount: Int { 3 }

  /// Runs `body`, again where the catalog was at fault; the second attempt also has what to say of it. `body` is told
  /// whether there is no other attempt after this one.
  package func reopening<Result>(
    _ body: (_ isLast: Bool, _ notes: [Failure]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var notes: [Failure] = []
    for _ in 1..<Self.attemptCount {
      do throws(Failure) { return try body(false, notes) } catch { notes = [try note(of: error)] }
    }
    return try body(true, notes)
  }

  /// Closes what this session holds open of the index where `error` is of a catalog that another connection may find
  /// whole; throws it where it is not.
  private func note(of error: Failure) throws(Failure) -> Failure {
    guard error.isOfUnreadCatalog || error.isOfDamagedCatalog else { throw error }
    // Who only reads mends nothing: the next run is to meet it too.
    if error.isOfDamagedCatalog, let path = error.path { index.markDamaged(path) }
    index.forget()
    return Failure(
      error.code,
      error.isOfCut
        ? "the index's catalog was cut, or could not be read, while it was open: it was opened again"
        : "the index's catalog could not be read at first: it was opened again",
      path: error.path, cause: error.cause)
  }
}

extension Failure {
  /// Whether a catalog is said to be damaged: SQLite says so too where it could not read one, so that it is worth a
  /// second attempt.
  fileprivate var isOfDamagedCatalog: Bool {
    isOfCatalog && code == .damaged
  }

  private var isOfCatalog: Bool {
    path.map { IndexCatalog.fileNames.contains($0.lastComponent) } ?? false
  }

  /// Whether a database was cut while it was open.
  var isOfCut: Bool { code == .cut }

  /// Whether a catalog could not be read, which says nothing of what is in it.
  var isOfUnreadCatalog: Bool {
    isOfCatalog && (isOfCut || code == .inputOutput || code == .diskFull)
  }
}
