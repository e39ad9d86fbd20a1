package import Primitives
import SQLite

extension IndexCatalog {
  /// Reads the whole database and checks its structure, its references, and that files and segments agree: every file
  /// of a segment is either tombstoned or known under exactly one path. Throws `.damaged`.
  package func verify() throws(Failure) {
    _ = try snapshot()
    try read { (connection) throws(Failure) in
      let integrity = try connection.statement("PRAGMA integrity_check(1)")
      defer { integrity.reset() }
      if try integrity.step(), integrity.text(0) != "ok" {
        throw Failure.damagedCatalog(path, cause: integrity.text(0))
      }
      let references = try connection.statement("PRAGMA foreign_key_check")
      defer { references.reset() }
      if try references.step() { throw Failure.damagedCatalog(path, cause: "a file names a segment that is not live") }

      var builds: [BuildRecord] = []
      for which in [IndexBuild.live, .staged] {
        guard let build = try Self.build(which, connection) else { continue }
        builds.append(build)
        try verify(build, connection)
      }
      let expected = [
        ("builds", builds.count), ("files", builds.reduce(0) { $0 + $1.files.count }),
        ("segments", builds.reduce(0) { $0 + $1.segments.count }),
      ]
      for (table, count) in expected where try connection.number("SELECT count(*) FROM \(table)") != Int64(count) {
        throw Failure.damagedCatalog(path, cause: "its table \(table) has rows that belong to no build")
      }
    }
  }

  private func verify(_ build: BuildRecord, _ connection: SQLiteConnection) throws(Failure) {
    // What is left unaccounted for in each segment; each file strikes itself out.
    var missing: [SegmentID: BitSet] = [:]
    for segment in build.segments {
      var files = BitSet(capacity: segment.fileCount, filled: true)
      for number in segment.tombstones.members { files.remove(number) }
      missing[segment.id] = files
    }
    try Self.forEachFile(of: build, connection) { (file) throws(Failure) in
      guard case .indexed(let segment, let number) = file.state else { return }
      guard missing[segment]?.contains(number) == true else {
        throw Failure.damagedCatalog(
          path, cause: "\(file.path) is file \(number) of segment \(segment), which is retired, taken or not there")
      }
      missing[segment]?.remove(number)
    }
    for (segment, files) in missing {
      if let number = files.members.first {
        throw Failure.damagedCatalog(path, cause: "no path is known for file \(number) of segment \(segment)")
      }
    }
  }
}
