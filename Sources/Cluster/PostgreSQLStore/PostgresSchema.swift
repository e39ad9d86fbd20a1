import PostgreSQL
import Primitives

/// The tables that all collections share, in a schema of their own, and what brings an older one up to this program's.
///
/// | table | what |
/// |---|---|
/// | `cairn.migration` | the numbers of the migrations that were made, with when |
/// | `cairn.collection` | a row for each collection: name, model, counts, the next numbers, the generation |
/// | `cairn.task`, `cairn.worker` | the queue (`TaskQueue`) |
/// | `cairn.file_N`, `chunk_N`, `posting_N`, `dead_N` | the files of collection N (`PostgresTables`) |
struct PostgresSchema {
  let connection: PostgresConnection

  /// pgvector before it searches wrongly or not at all what is asked for here: iterative scans came with 0.8.0, and
  /// 0.8.4 mends what they and half vectors gave.
  static let leastVectorVersion = [0, 8, 4]
  private static let lockKey: Int64 = 0x6361_6972_6E
  static var version: Int { migrations.count }

  /// Throws unless the server and its schema can be used as they are. One round trip where they can.
  func check() throws(Failure) {
    try checkServer()
    let isFine = try? connection.run(
      """
      SELECT (SELECT extversion FROM pg_extension WHERE extname = 'vector'),
        (SELECT max(number)::int FROM cairn.migration)
      """, isPrepared: false)
    if let isFine, !isFine.isNull(0, 0), Self.serves(isFine.text(0, 0)), isFine.int(0, 1) == Self.version { return }
    try connection.context.check()
    try checkExtension()
    guard let version = try version() else {
      throw Failure(
        .notFound, "\(connection.address) holds no index of Cairn yet; the first push makes the tables")
    }
    try check(version)
    if version < Self.version {
      throw Failure(
        .unsupportedVersion,
        "the tables at \(connection.address) are of version \(version), before this program's \(Self.version): a push "
          + "by this program brings them up to date")
    }
  }

  /// Makes the schema, or brings it up to date; one program at a time, under an advisory lock.
  func migrate() throws(Failure) {
    try checkServer()
    if let version = try version() {
      try check(version)
      if version == Self.version { return try checkExtension() }
    }
    if connection.isReplica {
      throw Failure(.storeRefused, "\(connection.address) is a replica, which takes no writes: name its primary")
    }
    try connection.transaction { () throws(Failure) in
      // Before all else: two that make the same at once fail, though each says IF NOT EXISTS.
      try connection.run("SELECT pg_advisory_xact_lock($1)", [.int8(Self.lockKey)], isPrepared: false)
      try addExtension()
      try connection.run("CREATE SCHEMA IF NOT EXISTS cairn", isPrepared: false)
      try connection.run(
        "CREATE TABLE IF NOT EXISTS cairn.migration (number int PRIMARY KEY, made timestamptz NOT NULL DEFAULT now())",
        isPrepared: false)
      let made = try connection.run("SELECT coalesce(max(number), 0) FROM cairn.migration", isPrepared: false).int(0, 0)
      try check(made)
      for number in Self.migrations.indices where number >= made {
        for statement in Self.migrations[number] { try connection.run(statement, isPrepared: false) }
        try connection.run(
          "INSERT INTO cairn.migration (number) VALUES ($1)", [.int4(Int32(number + 1))], isPrepared: false)
      }
    }
  }

  private func addExtension() throws(Failure) {
    do throws(Failure) { try connection.run("CREATE EXTENSION IF NOT EXISTS vector", isPrepared: false) } catch {
      if error.code == .storeUnavailable { throw error }
      throw Failure(
        error.code,
        "\(connection.address) does not have pgvector, or this user may not add it: install it on the server (package "
          + "postgresql-18-pgvector of apt.postgresql.org) and have an administrator run CREATE EXTENSION vector",
        cause: error.message)
    }
    try checkExtension()
  }

  /// Of the schema; nil where there is none.
  private func version() throws(Failure) -> Int? {
    let found = try connection.run("SELECT to_regclass('cairn.migration') IS NOT NULL", isPrepared: false)
    guard found.boolean(0, 0) else { return nil }
    return try connection.run("SELECT coalesce(max(number), 0)::int FROM cairn.migration", isPrepared: false).int(0, 0)
  }

