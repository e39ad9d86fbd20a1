/// The tables of `embeddings.sqlite`, and the marks in its header that say what it is.
enum EmbeddingCacheSchema {
  /// "CrnE" as a big-endian number.
  static let applicationID: Int64 = 0x4372_6E45
  /// Changes whenever a program of the other version could not use the tables. 1: the first.
  static let version: Int64 = 1

  /// Rows are appended, so that the vectors of one repository lie side by side; only the small keys are in the order of
  /// their hashes. `used` is in seconds since 1970.
  static let tables = """
    CREATE TABLE models (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 16),
      dimensions INTEGER NOT NULL,
      UNIQUE (name, hash, dimensions)
    ) STRICT;
    CREATE TABLE embeddings (
      id INTEGER PRIMARY KEY,
      text BLOB NOT NULL CHECK (length(text) = 16),
      model INTEGER NOT NULL,
      used INTEGER NOT NULL,
      vector BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX embeddings_by_text ON embeddings (text, model);
    CREATE INDEX embeddings_by_use ON embeddings (used);
    CREATE TABLE counts (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      hits INTEGER NOT NULL,
      misses INTEGER NOT NULL
    ) STRICT;
    INSERT INTO counts VALUES (1, 0, 0);
    """
}
