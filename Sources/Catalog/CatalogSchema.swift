/// The tables of `catalog.sqlite`, and the marks in its header that say what it is.
enum CatalogSchema {
  /// "Carn" as a big-endian number: SQLite keeps it at byte 68 of the file, where `file` finds it too.
  static let applicationID: Int64 = 0x4361_726E
  /// Changes whenever a program of the other version could not use the tables. 1: the first.
  static let version: Int64 = 1

  /// Paths are BLOBs: a path is bytes, and BLOBs compare as bytes do. Times are nanoseconds since 1970.
  ///
  /// `files.segment` has no index: only the removal of a segment looks for its files, once for each merged segment, while an
  /// index would be paid for with every file.
  static let tables = """
    CREATE TABLE identity (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      model_name TEXT NOT NULL,
      model_hash BLOB NOT NULL CHECK (length(model_hash) = 16),
      dimensions INTEGER NOT NULL,
      chunker_version INTEGER NOT NULL,
      analyzer_version INTEGER NOT NULL,
      settings TEXT NOT NULL
    ) STRICT;
    CREATE TABLE counters (
      name TEXT PRIMARY KEY,
      next_value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE generations (
      number INTEGER PRIMARY KEY,
      committed INTEGER NOT NULL,
      is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1))
    ) STRICT;
    -- retired_files: a bit for each file of the segment, in little-endian words of 64.
    CREATE TABLE segments (
      id INTEGER PRIMARY KEY,
      file_count INTEGER NOT NULL CHECK (file_count >= 0),
      chunk_count INTEGER NOT NULL CHECK (chunk_count >= 0),
      byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
      retired_files BLOB NOT NULL CHECK (length(retired_files) = (file_count + 63) / 64 * 8)
    ) STRICT;
    CREATE TABLE files (
      path BLOB PRIMARY KEY,
      byte_count INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      changed INTEGER NOT NULL,
      inode INTEGER NOT NULL,
      content_hash BLOB NOT NULL CHECK (length(content_hash) = 16),
      segment INTEGER REFERENCES segments (id),
      number INTEGER CHECK (number >= 0),
      skip_reason TEXT,
      CHECK ((segment IS NULL) = (number IS NULL) AND (segment IS NULL) <> (skip_reason IS NULL))
    ) STRICT, WITHOUT ROWID;
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
    ) STRICT;
    -- What the newest run could not look at, and why. place: what could not be read, which may be a file that rules the path.
    CREATE TABLE unread (
      path BLOB PRIMARY KEY,
      is_directory INTEGER NOT NULL CHECK (is_directory IN (0, 1)),
      code TEXT NOT NULL,
      message TEXT NOT NULL,
      place BLOB,
      cause TEXT
    ) STRICT, WITHOUT ROWID;
    INSERT INTO counters VALUES ('segment', 1);
    """
}
