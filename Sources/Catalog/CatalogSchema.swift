/// The tables of `catalog.sqlite`, and the marks in its header that say what it is.
enum CatalogSchema {
  /// "Carn" as a big-endian number: SQLite keeps it at byte 68 of the file, where `file` finds it too.
  static let applicationID: Int64 = 0x4361_726E
  /// Changes whenever a program of the other version could not use the tables.
  ///
  /// 1: the first. 2: rows are covered by checksums, segments are known by theirs, a rebuild is staged beside what
  /// answers. 3: what the newest run left out is counted. 4: files that are cut without their syntax are listed.
  static let version: Int64 = 4

  /// Paths are BLOBs: a path is bytes, and BLOBs compare as bytes do. Times are nanoseconds since 1970. A checksum is
  /// XXH3, as a signed number; `CoveredBytes` says over what.
  ///
  /// A build is a set of files and segments. The newest generation names the live one; another one is being filled by a
  /// rebuild. `generation` is that of its newest commit, 0 for one that never answered; `retired_files` has a bit for
  /// each file of the segment, in little-endian words of 64.
  ///
  /// `files.segment` has no index, which would be paid for with every file, so SQLite does not enforce the reference:
  /// it would read the whole table for each segment that goes. A commit checks it by counts (`SegmentReferences`).
  static let tables: [(name: String, sql: String)] = [
    (
      "builds",
      """
      CREATE TABLE builds (
        number INTEGER PRIMARY KEY,
        generation INTEGER NOT NULL,
        model_name TEXT,
        model_hash BLOB CHECK (length(model_hash) = 16),
        dimensions INTEGER,
        chunker_version INTEGER,
        analyzer_version INTEGER,
        settings TEXT,
        file_count INTEGER NOT NULL CHECK (file_count >= 0),
        files_checksum INTEGER NOT NULL,
        checksum INTEGER NOT NULL
      ) STRICT
      """
    ),
    (
      "counters",
      """
      CREATE TABLE counters (
        name TEXT PRIMARY KEY,
        next_value INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """
    ),
    (
      "files",
      """
      CREATE TABLE files (
        build INTEGER NOT NULL,
        path BLOB NOT NULL,
        byte_count INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        content_hash BLOB NOT NULL CHECK (length(content_hash) = 16),
        segment INTEGER REFERENCES segments (id),
        number INTEGER CHECK (number >= 0),
        skip_reason TEXT,
        checksum INTEGER NOT NULL,
        PRIMARY KEY (build, path),
        CHECK ((segment IS NULL) = (number IS NULL) AND (segment IS NULL) <> (skip_reason IS NULL))
      ) STRICT, WITHOUT ROWID
      """
    ),
    (
      "generations",
      """
      CREATE TABLE generations (
        number INTEGER PRIMARY KEY,
        committed INTEGER NOT NULL,
        is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
        build INTEGER NOT NULL,
        checksum INTEGER NOT NULL
      ) STRICT
      """
    ),
    // What the newest run left out, by reason. Files that are known are in `files` besides.
    (
      "left_out",
      """
      CREATE TABLE left_out (
        reason TEXT PRIMARY KEY,
        file_count INTEGER NOT NULL CHECK (file_count > 0)
      ) STRICT, WITHOUT ROWID
      """
    ),
    (
      "runs",
      """
      CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        started INTEGER NOT NULL,
        finished INTEGER,
        files_seen INTEGER NOT NULL,
        files_indexed INTEGER NOT NULL,
        files_unchanged INTEGER NOT NULL,
        files_skipped INTEGER NOT NULL,
        files_removed INTEGER NOT NULL,
        failure TEXT
      ) STRICT
      """
    ),
    (
      "segments",
      """
      CREATE TABLE segments (
        id INTEGER PRIMARY KEY,
        build INTEGER NOT NULL,
        file_count INTEGER NOT NULL CHECK (file_count >= 0),
        chunk_count INTEGER NOT NULL CHECK (chunk_count >= 0),
        byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
        checksum INTEGER NOT NULL,
        retired_files BLOB NOT NULL CHECK (length(retired_files) = (file_count + 63) / 64 * 8)
      ) STRICT
      """
    ),
    // What the newest run could not read, and why. place: what could not be read, which may be a file that rules the
    // path.
    (
      "unread",
      """
      CREATE TABLE unread (
        path BLOB PRIMARY KEY,
        is_directory INTEGER NOT NULL CHECK (is_directory IN (0, 1)),
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        place BLOB,
        cause TEXT
      ) STRICT, WITHOUT ROWID
      """
    ),
    // Files of a build that are indexed without their syntax, or without that of a part. byte_limit: of memory, where
    // that ran out.
    (
      "without_syntax",
      """
      CREATE TABLE without_syntax (
        build INTEGER NOT NULL,
        path BLOB NOT NULL,
        reason TEXT NOT NULL,
        byte_limit INTEGER NOT NULL CHECK (byte_limit >= 0),
        PRIMARY KEY (build, path)
      ) STRICT, WITHOUT ROWID
      """
    ),
  ]

  /// Makes the tables.
  static let creation = tables.map(\.sql).joined(separator: ";\n")

  /// What a sound catalog says of its own tables: nothing else is in it, no view, no trigger, no index.
  static let description = tables.sorted { $0.name < $1.name }
    .map { "table|\($0.name)|\($0.name)|\($0.sql)" }.joined(separator: "\n")
  static let descriptionQuery = """
    SELECT group_concat(type || '|' || name || '|' || tbl_name || '|' || sql, char(10))
    FROM (SELECT * FROM sqlite_schema ORDER BY name)
    """
}
