package import Primitives
import SQLite

/// A file that is indexed without its syntax, or without that of a part of it: cut by its lines, its symbols not known.
package struct SyntaxGap: Hashable, Sendable {
  /// Why; an open set.
  package struct Reason: Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// It takes more memory than the run could give it.
    package static let memoryLimit = Reason(rawValue: "memory-limit")
    /// The system had no memory left.
    package static let noMemory = Reason(rawValue: "no-memory")
    /// The file has its syntax now, or is gone: only what is tombstoned of the same path may be without, so that no run
    /// takes that for the whole. In no list of gaps.
    static let closed = Reason(rawValue: "closed")
    /// Whether another run may have what was missing. All else is the same in every run.
    package var isOfMemory: Bool { self == .memoryLimit || self == .noMemory }
  }

  package var path: FilePath
  package var reason: Reason
  /// The memory that the syntax was given, in bytes; 0 if it was not that.
  package var byteLimit: Int
  /// The size of the file; 0 in one that is not read from a catalog.
  package var fileByteCount = 0

  package init(path: FilePath, reason: Reason, byteLimit: Int) {
    self.path = path
    self.reason = reason
    self.byteLimit = byteLimit
  }
}

extension IndexCatalog {
  /// The files of the build that are indexed without their syntax, in the order of their paths' bytes.
  package func syntaxGaps(of which: IndexBuild = .live) throws(Failure) -> [SyntaxGap] {
    try read { (connection) throws(Failure) in
      guard try connection.number("SELECT 1 FROM without_syntax LIMIT 1") != nil,
        let build = try Self.build(which, connection)
      else { return [] }
      let rows = try connection.statement(
        """
        SELECT path, reason, byte_limit, byte_count FROM without_syntax JOIN files USING (build, path)
        WHERE build = ? AND segment IS NOT NULL AND reason <> '\(SyntaxGap.Reason.closed.rawValue)' ORDER BY path
        """)
      defer { rows.reset() }
      rows.bind(1, build.number)
      var gaps: [SyntaxGap] = []
      while try rows.step() {
        var gap = SyntaxGap(
          path: FilePath(bytes: rows.bytes(0)), reason: SyntaxGap.Reason(rawValue: rows.text(1)),
          byteLimit: try Self.count(rows, 2, connection))
        gap.fileByteCount = try Self.count(rows, 3, connection)
        gaps.append(gap)
      }
      return gaps
    }
  }

  /// All that was noted down of paths of which the segments of the build may hold something without its syntax, live
  /// or tombstoned: `syntaxGaps` and those that are closed since, in no particular order.
  package func recordedGaps(of which: IndexBuild = .live) throws(Failure) -> [SyntaxGap] {
    try read { (connection) throws(Failure) in
      guard try connection.number("SELECT 1 FROM without_syntax LIMIT 1") != nil,
        let build = try Self.build(which, connection)
      else { return [] }
      let rows = try connection.statement("SELECT path, reason, byte_limit FROM without_syntax WHERE build = ?")
      defer { rows.reset() }
      rows.bind(1, build.number)
      var gaps: [SyntaxGap] = []
      while try rows.step() {
        gaps.append(
          SyntaxGap(
            path: FilePath(bytes: rows.bytes(0)), reason: SyntaxGap.Reason(rawValue: rows.text(1)),
            byteLimit: try Self.count(rows, 2, connection)))
      }
      return gaps
    }
  }

  /// Notes down what a change says of the syntax of files.
  static func setGaps(_ change: CatalogChange, _ build: BuildRecord, _ connection: SQLiteConnection) throws(Failure) {
    if change.openedGaps.isEmpty, change.closedGaps.isEmpty { return }
    let close = try connection.statement(
      "UPDATE without_syntax SET reason = '\(SyntaxGap.Reason.closed.rawValue)' WHERE build = ? AND path = ?")
    for path in change.closedGaps {
      close.bind(1, build.number)
      close.bind(2, path.bytes)
      try close.run()
    }
    let open = try connection.statement("INSERT OR REPLACE INTO without_syntax VALUES (?, ?, ?, ?)")
    for gap in change.openedGaps {
      open.bind(1, build.number)
      open.bind(2, gap.path.bytes)
      open.bind(3, gap.reason.rawValue)
      open.bind(4, gap.byteLimit)
      try open.run()
    }
  }
}