  private func check(_ version: Int) throws(Failure) {
    if version <= Self.version { return }
    throw Failure(
      .unsupportedVersion,
      "the tables at \(connection.address) were made by a newer Cairn (version \(version), this program knows "
        + "\(Self.version)): use that one")
  }

  private func checkServer() throws(Failure) {
    if connection.serverVersion >= 140_000 { return }
    throw Failure(
      .unsupportedVersion,
      "\(connection.address) is PostgreSQL \(connection.serverVersion / 10_000), and 14 is the oldest that serves")
  }

  /// Whether this version of pgvector does.
  private static func serves(_ version: String) -> Bool {
    !version.split(separator: ".").map { Int($0) ?? 0 }.lexicographicallyPrecedes(leastVectorVersion)
  }

  private func checkExtension() throws(Failure) {
    let found = try connection.run("SELECT extversion FROM pg_extension WHERE extname = 'vector'", isPrepared: false)
    guard found.rowCount == 1 else {
      throw Failure(
        .unsupportedVersion,
        "the database at \(connection.address) does not have pgvector: install it on the server and run CREATE "
          + "EXTENSION vector")
    }
    let text = found.text(0, 0)
    if Self.serves(text) { return }
    throw Failure(
      .unsupportedVersion,
      "the database at \(connection.address) has pgvector \(text), and 0.8.4 is the oldest that serves: install a "
        + "newer one and run ALTER EXTENSION vector UPDATE")
  }

  /// Each is made once, in order, in the transaction that notes it. Never change one that was published.
  static let migrations: [[String]] = [
    [
      """
      CREATE TABLE cairn.collection (
        key int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE,
        model text NOT NULL, model_hash bytea NOT NULL, dimensions int NOT NULL,
        chunker int NOT NULL, analyzer int NOT NULL,
        next_file int NOT NULL DEFAULT 1, next_chunk int NOT NULL DEFAULT 1,
        file_count bigint NOT NULL DEFAULT 0, chunk_count bigint NOT NULL DEFAULT 0,
        total_length bigint NOT NULL DEFAULT 0, generation bigint NOT NULL DEFAULT 0,
        made timestamptz NOT NULL DEFAULT now())
      """
    ],
    [
      "ALTER TABLE cairn.collection ADD is_paused boolean NOT NULL DEFAULT false",
      """
      CREATE TABLE cairn.worker (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, model text NOT NULL,
        done bigint NOT NULL DEFAULT 0, began timestamptz NOT NULL DEFAULT now(),
        seen timestamptz NOT NULL DEFAULT now())
      """,
      """
      CREATE TABLE cairn.task (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        collection int NOT NULL REFERENCES cairn.collection (key) ON DELETE CASCADE,
        root bytea NOT NULL, revision text, paths bytea[] NOT NULL, hashes bytea[] NOT NULL, flags int[] NOT NULL,
        needs text NOT NULL, priority int2 NOT NULL DEFAULT 0, state int2 NOT NULL DEFAULT 0,
        attempts int2 NOT NULL DEFAULT 0, ready_at timestamptz NOT NULL DEFAULT now(),
        lease uuid, worker bigint, lease_until timestamptz, reason text,
        enqueued timestamptz NOT NULL DEFAULT now(), finished timestamptz, chunk_count int)
      """,
      // Each is as large as what it is about, however many tasks were done: claims stay as fast.
      "CREATE INDEX task_ready ON cairn.task (needs, priority DESC, id) WHERE state = 0",
      "CREATE INDEX task_leased ON cairn.task (lease_until) WHERE state = 1",
      "CREATE INDEX task_of_worker ON cairn.task (worker) WHERE state = 1",
      "CREATE INDEX task_dead ON cairn.task (collection, id) WHERE state = 3",
      "CREATE INDEX task_done ON cairn.task (collection, finished) WHERE state = 2",
    ],
    [
      // Set before the first file of a push is written, and taken back after its last.
      "ALTER TABLE cairn.collection ADD is_unfinished boolean NOT NULL DEFAULT false",
      // Of a repository that workers clone; then the root is empty.
      "ALTER TABLE cairn.task ADD address text",
      // Every search asks whether there are any.
      "CREATE INDEX task_open ON cairn.task (collection) WHERE state IN (0, 1)",
    ],
  ]
}
